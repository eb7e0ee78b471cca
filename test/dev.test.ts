import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSession } from '../src/db/index.ts';
import { type Program, type Ready, startProgram, untilReady } from './setup/program.ts';

// Each step starts programs, and other tests keep the machine busy meanwhile.
vi.setConfig({ testTimeout: 90_000 });

/** A copy of the example, so that its own folder stays as it is. */
const copyBlog = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'dev-'));
  cpSync('examples/blog', folder, { recursive: true, filter: (path) => !path.includes('.ashlar') });
  return folder;
};

/** Other tests keep the machine busy meanwhile. */
const patient = { timeout: 10_000, interval: 50 };

const getJson = async (url: string): Promise<unknown> => {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

const postgresPid = (folder: string): number =>
  Number(readFileSync(join(folder, '.ashlar/data/postmaster.pid'), 'utf8').split('\n')[0]);

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

describe('ashlar dev', () => {
  let folder: string;
  let program: Program;
  let ready: Ready;

  const migration = (name: string): string => join(folder, 'migrations', name);

  beforeAll(async () => {
    folder = copyBlog();
    program = startProgram(['dev', folder, '--port', '0', '--json']);
    ready = await untilReady(program);
  });

  afterAll(async () => {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('says in one line where everything is', () => {
    expect(Object.keys(ready)).toEqual(['url', 'rest', 'docs', 'anonKey', 'serviceKey', 'db']);
    expect(ready).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      rest: `${ready.url}/rest/v1`,
      docs: `${ready.url}/docs`,
      db: expect.stringMatching(/^postgresql:\/\/authenticator:.+@\/ashlar\?host=%2F/),
    });
    expect(program.out().trim().split('\n')).toHaveLength(1);
    expect(program.err()).toContain('applied migrations/0001_tables.sql');
    expect(program.err()).toContain('applied seed.sql');
  });

  test('keeps secrets to the owner of the files', () => {
    for (const name of ['secret.json', 'passwords.json', 'running.json'])
      expect(statSync(join(folder, '.ashlar', name)).mode & 0o777).toBe(0o600);
  });

  test('serves the API below /rest/v1, for anon and for whoever shows a key', async () => {
    const drafts = `${ready.rest}/posts?published=is.false&select=id&limit=1`;
    expect(await getJson(drafts)).toEqual({ status: 200, body: [] });
    for (const headers of [{ apikey: ready.anonKey }, { authorization: `Bearer ${ready.anonKey}` }])
      expect(await (await fetch(drafts, { headers })).json()).toEqual([]);
    for (const headers of [{ apikey: ready.serviceKey }, { authorization: `Bearer ${ready.serviceKey}` }])
      expect(await (await fetch(drafts, { headers })).json()).toHaveLength(1);
    const forged = await fetch(drafts, { headers: { apikey: `${ready.serviceKey}x` } });
    expect(forged.status).toBe(401);
  });

  test('describes the API at its root, and nothing that anon may not use', async () => {
    const response = await fetch(`${ready.rest}/`);
    expect(response.headers.get('content-type')).toBe('application/openapi+json; charset=utf-8');
    const { paths, basePath, host } = (await response.json()) as Record<string, Record<string, object>>;
    expect({ basePath, host }).toEqual({ basePath: '/rest/v1', host: new URL(ready.url).host });
    expect(paths?.['/posts']).toHaveProperty('get');
  });

  test('has a documentation page that needs nothing else and may load nothing else', async () => {
    const response = await fetch(`${ready.url}/`);
    expect(response.url).toBe(ready.docs);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'/);
    expect(policy).not.toContain('unsafe');
    const page = await response.text();
    expect(page).toContain('What the authors have written.');
    expect(page).toContain(`curl &#39;${ready.rest}/posts?select=id,title,authors(name)&amp;limit=3&#39;`);
    expect(page).toContain(ready.anonKey);
    expect(page).not.toContain(ready.serviceKey);
    expect(page).not.toMatch(/<script|<link|<img|\son\w+=|\sstyle=|@import|url\(/);
    const outside = [...page.matchAll(/(?:href|src)="([^"]*)"/g)]
      .map(([, target]) => target)
      .filter((target) => !target?.startsWith('#') && !target?.startsWith(ready.url));
    expect(outside).toEqual([]);
  });

  test('tells its health, and what is where for a path that is nothing', async () => {
    expect(await getJson(`${ready.url}/health/live`)).toEqual({ status: 200, body: { status: 'live' } });
    expect(await getJson(`${ready.url}/health/ready`)).toEqual({
      status: 200,
      body: { status: 'ready', schema: 'read', database: 'reachable' },
    });
    expect(await getJson(`${ready.url}/posts`)).toMatchObject({
      status: 404,
      body: { code: 'PGRST125', hint: expect.stringContaining('/rest/v1/') },
    });
    const head = await fetch(ready.docs, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('applies a new migration as it is saved, and drops no request that is under way', async () => {
    writeFileSync(
      migration('0005_slow.sql'),
      "create function slow() returns text language sql stable as $$ select pg_sleep(4)::text || 'done' $$;",
    );
    await program.said('applied migrations/0005_slow.sql');
    await program.said('The API has followed');
    let over = false;
    const slow = fetch(`${ready.rest}/rpc/slow`).finally(() => {
      over = true;
    });
    writeFileSync(
      migration('0006_stars.sql'),
      'create table stars (id int primary key, name text); grant select on stars to anon;\n' +
        "comment on table stars is '@open: everybody sees the stars';\n" +
        "insert into stars values (1, 'Vega');\nalter table tags add hint text;",
    );
    await expect.poll(() => fetch(`${ready.rest}/stars`).then(({ status }) => status), patient).toBe(200);
    expect(over).toBe(false);
    expect(await getJson(`${ready.rest}/stars`)).toEqual({ status: 200, body: [{ id: 1, name: 'Vega' }] });
    expect(await getJson(`${ready.rest}/tags?select=id,hint&limit=1`)).toMatchObject({ status: 200 });
    const answer = await slow;
    expect([answer.status, await answer.json()]).toEqual([200, 'done']);
    await program.said('opened anon: select stars (id, name) none → all rows');
    expect(program.err()).toContain('opened anon: select tags.hint none → all rows');
  });

  test('tells who is refused which grant is missing', async () => {
    const response = await fetch(`${ready.rest}/tags`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"name": "x"}',
    });
    expect([response.status, await response.json()]).toEqual([
      401,
      {
        code: '42501',
        details: null,
        hint: 'No grant gives anon INSERT on public.tags. A migration can: grant insert on public.tags to anon;',
        message: 'permission denied for table tags',
      },
    ]);
    const hint = async (headers: Readonly<Record<string, string>>): Promise<unknown> => {
      const body = '{"post_id": 7, "body": "Hello"}';
      const json = { 'Content-Type': 'application/json', ...headers };
      const refused = await fetch(`${ready.rest}/comments`, { method: 'POST', headers: json, body });
      return ((await refused.json()) as { hint: unknown }).hint;
    };
    expect(await hint({})).toMatch(
      /^The request has no user's token, so it runs as anon; authenticated may\. .*Only if everyone may, .*to anon;$/,
    );
    expect(await hint({ authorization: 'Token abc' })).toMatch(/^The Authorization header does not begin/);
  });

  test('shows where a migration fails, serves what was before, and goes on when it is mended', async () => {
    writeFileSync(
      migration('0007_wrong.sql'),
      'create table moons (id int);\n\ninsert into moons\nvalus (1);\n',
    );
    await program.said('The API stays as it was.');
    const said = program.err().slice(program.err().indexOf('error[42601]'));
    expect(said.split('\n').slice(0, 5).join('\n')).toBe(
      [
        'error[42601]: syntax error at or near "valus"',
        ' --> migrations/0007_wrong.sql:4:1',
        '  |',
        '4 | valus (1);',
        '  | ^',
      ].join('\n'),
    );
    expect(await getJson(`${ready.rest}/stars`)).toMatchObject({ status: 200 });
    expect(await getJson(`${ready.rest}/moons`)).toMatchObject({ status: 404, body: { code: 'PGRST205' } });
    writeFileSync(
      migration('0007_wrong.sql'),
      'create table moons (id int);\n\ninsert into moons\nvalues (1);\ngrant select on moons to anon;\n' +
        'create table silent (id int primary key); alter table silent enable row level security; grant select on silent to anon;',
    );
    await expect
      .poll(() => getJson(`${ready.rest}/moons`), patient)
      .toEqual({ status: 200, body: [{ id: 1 }] });
  });

  test('says in a line where a table is granted and shows nothing', async () => {
    await program.said('warning anon is granted public.silent, but it has no policy');
    expect(await getJson(`${ready.rest}/silent`)).toEqual({ status: 200, body: [] });
  });

  test('says loudly what is open, with what mends it, and serves it all the same', async () => {
    await program.said('error public.moons is open to anon (SELECT) and its row-level security is off');
    expect(program.err()).toContain(
      '  -- as a new migration, such as migrations/0008_….sql:\n  alter table public.moons enable row level security;\n',
    );
    expect(program.err()).not.toContain('public.stars is open');
  });

  test('refuses a migration that was edited after it had been applied', async () => {
    const before = readFileSync(migration('0006_stars.sql'), 'utf8');
    writeFileSync(migration('0006_stars.sql'), `${before}\n-- more`);
    await program.said(/0006_stars\.sql was edited after it had been applied/);
    expect(program.err()).toContain('write what you want to change as a new migration');
    await program.said(/edited after[\s\S]*The API stays as it was\.\n$/);
    expect(await getJson(`${ready.rest}/stars`)).toMatchObject({ status: 200 });
    writeFileSync(migration('0006_stars.sql'), before);
    await program.said('there is nothing new to apply');
  });

  test('lets other commands work on its database meanwhile', async () => {
    const status = startProgram(['migrate', folder, '--status', '--json']);
    expect(await status.exited).toMatchObject({ code: 0 });
    const { migrations, seed } = JSON.parse(status.out());
    expect(migrations).toHaveLength(7);
    expect(migrations[0]).toMatchObject({ name: '0001_tables.sql', state: 'applied' });
    expect(seed).toBe('applied');

    const token = startProgram([
      'token',
      folder,
      '--claims',
      '{"sub":"5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1"}',
    ]);
    await token.exited;
    for (const words of [
      ['token', folder],
      ['explain', 'GET /rest/v1/posts', folder],
    ]) {
      const nobody = startProgram([...words, '--as', 'autenticated']);
      expect(await nobody.exited).toMatchObject({ code: 1 });
      expect(nobody.out()).toBe('');
      expect(nobody.err()).toContain('There is no role "autenticated". Did you mean "authenticated"?');
    }
    const comment = await fetch(`${ready.rest}/comments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token.out().trim()}`,
        'content-type': 'application/json',
        prefer: 'return=representation',
      },
      body: '{"post_id":7,"body":"Hello"}',
    });
    expect(comment.status).toBe(201);
    expect(await comment.json()).toMatchObject([{ user_id: '5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1' }]);
  });

  test('lets requests be explained meanwhile', async () => {
    const request = 'GET /rest/v1/posts?select=title,author:authors(name)&id=eq.7';
    const explain = startProgram(['explain', request, folder]);
    expect(await explain.exited).toMatchObject({ code: 0 });
    await expect(explain.out()).toMatchFileSnapshot('golden-explain/posts.txt');

    const write = [
      'explain',
      'POST /rest/v1/comments',
      folder,
      '--as',
      'authenticated',
      '--claims',
      '{"sub":"5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1"}',
      '-d',
      '{"post_id":7,"body":"Not to stay"}',
      '-H',
      'Content-Type: application/json',
      '--analyze',
      '--json',
    ];
    const analyzed = startProgram(write);
    expect(await analyzed.exited).toMatchObject({ code: 0 });
    expect(JSON.parse(analyzed.out())).toMatchObject({
      kind: 'explained',
      ask: { verb: 'create', target: { name: 'comments' } },
      plan: { verb: 'write', write: { kind: 'insert' } },
      analyzed: expect.stringContaining('Insert on comments'),
    });
    expect(await getJson(`${ready.rest}/comments?body=eq.Not%20to%20stay`)).toEqual({
      status: 200,
      body: [],
    });

    const batch = [
      { method: 'POST', path: '/posts', body: { title: 'A', author_id: 1 } },
      { method: 'POST', path: '/comments', body: { post_id: { $ref: '0.body.id' }, body: 'Hi' } },
      {
        method: 'PATCH',
        path: '/posts/{0.body.id}',
        headers: { 'If-Match': { $ref: '0.headers.etag' } },
        body: { title: 'B' },
      },
      {
        method: 'PATCH',
        path: '/posts/{0.body.id}',
        headers: { 'Content-Type': 'application/json-patch+json' },
        body: [{ op: 'remove', path: '/body' }],
      },
      { method: 'GET', path: '/comments?post_id=eq.{0.body.id}&select=body' },
    ];
    const together = (...more: readonly string[]): Program =>
      startProgram(['explain', 'POST /rest/v1/$batch', folder, '--as', 'service_role', ...more]);
    const steps = together('-H', 'Idempotency-Key: one', '-d', JSON.stringify(batch));
    expect(await steps.exited).toMatchObject({ code: 0 });
    await expect(steps.out()).toMatchFileSnapshot('golden-explain/batch.txt');
    expect(await getJson(`${ready.rest}/posts?title=eq.A`)).toEqual({ status: 200, body: [] });

    const conditional = together(
      '-d',
      JSON.stringify([
        { method: 'GET', path: '/posts/1', headers: { 'If-Match': '"abc"' } },
        { method: 'GET', path: '/comments' },
      ]),
    );
    expect(await conditional.exited).toMatchObject({ code: 0 });
    expect(conditional.out()).toContain('Step 1');

    const misnamed = together('-d', JSON.stringify([...batch, { method: 'GET', path: '/post' }]));
    expect(await misnamed.exited).toMatchObject({ code: 1 });
    expect(misnamed.out()).toContain('Step 5 (GET /post) was refused');

    const refused = startProgram(['explain', '/rest/v1/post', folder]);
    expect(await refused.exited).toMatchObject({ code: 1 });
    expect(refused.out()).toContain('Refused with 404');
    expect(refused.out()).toContain('PGRST205');
  });

  test('says who holds the folder to a second one', async () => {
    const second = startProgram(['dev', folder, '--port', '0']);
    expect(await second.exited).toMatchObject({ code: 1 });
    expect(second.err()).toContain(`is in use by process ${program.child.pid}`);
    expect(second.err()).toContain(ready.url);
    expect(await getJson(`${ready.rest}/stars`)).toMatchObject({ status: 200 });
  });

  test('goes on when its Postgres is killed: it is back, and requests have waited for it', async () => {
    process.kill(postgresPid(folder), 'SIGKILL');
    await program.said('Postgres has ended by itself (SIGKILL)');
    expect(await getJson(`${ready.rest}/stars`)).toEqual({ status: 200, body: [{ id: 1, name: 'Vega' }] });
    await program.said('Postgres is back');
    writeFileSync(
      migration('0008_comets.sql'),
      'create view comets as select 1 as id; grant select on comets to anon; drop table silent;',
    );
    await expect.poll(() => getJson(`${ready.rest}/comets`), patient).toMatchObject({ status: 200 });
  });

  test('ends in order when it is asked to, after what is under way', async () => {
    const postgres = postgresPid(folder);
    expect(isRunning(postgres)).toBe(true);
    const slow = fetch(`${ready.rest}/rpc/slow`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    program.child.kill('SIGTERM');
    const answer = await slow;
    expect([answer.status, await answer.json()]).toEqual([200, 'done']);
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expect(isRunning(postgres)).toBe(false);
  });

  test('has the same keys and rows at the next start, a curl to paste, and a port of the database', async () => {
    const databasePort = await freePort();
    const next = startProgram(['dev', folder, '--port', '0', '--pg-port', String(databasePort)]);
    try {
      await next.said('Ctrl-C stops everything');
      expect(next.out()).toContain(ready.anonKey);
      expect(next.out()).toContain(ready.serviceKey);
      expect(next.err()).toMatch(
        /^error public\.moons is open to anon .*\n.*\n.*\n.*findings\.md#table-without-row-security\n1 error and 1 warning in .*"ashlar check" tells more\.\n$/,
      );
      const [, url] = /^ +curl '([^']+)'$/m.exec(next.out()) ?? [];
      expect(await getJson(url!)).toEqual({
        status: 200,
        body: [
          { id: 1, title: expect.any(String), authors: { name: expect.any(String) } },
          { id: 2, title: expect.any(String), authors: { name: expect.any(String) } },
          { id: 3, title: expect.any(String), authors: { name: expect.any(String) } },
        ],
      });
      const [, db] = /(postgresql:\S+)/.exec(next.out()) ?? [];
      const { hostname, port, username, password, pathname } = new URL(db!);
      expect([hostname, port, username, pathname]).toEqual([
        '127.0.0.1',
        String(databasePort),
        'authenticator',
        '/ashlar',
      ]);
      const login = { host: hostname, port: databasePort, user: username, password, database: 'ashlar' };
      const session = await openSession(login);
      expect(await session.query('select current_user as me')).toEqual([{ me: 'authenticator' }]);
      await session.close();
      const postgres = postgresPid(folder);
      next.child.kill('SIGINT');
      expect(await next.exited).toEqual({ code: 0, signal: null });
      expect(isRunning(postgres)).toBe(false);
    } finally {
      await next.stop();
    }
  });

  test('does not start on an edited migration, and leaves nothing behind', async () => {
    const before = readFileSync(migration('0006_stars.sql'), 'utf8');
    writeFileSync(migration('0006_stars.sql'), `${before}\n-- more`);
    const next = startProgram(['dev', folder, '--port', '0', '--json']);
    expect(await next.exited).toEqual({ code: 1, signal: null });
    expect(next.out()).toBe('');
    expect(next.err()).toMatch(/error: 0006_stars\.sql was edited after it had been applied/);
    expect(next.err()).toContain('ashlar migrate --baseline 0006_stars.sql');
    expect(() => postgresPid(folder)).toThrow('ENOENT');

    const baseline = startProgram(['migrate', '--baseline', '0006_stars.sql'], { cwd: folder });
    expect(await baseline.exited).toMatchObject({ code: 0 });
    expect(baseline.out()).toBe('recorded as applied: 0006_stars.sql\n');
    expect(baseline.err()).toContain('What was edited in 0006_stars.sql has not been run');
    const migrate = startProgram(['migrate'], { cwd: folder });
    expect(await migrate.exited).toMatchObject({ code: 1 });
    expect(migrate.out()).toContain('the database is up to date');
    expect(migrate.err()).toContain('public.moons is open to anon');
  });
});

describe('ashlar dev, where it cannot start,', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('says what a folder without migrations lacks', async () => {
    const program = startProgram(['dev', folder]);
    expect(await program.exited).toMatchObject({ code: 1 });
    expect(program.err()).toContain(`There are no migrations in ${folder}.`);
    expect(program.err()).toContain('ashlar new my-app');
    const nowhere = startProgram(['dev', join(folder, 'nowhere')]);
    expect(await nowhere.exited).toMatchObject({ code: 1 });
    expect(nowhere.err()).toContain('There is no folder');
  });

  test('says who has the port, and stops the database again', async () => {
    const project = join(folder, 'project');
    const made = startProgram(['new', project]);
    expect(await made.exited).toMatchObject({ code: 0 });
    const other = createServer((_, response) => response.setHeader('Server', 'other/1.0').end());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const program = startProgram(['dev', project, '--port', String(port)]);
    expect(await program.exited).toMatchObject({ code: 1 });
    expect(program.err()).toContain(
      `Port ${port} is taken. It is other/1.0 that answers there. Stop it, or choose another one with --port.`,
    );
    expect(() => postgresPid(project)).toThrow('ENOENT');
    other.close();
  });
});
