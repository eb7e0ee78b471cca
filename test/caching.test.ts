import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openTestApi, type TestApi } from './setup/api.ts';
import { createFilledDatabase } from './setup/fixture.ts';

const CONTENT = `
create table news (id int primary key, title text not null);
comment on table news is 'What is new.
@cache public, max-age=60';
create table authors (id int primary key, news_id int references news, name text);
create table mine (id int primary key, owner text not null);
comment on table mine is '@cache: public, max-age=60';
alter table mine enable row level security;
create policy own on mine using (owner = coalesce(current_setting('request.jwt.claims', true)::json ->> 'sub', 'everybody'));
create function public() returns int language plpgsql stable as $$ begin
  perform set_config('response.headers', '[{"Cache-Control": "public, max-age=5"}, {"Vary": "X-Tenant"}]', true); return 1;
end $$;
insert into news values (1, 'First'), (2, 'Second');
insert into mine values (1, 'ada'), (2, 'bo'), (3, 'everybody');
grant select, insert, update on news, authors, mine to anon, authenticated;
`;

const signedIn = (sub: string) => ({
  'x-role': 'authenticated',
  'x-claims': JSON.stringify({ sub }),
  authorization: `Bearer ${sub}`,
});

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const findNginx = (): string | undefined => {
  for (const path of ['/usr/sbin/nginx', '/usr/local/sbin/nginx', 'nginx'])
    try {
      execFileSync(path, ['-v'], { stdio: 'ignore' });
      return path;
    } catch {
      // Not there.
    }
  return undefined;
};

describe('who may keep an answer', () => {
  let api: TestApi;
  const cacheOf = async (path: string, headers = {}) => {
    const answer = await api.ask({ path, headers });
    return [answer.headers['cache-control'], answer.headers.vary];
  };
  const whoAsks = 'Accept, Accept-Profile, Authorization, apikey, Prefer, Range';
  const open = ['public, max-age=60', whoAsks];
  const plain = ['no-cache', 'Accept, Prefer, Range'];
  const closed = ['no-store', 'Accept, Prefer, Range'];

  beforeAll(async () => {
    api = await openTestApi(await createFilledDatabase('caching', CONTENT));
  });
  afterAll(() => api?.close());

  test('is as the comment of its table says, for somebody unknown', async () => {
    for (const path of ['/news', '/news/1', '/news?select=title', '/news/1?select=id'])
      expect(await cacheOf(path), path).toEqual(open);
    expect(await cacheOf('/authors')).toEqual(plain);
  });

  test('is nobody, where the caller says who they are', async () => {
    for (const path of ['/news', '/news/1', '/authors', '/news/99', '/nothing'])
      expect((await cacheOf(path, signedIn('ada')))[0], path).toBe('no-store');
    expect(await cacheOf('/news', { 'x-claims': '{"sub":"ada"}' })).toEqual(closed);
  });

  test('is nobody, where one of the tables that it is made of does not say so', async () => {
    expect(await cacheOf('/news?select=*,authors(*)')).toEqual(plain);
    expect(await cacheOf('/news/1/authors')).toEqual(plain);
  });

  test('stands in a 304 as well, and not in the answer to a write', async () => {
    const { etag } = (await api.ask('/news/1')).headers;
    const known = await api.ask({ path: '/news/1', headers: { 'if-none-match': etag } });
    expect(known).toMatchObject({ status: 304, headers: { 'cache-control': open[0], vary: open[1] } });
    const written = await api.ask({ method: 'PATCH', path: '/news/1', body: '{"title":"First"}' });
    expect(written.headers['cache-control']).toBe('no-cache');
  });

  test('is said of every answer: refusals, descriptions and batches as well', async () => {
    const asked = [
      { path: '/' },
      { path: '/nothing' },
      { path: '/news?nothing=eq.1' },
      { path: '/news', method: 'OPTIONS' },
      { path: '/$batch', method: 'OPTIONS' },
      { path: '/$batch', method: 'POST', body: '[{"method":"GET","path":"/news"}]' },
      { path: '/news/99' },
    ];
    for (const request of asked) {
      const { headers } = await api.ask(request);
      expect(headers['cache-control'], JSON.stringify(request)).toBe('no-cache');
      const known = await api.ask({ ...request, headers: signedIn('ada') });
      expect(known.headers['cache-control'], JSON.stringify(request)).toBe('no-store');
    }
  });

  test('is what a function says, with all that it depends on', async () => {
    const whoAsks = 'Accept, Accept-Profile, Authorization, apikey, Prefer, Range';
    for (const headers of [{}, signedIn('ada')])
      expect(await cacheOf('/rpc/public', headers)).toEqual(['public, max-age=5', `${whoAsks}, X-Tenant`]);
  });

  test('is as the settings say, before what comments do', async () => {
    const set = await openTestApi(await createFilledDatabase('caching', CONTENT), {
      tables: {
        cache: new Map([
          ['public.news', 'public, max-age=5'],
          ['public.authors', 'public, max-age=5'],
        ]),
        requireMatch: new Set(['public.news']),
      },
    });
    const said = async (path: string) => (await set.ask(path)).headers['cache-control'];
    expect(await said('/news')).toBe('public, max-age=5');
    expect(await said('/news?select=*,authors(*)')).toBe('public, max-age=5');
    expect(await said('/mine')).toBe('public, max-age=60');
    expect(await said('/news/1')).toBe('public, max-age=5');
    const change = { method: 'PATCH', path: '/news/1', body: '{"title":"First"}' };
    expect(await set.ask(change)).toMatchObject({ status: 428 });
    const etag = (await set.ask('/news/1')).headers.etag;
    expect(await set.ask({ ...change, headers: { 'if-match': etag } })).toMatchObject({ status: 204 });
    await set.close();
  });

  test('is not said in PostgREST mode', async () => {
    const { headers } = await api.ask('/news');
    expect(headers['cache-control']).toBeDefined();
    const old = await openTestApi(await createFilledDatabase('caching', CONTENT), { native: false });
    expect((await old.ask('/news')).headers['cache-control']).toBeUndefined();
    expect(
      (await old.ask({ path: '/news', headers: signedIn('ada') })).headers['cache-control'],
    ).toBeUndefined();
    await old.close();
  });
});

describe('an answer of many rows', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi(await createFilledDatabase('caching_tags', CONTENT));
  });
  afterAll(() => api?.close());
  const unless = (path: string, tag: string, headers = {}) =>
    api.ask({ path, headers: { 'if-none-match': tag, ...headers } });

  test('has a tag for who asks for one, and is not sent again to who has it', async () => {
    expect((await api.ask('/authors')).headers.etag).toBeUndefined();
    await api.ask({ method: 'POST', path: '/authors', body: '[{"id":1,"news_id":1},{"id":2,"news_id":1}]' });
    for (const path of [
      '/authors?order=id',
      '/authors?select=id,news(title)&order=id',
      '/news/1/authors?order=id',
    ]) {
      const first = await unless(path, '""');
      expect(first, path).toMatchObject({
        status: 200,
        headers: { etag: expect.stringMatching(/^W\/"[\w-]{24}"$/) },
      });
      const { etag } = first.headers as { etag: string };
      for (const value of [etag, `"x", ${etag}`, etag.slice(2), '*']) {
        const again = await unless(path, value);
        expect(again, `${path} ${value}`).toMatchObject({ status: 304, text: '', headers: { etag } });
        expect(again.headers['content-length']).toBeUndefined();
      }
    }
  });

  test('has another tag when it is another one: by a row, the page, the total, the type', async () => {
    const tagOf = async (path: string, headers = {}) => (await unless(path, '""', headers)).headers.etag;
    const before = await tagOf('/authors?order=id');
    await api.ask({ method: 'POST', path: '/authors', body: '{"id":3,"news_id":2}' });
    const tags = [
      before,
      await tagOf('/authors?order=id'),
      await tagOf('/authors?order=id&limit=1'),
      await tagOf('/authors?order=id&limit=1', { prefer: 'count=exact' }),
      await tagOf('/authors?order=id', { accept: 'text/csv' }),
    ];
    expect(tags).not.toContain(undefined);
    expect(new Set(tags).size).toBe(tags.length);
  });

  test('tells one who may see other rows nothing: the tag is of what they see', async () => {
    const { etag } = (await unless('/mine?order=id', '""', signedIn('ada'))).headers as { etag: string };
    const other = await unless('/mine?order=id', etag, signedIn('bo'));
    expect(other).toMatchObject({ status: 200, text: '[{"id":2,"owner":"bo"}]' });
    expect((await unless('/mine?order=id', etag, signedIn('ada'))).status).toBe(304);
  });

  test('has a tag for caches where it may be kept, and none for HEAD and writes', async () => {
    const { headers } = await api.ask('/news?order=id');
    expect(headers).toMatchObject({
      etag: expect.stringMatching(/^W\//),
      'cache-control': 'public, max-age=60',
    });
    const known = await unless('/news?order=id', headers.etag as string);
    expect(known).toMatchObject({ status: 304, headers: { 'cache-control': 'public, max-age=60' } });
    const head = await api.ask({ method: 'HEAD', path: '/news', headers: { 'if-none-match': '""' } });
    expect([head.status, head.headers.etag]).toEqual([200, undefined]);
    const write = { method: 'PATCH', path: '/news?id=eq.1', body: '{"title":"First"}' };
    const written = await api.ask({ ...write, headers: { prefer: 'return=representation' } });
    expect([written.status, written.headers.etag]).toEqual([200, undefined]);
  });

  test('has none in PostgREST mode, whatever is sent', async () => {
    const old = await openTestApi(await createFilledDatabase('caching_tags', CONTENT), { native: false });
    const answer = await old.ask({ path: '/news', headers: { 'if-none-match': '*' } });
    expect([answer.status, answer.headers.etag]).toEqual([200, undefined]);
    await old.close();
  });
});

describe('behind a cache of nginx', () => {
  const nginx = findNginx();
  let api: TestApi;
  let child: ChildProcess | undefined;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    if (nginx === undefined) return;
    api = await openTestApi(await createFilledDatabase('caching', CONTENT));
    const upstream = await api.serve();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    folder = mkdtempSync(join(tmpdir(), 'ashlar-nginx-'));
    // As such caches are often set up: answers that say nothing of it are kept, too.
    writeFileSync(
      join(folder, 'nginx.conf'),
      `${process.getuid?.() === 0 ? 'user root;\n' : ''}worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  proxy_cache_path ${folder}/cache keys_zone=api:1m;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass ${upstream};
      proxy_cache api;
      proxy_cache_revalidate on;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-Host $http_x_forwarded_host;
      add_header X-Cache $upstream_cache_status always;
    }
    location ~ ^/(mine|authors) {
      proxy_pass ${upstream};
      proxy_cache api;
      proxy_cache_valid any 1m;
      add_header X-Cache $upstream_cache_status always;
    }
  }
}
`,
    );
    child = spawn(
      nginx,
      ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'],
      { stdio: 'ignore' },
    );
    await vi.waitFor(async () => expect((await fetch(`${url}/news`)).status).toBe(200), { timeout: 10_000 });
  });
  afterAll(async () => {
    if (child !== undefined) {
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
    await api?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, { headers });
    return { cache: response.headers.get('x-cache'), text: await response.text(), status: response.status };
  };

  test.runIf(nginx !== undefined)('a public table is served from it', async () => {
    await get('/news/2?select=title');
    expect(await get('/news/2?select=title')).toEqual({
      cache: 'HIT',
      text: '{"title":"Second"}',
      status: 200,
    });
    // It is the copy that answers: the row has changed meanwhile.
    await api.ask({ method: 'PATCH', path: '/news/2', body: '{"title":"Changed"}' });
    expect(await get('/news/2?select=title')).toMatchObject({ cache: 'HIT', text: '{"title":"Second"}' });
  });

  test.runIf(nginx !== undefined)('who signs in gets their own answer, and leaves none behind', async () => {
    await get('/mine?select=id');
    expect((await get('/mine?select=id')).text).toBe('[{"id":3}]');
    for (const [sub, text] of [
      ['ada', '[{"id":1}]'],
      ['bo', '[{"id":2}]'],
      ['ada', '[{"id":1}]'],
    ] as const)
      for (let again = 0; again < 2; again++) {
        const answer = await get('/mine?select=id', signedIn(sub));
        expect(answer, sub).toMatchObject({ text });
        expect(answer.cache, sub).not.toBe('HIT');
      }
    expect((await get('/mine?select=id')).text).toBe('[{"id":3}]');
    for (const [sub, status] of [
      ['ada', 200],
      ['bo', 404],
    ] as const)
      expect(await get('/mine/1', signedIn(sub))).toMatchObject({ status });
  });

  test.runIf(nginx !== undefined)('what no table says may be kept is asked for each time', async () => {
    for (const path of ['/authors', '/authors/99'])
      for (let again = 0; again < 2; again++) expect((await get(path)).cache, path).not.toBe('HIT');
  });

  test.runIf(nginx !== undefined)('forged headers poison nothing', async () => {
    const forged = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      'x-forwarded-prefix': '/evil',
      'x-original-url': '/evil',
      'x-rewrite-url': '/evil',
      forwarded: 'host=evil.example',
    };
    await get('/news/1?select=id,title', forged);
    const kept = await fetch(`${url}/news/1?select=id,title`);
    expect(kept.headers.get('x-cache')).toBe('HIT');
    expect(`${JSON.stringify([...kept.headers])}${await kept.text()}`).not.toContain('evil');
  });

  if (nginx === undefined) test('is not tested without nginx', (context) => context.skip('no nginx'));
});
