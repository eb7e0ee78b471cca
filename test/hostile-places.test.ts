import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen, serverLimits } from '../src/app/index.ts';
import { openSession, type Session } from '../src/db/index.ts';
import { encoded, headerValue, quoted, TEXTS, UNHOLDABLE } from './hostile/corpus.ts';
import { sendRaw } from './hostile/raw-request.ts';
import type { TestRequest, TestResponse } from './setup/api.ts';
import { type Fixture, openFixture } from './setup/fixture.ts';

const TRIED = { prefer: 'tx=rollback, return=representation' };

let fixture: Fixture;
let session: Session;
let before: string;

/** All rows there are, and how many tables, columns and functions, in short. */
const fingerprint = async (): Promise<string> => {
  const [row] = await session.query(
    `select (select md5(string_agg(t::text, '|' order by t.id)) from targets t) as targets,
            (select md5(string_agg(p::text, '|' order by p.id)) from parts p) as parts,
            (select count(*) from pg_class) as classes, (select count(*) from pg_attribute) as columns,
            (select count(*) from pg_proc) as routines`,
  );
  return JSON.stringify(row);
};

beforeAll(async () => {
  fixture = await openFixture('hostile', { explain: true, schemas: ['public', 'other'] });
  session = await openSession(fixture.database.owner);
  before = await fingerprint();
});

afterAll(async () => {
  await session?.close();
  // It also fails if an error was ours.
  await fixture?.api.close();
});

const show = (request: TestRequest, { status, text }: TestResponse): string =>
  [
    `${request.method ?? 'GET'} ${request.path.slice(0, 300)}`,
    JSON.stringify(request.headers ?? {}).slice(0, 200),
    String(request.body ?? '').slice(0, 200),
    `${status} ${text.slice(0, 300)}`,
  ].join('\n');

/** Asks, and waits five seconds at most: for an answer, or an error of the client's with a code. */
const expectClean = async (request: TestRequest): Promise<TestResponse> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer: ${JSON.stringify(request).slice(0, 300)}`)), 5_000);
  });
  const response = await Promise.race([fixture.api.ask(request), late]).finally(() => clearTimeout(timer));
  // Where a limit of Postgres' own is met it says so, which is 500 as in PostgREST.
  if (response.status >= 500 && !response.text.startsWith('{"code":"54'))
    expect.fail(show(request, response));
  if (response.status >= 400 && request.method !== 'HEAD') {
    const told = response.json() as { code?: unknown; message?: unknown };
    if (typeof told.code !== 'string' || typeof told.message !== 'string')
      expect.fail(show(request, response));
  }
  return response;
};

const post = (path: string, body: string, type = 'application/json', headers = {}): TestRequest => ({
  method: 'POST',
  path,
  body,
  headers: { 'content-type': type, ...TRIED, ...headers },
});

const JSON_TEXT = (text: string): string => JSON.stringify(text);

const OPERATORS = [
  ...['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike', 'match', 'imatch', 'isdistinct', 'is', 'in'],
  ...['cs', 'cd', 'ov', 'sl', 'sr', 'nxr', 'nxl', 'adj', 'fts', 'plfts', 'phfts', 'wfts', 'fts(english)'],
  ...['eq(any)', 'like(all)', 'not.eq', 'not.in', 'not.is', 'not.fts', 'nonsense'],
];

const COLUMNS = [
  'label',
  'data',
  'tags',
  'span',
  'search',
  'number',
  'moment',
  'flag',
  'data->a',
  'data->>a',
];

/** Each place of the language that a text can stand in. `text` is as it is, `e` encoded, `q` quoted and encoded. */
const places: Record<string, (text: string, e: string, q: string) => readonly TestRequest[]> = {
  'a path': (_, e) => [
    { path: `/${e}` },
    { path: `/rpc/${e}` },
    { path: `/targets/${e}` },
    { path: `/rpc/${e}/${e}` },
    { path: `/${e}`, method: 'OPTIONS' },
    { path: `/rpc/${e}`, method: 'OPTIONS' },
    { path: `/${e}`, method: 'HEAD' },
    post(`/${e}`, '{"id":9}'),
    post(`/rpc/${e}`, '{}'),
    { path: `/${e}?id=eq.1`, method: 'DELETE', headers: TRIED },
  ],
  'a path as it is': (text) =>
    /^[\u0021-\u007e]*$/.test(text) ? [{ path: `/${text}` }, { path: text }] : [],
  select: (_, e, q) =>
    [e, q].flatMap((name) => [
      { path: `/targets?select=${name}` },
      { path: `/targets?select=id,${name}:id` },
      { path: `/targets?select=id::${name}` },
      { path: `/targets?select=data->${name}` },
      { path: `/targets?select=data->>${name}` },
      { path: `/targets?select=x:data->a->${name}::text` },
      { path: `/targets?select=${name}.sum()` },
      { path: `/targets?select=id.${name}()` },
      { path: `/targets?select=id.sum()::${name}` },
      { path: `/targets?select=id,${name}(*)` },
      { path: `/targets?select=id,...${name}(*)` },
      { path: `/targets?select=id,parts!${name}(*)` },
      { path: `/targets?select=id,parts!inner!${name}(*)` },
      { path: `/targets?select=id,${name}:parts(id)&${name}.id=eq.1&${name}.order=id&${name}.limit=1` },
      { path: `/targets?select=id,parts(${name})` },
      { path: `/targets?select=${name}:id`, headers: { accept: 'text/csv' } },
      { path: `/targets?select=${name}:label`, headers: { accept: 'application/vnd.pgrst.object+json' } },
    ]),
  order: (_, e, q) =>
    [e, q].flatMap((name) => [
      { path: `/targets?order=${name}` },
      { path: `/targets?order=id.${name}` },
      { path: `/targets?order=data->>${name}.desc` },
      { path: `/targets?order=${name}(id)` },
      { path: `/parts?select=*,targets(*)&order=targets(${name})` },
      { path: `/targets?${name}.order=id` },
    ]),
  'the name of a filter': (_, e, q) =>
    [e, q].flatMap((name) => [
      { path: `/targets?${name}=eq.1` },
      { path: `/targets?${name}` },
      { path: `/targets?${name}.id=eq.1` },
      { path: `/targets?data->>${name}=eq.1` },
      { path: `/targets?and=(${name}.eq.1)` },
      { path: `/targets?or=(id.eq.1,data->${name}.eq.1)` },
      { path: `/targets?${name}.or=(id.eq.1)` },
      { path: `/targets?${name}.limit=1` },
    ]),
  'the value of a filter': (text, e, q) =>
    OPERATORS.flatMap((operator, i) => {
      const column = COLUMNS[(i + text.length) % COLUMNS.length];
      return [
        { path: `/targets?label=${operator}.${e}` },
        i % 2 === 0
          ? { path: `/targets?and=(label.${operator}.${q},${column}.${operator}.${e})` }
          : { path: `/targets?${column}=${operator}.${e}` },
      ];
    }),
  'a list': (_, e, q) => [
    { path: `/targets?label=in.(${e})` },
    { path: `/targets?label=in.(${q},${q})` },
    { path: `/targets?label=in.(a,${q})` },
    { path: `/targets?label=eq(any).{${e}}` },
    { path: `/targets?label=eq(any).{${q}}` },
    { path: `/targets?tags=cs.{${e}}` },
    { path: `/targets?tags=ov.{${q}}` },
    { path: `/targets?or=(label.in.(${q}),tags.cs.{${e}})` },
    { path: `/targets?label=fts(${e}).word` },
    { path: `/targets?label=eq(${e}).word` },
  ],
  'a number': (_, e) => [
    { path: `/targets?limit=${e}` },
    { path: `/targets?offset=${e}` },
    { path: `/targets?id=eq.${e}` },
    { path: `/targets?select=*,parts(*)&parts.limit=${e}` },
    { path: `/targets?select=data->${e}` },
  ],
  'what a write names': (_, e, q) =>
    [e, q].flatMap((name) => [
      post(`/targets?columns=${name}`, '{"id":9}'),
      post(`/targets?columns=id,${name}`, '[{"id":9}]'),
      post(`/targets?on_conflict=${name}`, '{"id":1}', 'application/json', {
        prefer: 'resolution=merge-duplicates, tx=rollback',
      }),
      { ...post(`/targets?${name}=eq.1`, '{"label":"x"}'), method: 'PATCH' },
      { ...post(`/targets?${name}=eq.1`, '{"id":1}'), method: 'PUT' },
      { method: 'DELETE', path: `/targets?${name}=eq.1`, headers: TRIED },
    ]),
  'a body of JSON': (text) => [
    post('/targets', `{"id":9,${JSON_TEXT(text)}:1}`),
    post('/targets', `[{"id":9,${JSON_TEXT(text)}:1},{"id":8,${JSON_TEXT(text)}:2}]`),
    post('/targets', `{"id":9,"label":${JSON_TEXT(text)}}`),
    post('/targets', `{"id":${JSON_TEXT(text)}}`),
    post('/targets', `{"id":9,"data":{${JSON_TEXT(text)}:${JSON_TEXT(text)}}}`),
    post('/targets', `{"id":9,"tags":[${JSON_TEXT(text)}]}`),
    post('/targets', `{"id":9,"span":${JSON_TEXT(text)}}`),
    post('/targets?columns=id,label', `{"id":9,"label":${JSON_TEXT(text)}}`),
    { ...post('/targets?id=eq.1', `{"label":${JSON_TEXT(text)}}`), method: 'PATCH' },
    post('/targets', text),
    post('/targets', `[${text}]`),
    post('/targets', `{"id":9,"label":"${text}"}`),
    post('/rpc/echo', `{"label":${JSON_TEXT(text)}}`),
    post('/rpc/echo', `{${JSON_TEXT(text)}:1}`),
    post('/rpc/echo_all', `{"labels":[${JSON_TEXT(text)}]}`),
    post('/rpc/echo_json', JSON_TEXT(text)),
    post('/rpc/echo_json', text),
  ],
  'another body': (text, e) => [
    post('/targets', `id,label\n9,"${text.replaceAll('"', '""')}"\n`, 'text/csv'),
    post('/targets', `id,label\n9,${text}\n`, 'text/csv'),
    post('/targets', `id,"${text.replaceAll('"', '""')}"\n9,x\n`, 'text/csv'),
    post('/targets', text, 'text/csv'),
    post('/targets', `id=9&label=${e}`, 'application/x-www-form-urlencoded'),
    post('/targets', `id=9&${e}=x`, 'application/x-www-form-urlencoded'),
    post('/targets', text, 'application/x-www-form-urlencoded'),
    post('/rpc/echo', `label=${e}`, 'application/x-www-form-urlencoded'),
    post('/rpc/echo', `${e}=1`, 'application/x-www-form-urlencoded'),
    post('/rpc/echo_all', `labels=${e}&labels=${e}`, 'application/x-www-form-urlencoded'),
    post('/rpc/echo_text', text, 'text/plain'),
    post('/rpc/echo_bytes', text, 'application/octet-stream'),
  ],
  'an argument in the URL': (_, e, q) => [
    { path: `/rpc/echo?label=${e}` },
    { path: `/rpc/echo?${e}=1` },
    { path: `/rpc/echo?${q}=1` },
    { path: `/rpc/echo?label=x&${e}=eq.1` },
    { path: `/rpc/echo_all?labels=${e}&labels=${e}` },
    { path: `/rpc/echo_all?labels={${e}}` },
    { path: `/rpc/all_targets?label=eq.${e}&select=${e}` },
  ],
  'a header': (text) => {
    const value = headerValue(text.toWellFormed());
    return [
      { path: '/targets', headers: { prefer: value } },
      { path: '/targets', headers: { prefer: `handling=strict, ${value}` } },
      { path: '/targets', headers: { prefer: `count=${value}` } },
      { path: '/targets', headers: { prefer: `timezone=${value}` } },
      { path: '/targets', headers: { prefer: `handling=strict, timezone=${value}` } },
      post('/targets', '{"id":9}', 'application/json', { prefer: `${value}, tx=rollback` }),
      post('/targets', '{"id":9}', 'application/json', { prefer: `max-affected=${value}, tx=rollback` }),
      { path: '/targets', headers: { range: value } },
      { path: '/targets', headers: { range: `${value}-${value}`, 'range-unit': 'items' } },
      { path: '/targets', headers: { accept: value } },
      { path: '/targets', headers: { accept: `application/json;${value}` } },
      {
        path: '/targets',
        headers: { accept: `application/vnd.pgrst.plan+json; for="${value}"; options=${value}` },
      },
      { path: '/targets', headers: { 'accept-profile': value } },
      post('/targets', '{"id":9}', 'application/json', { 'content-profile': value }),
      post('/targets', '{"id":9}', value),
      post('/rpc/echo', '{"label":"x"}', value),
      { path: '/rpc/headers_seen', headers: { cookie: value, 'x-odd': value, 'user-agent': value } },
      { path: '/rpc/headers_seen', headers: { cookie: `${value}=${value}; a=${value}` } },
    ];
  },
};

describe.each(Object.entries(places))('in the place of %s', (_, place) => {
  test.each([...TEXTS, ...UNHOLDABLE, ''].map((text) => [text]))(
    '%j has an answer, or is refused',
    async (text) => {
      const written = text.isWellFormed() ? text : text.toWellFormed();
      await Promise.all(place(text, encoded(text), encoded(quoted(written))).map(expectClean));
    },
  );

  test('100 kB of it have an answer, or are refused', async () => {
    for (const letter of ['x', '"', '(', '日']) {
      const text = letter.repeat(100_000 / Buffer.byteLength(letter));
      // Postgres takes minutes to read a regular expression of that length; a server lets none in (`MAX_HEAD`).
      const requests = place(text, encoded(text), encoded(quoted(text)));
      await Promise.all(requests.filter(({ path }) => !/match\./.test(path)).map(expectClean));
    }
  }, 60_000);
});

describe('a value', () => {
  /** In the URL of a call it would be a filter on what the function returns. */
  const isFilter = (text: string): boolean => /^(?:not\.)?(?:eq|is|in)\./.test(text);
  const VALUES = [...TEXTS, '', 'x'.repeat(100_000)];

  test('comes back as it was sent, by whatever way it is sent', async () => {
    for (const value of VALUES) {
      const e = encodeURIComponent(value);
      const ask = async (request: TestRequest): Promise<unknown> => {
        const response = await expectClean(request);
        return response.status < 300 ? response.json() : response.text;
      };
      const ways: readonly (readonly [TestRequest, unknown])[] = [
        [post('/rpc/echo', JSON.stringify({ label: value })), value],
        [post('/rpc/echo', `label=${e}`, 'application/x-www-form-urlencoded'), value],
        [post('/rpc/echo_json', JSON.stringify({ [value]: [value] })), { [value]: [value] }],
        [post('/rpc/echo_all', JSON.stringify({ labels: [value, value] })), [value, value]],
        [
          post('/rpc/echo_all', `labels=${e}&labels=${e}`, 'application/x-www-form-urlencoded'),
          [value, value],
        ],
        ...(isFilter(value)
          ? []
          : [[{ path: `/rpc/echo_all?labels=${e}&labels=${e}` }, [value, value]] as const]),
      ];
      for (const [request, expected] of ways)
        expect(
          await ask(request),
          show(request, { status: 0, headers: {}, text: '', json: () => '' }),
        ).toEqual(expected);
      const raw = await expectClean(post('/rpc/echo_text', value, 'text/plain'));
      expect(raw.json()).toBe(value);
    }
  });
});

describe('over a socket', () => {
  const head = (request: string): string => `${request}\r\nHost: a\r\nConnection: close\r\n`;

  /** The status of the answer, if there is one. What meets a limit of Postgres' own is 500, as in PostgREST. */
  const statusOf = async (request: string | Buffer): Promise<number | undefined> => {
    const answer = await sendRaw(await fixture.api.serve(), request);
    if (answer.includes('"code":"54')) return 400;
    const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
    return status === undefined ? undefined : Number(status);
  };

  test.each([
    ['a path that is too long', head(`GET /${'x'.repeat(100_000)} HTTP/1.1`)],
    ['a query that is too long', head(`GET /targets?label=eq.${'x'.repeat(100_000)} HTTP/1.1`)],
    ['a header that is too long', `${head('GET /targets HTTP/1.1')}Prefer: ${'x'.repeat(100_000)}\r\n`],
    ['an absolute address', head('GET http://other/targets HTTP/1.1')],
    ['a star', head('OPTIONS * HTTP/1.1')],
    ['an empty path', head('GET ? HTTP/1.1')],
    ['dots', head('GET /../../etc/passwd HTTP/1.1')],
    ['double slashes', head('GET //targets HTTP/1.1')],
    ['bytes that are no UTF-8 in the path', head('GET /\xff\xfe HTTP/1.1')],
    ['bytes that are no UTF-8 in the query', head('GET /targets?label=eq.\xff\xfe HTTP/1.1')],
    ['bytes that are no UTF-8, encoded', head('GET /targets?label=eq.%ff%fe&select=%ff HTTP/1.1')],
    ['bytes that are no UTF-8 in a header', `${head('GET /targets HTTP/1.1')}Accept-Profile: \xff\xfe\r\n`],
    ['a NUL in a header', `${head('GET /targets HTTP/1.1')}Prefer: a\0b\r\n`],
    ['a folded header', `${head('GET /targets HTTP/1.1')}Prefer: a\r\n b\r\n`],
    ['a header without a name', `${head('GET /targets HTTP/1.1')}: x\r\n`],
    ['an unknown method', head('BREW /targets HTTP/1.1')],
    ['a method without a meaning here', head('LOCK /targets HTTP/1.1')],
    ['two lengths', `${head('POST /targets HTTP/1.1')}Content-Length: 1\r\nContent-Length: 2\r\n`],
    [
      'a length and chunks',
      `${head('POST /targets HTTP/1.1')}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n`,
    ],
    ['a length that is none', `${head('POST /targets HTTP/1.1')}Content-Length: x\r\n`],
    ['a wish that cannot be met', `${head('GET /targets HTTP/1.1')}Expect: magic\r\n`],
    ['no version', 'GET /targets\r\n'],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s is answered, refused or cut off', async (_, request) => {
    const status = await statusOf(Buffer.from(`${request}\r\n`, 'latin1'));
    expect(status === undefined || (status >= 200 && status < 500)).toBe(true);
    expect(await statusOf(`${head('GET /targets?id=eq.1 HTTP/1.1')}\r\n`)).toBe(200);
  });

  const sendBody = (body: Buffer, type = 'application/json', path = '/targets') =>
    statusOf(
      Buffer.concat([
        Buffer.from(
          `${head(`POST ${path} HTTP/1.1`)}Content-Type: ${type}\r\nPrefer: tx=rollback\r\nContent-Length: ${body.length}\r\n\r\n`,
        ),
        body,
      ]),
    );

  test.each([
    ['JSON that is no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['JSON in UTF-16', Buffer.from('\ufeff{"id":9}', 'utf16le')],
    ['JSON with a mark of the byte order', Buffer.from('\ufeff{"id":9}')],
    ['JSON with a NUL', Buffer.from('{"id":9,"label":"a\0b"}')],
    ['JSON with an escaped NUL', Buffer.from('{"id":9,"label":"a\\u0000b"}')],
    ['JSON with half of a character', Buffer.from('{"id":9,"label":"\\ud800"}')],
    ['JSON that is cut off', Buffer.from('{"id":9,"label":"')],
    ['JSON with a key twice', Buffer.from('{"id":9,"id":8}')],
    ['JSON with a key of objects', Buffer.from('{"id":9,"__proto__":{"label":"x"},"constructor":1}')],
    ['JSON with a large number', Buffer.from('{"id":1e999999}')],
    ['JSON with a long number', Buffer.from(`{"id":9,"number":${'9'.repeat(100_000)}}`)],
    ['JSON that nests deep', Buffer.from(`{"id":9,"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)],
    ['JSON that nests deep and is cut off', Buffer.from('['.repeat(1_000_000))],
    ['JSON of much nothing', Buffer.from(`[${'{},'.repeat(100_000)}{}]`)],
    ['CSV that is no UTF-8', Buffer.from([0x69, 0x64, 0x0a, 0xff, 0x0a]), 'text/csv'],
    ['CSV with a quote that does not end', Buffer.from('id,label\n9,"x'), 'text/csv'],
    ['CSV with lines of different lengths', Buffer.from('id,label\n9\n8,a,b\n'), 'text/csv'],
    ['CSV with a column twice', Buffer.from('id,id\n9,8\n'), 'text/csv'],
    ['CSV of prototypes', Buffer.from('__proto__,constructor\n9,8\n'), 'text/csv'],
    ['a form that is no UTF-8', Buffer.from([0x69, 0x64, 0x3d, 0xff]), 'application/x-www-form-urlencoded'],
    ['a form of prototypes', Buffer.from('__proto__=1&constructor=2'), 'application/x-www-form-urlencoded'],
    ['text that is no UTF-8', Buffer.from([0xff, 0xfe]), 'text/plain', '/rpc/echo_text'],
    ['bytes', Buffer.from([0, 0xff, 0xfe]), 'application/octet-stream', '/rpc/echo_bytes'],
    [
      'an argument that is no UTF-8',
      Buffer.from([0x6c, 0x3d, 0xff]),
      'application/x-www-form-urlencoded',
      '/rpc/echo',
    ],
    [
      'deep JSON for a function',
      Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)),
      'application/json',
      '/rpc/echo_json',
    ],
  ])('a body of %s is answered or refused', async (_, body, type?: string, path?: string) => {
    const status = await sendBody(body, type, path);
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
  });

  test('a body that is too long is refused, however it comes', async () => {
    const server = await listen({
      host: '127.0.0.1',
      port: 0,
      routes: [fixture.api.api.route],
      cors: { origins: [] },
      limits: { ...serverLimits, body: 1_000 },
      traceHeader: undefined,
      agent: 'Ashlar',
      onInternalError: (error) => expect.fail(String(error)),
    });
    const url = `http://127.0.0.1:${server.port}/targets`;
    const send = (body: string | ReadableStream) =>
      fetch(url, { method: 'POST', body, headers: TRIED, duplex: 'half' } as RequestInit);
    for (const body of ['x'.repeat(1_001), 'x'.repeat(5_000_000), new Blob(['x'.repeat(2_000)]).stream()]) {
      const response = await send(body);
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'ASH413', details: 'The limit is 1000 bytes.' });
    }
    expect((await fetch(url)).status).toBe(200);
    await server.close(100);
  });

  test('a request that stops in the middle is given up without harm', async () => {
    const cut = `${head('POST /targets HTTP/1.1')}Content-Length: 100\r\n\r\n{"id":`;
    await statusOf(cut);
    expect(await statusOf(`${head('GET /targets?id=eq.1 HTTP/1.1')}\r\n`)).toBe(200);
  });
});

describe('after all that', () => {
  test('nothing has changed', async () => {
    expect(await fingerprint()).toBe(before);
  });

  test('nothing is left running, and requests are answered', async () => {
    expect(fixture.api.pool.stats).toMatchObject({ inFlight: 0, waiting: 0 });
    expect((await expectClean({ path: '/targets?select=id&id=eq.1' })).json()).toEqual([{ id: 1 }]);
    const written = await expectClean(post('/targets?select=id', '{"id":77}'));
    expect(written.json()).toEqual([{ id: 77 }]);
    expect(Object.keys({})).toEqual([]);
  });
});
