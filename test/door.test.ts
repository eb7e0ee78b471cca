import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SettingValues } from '../src/app/settings/settings.ts';
import { openSession, type Session } from '../src/db/index.ts';
import type { TestDatabase } from './setup/database.ts';
import { createFilledDatabase } from './setup/fixture.ts';

const MB = 1024 * 1024;

let database: TestDatabase;
let session: Session;

beforeAll(async () => {
  const content = readFileSync(new URL('./fixtures/door.sql', import.meta.url), 'utf8');
  database = await createFilledDatabase('door', content);
  session = await openSession(database.owner);
});

afterAll(async () => {
  await session?.close();
  await database?.drop();
});

/** A server of its own, as `ashlar start` has it. */
type Server = {
  readonly url: string;
  readonly port: number;
  /** Bytes of memory it takes. */
  readonly ask: (what: 'measure' | 'most') => Promise<number>;
  /** Stops it, and gives what it has logged of errors that were its own. */
  readonly stop: () => Promise<string>;
};

const servers = new Set<ChildProcess>();

const serve = async (values: Partial<SettingValues> = {}): Promise<Server> => {
  const script = new URL('./door/serve-project.ts', import.meta.url);
  const child = fork(script, [JSON.stringify({ connect: database.server, values })], {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  servers.add(child);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const spoken = new Promise<void>((resolve) => child.stderr?.once('end', () => resolve()));
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      servers.delete(child);
      void spoken.then(resolve);
    }),
  );
  const hear = (): Promise<number> =>
    new Promise((resolve, reject) => {
      child.once('message', (message) => resolve(message as number));
      void ended.then(() => reject(new Error(`The server has ended. ${errors}`)));
    });
  const port = await hear();
  return {
    port,
    url: `http://127.0.0.1:${port}/rest/v1`,
    ask: (what) => {
      const heard = hear();
      child.send(what);
      return heard;
    },
    stop: async () => {
      child.disconnect();
      await ended;
      return errors;
    },
  };
};

const sockets = new Set<Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
});

afterAll(() => {
  for (const child of servers) child.kill('SIGKILL');
});

/** A connection, and what has come on it. Errors are part of what is tried. */
const dial = (port: number) => {
  const socket = connect(port, '127.0.0.1');
  sockets.add(socket);
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    if (heard.length < MB) heard += text;
  });
  socket.on('error', () => {});
  const opened = new Promise<void>((resolve) => {
    socket.once('connect', resolve);
    socket.once('close', resolve);
  });
  const closed = new Promise<void>((resolve) =>
    socket.once('close', () => {
      sockets.delete(socket);
      resolve();
    }),
  );
  return { socket, heard: () => heard, opened, closed };
};

/** What is answered to these bytes until the server closes the connection. */
const say = async (port: number, bytes: Buffer): Promise<string> => {
  const { socket, heard, closed } = dial(port);
  socket.write(bytes);
  await Promise.race([closed, sleep(8_000)]);
  return heard();
};

const open = (address: string, headers: { readonly [name: string]: string } = {}) =>
  new Promise<{ request: ClientRequest; response: IncomingMessage }>((resolve, reject) => {
    const request = get(address, { headers, agent: false }, (response) => resolve({ request, response }));
    request.once('error', reject);
  });

/** All that could have been changed. */
const fingerprint = async (): Promise<unknown> =>
  session.query(
    'select (select json_agg(p order by p.id) from posts p) as posts, (select count(*) from comments) as comments',
  );

/** How many statements of the server are under way. */
const busy = async (): Promise<number> =>
  (
    await session.query(
      `select from pg_stat_activity
       where datname = current_database() and state <> 'idle' and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )
  ).length;

const isHealthy = async ({ url, port }: Server): Promise<void> => {
  const read = await fetch(`${url}/posts?id=eq.1&select=title`);
  expect([read.status, await read.json()]).toEqual([200, [{ title: 'One' }]]);
  const written = await fetch(`${url}/posts?id=eq.1`, {
    method: 'PATCH',
    headers: { prefer: 'tx=rollback, return=representation', 'content-type': 'application/json' },
    body: '{"title":"Changed"}',
  });
  expect([written.status, await written.json()]).toMatchObject([200, [{ title: 'Changed' }]]);
  expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
};

const head = (line: string, ...more: readonly string[]): string =>
  `${[`${line.replace(' /', ' /rest/v1/')} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...more].join('\r\n')}\r\n\r\n`;

const json = 'Content-Type: application/json';
const post = (path: string, body: string | Buffer, ...more: readonly string[]): Buffer =>
  Buffer.concat([
    Buffer.from(
      head(
        `POST /${path}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        ...(more.length === 0 ? [json] : more),
      ),
      'latin1',
    ),
    Buffer.from(body),
  ]);
const ask = (line: string, ...more: readonly string[]): Buffer => Buffer.from(head(line, ...more), 'latin1');
const raw = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('bad input is refused with a status and a code, changes nothing, and the server is well', () => {
  let server: Server;
  let before: unknown;
  beforeAll(async () => {
    server = await serve({ headTimeout: 1, bodyTimeout: 1 });
    before = await fingerprint();
  });
  afterAll(async () => {
    expect(await server.stop()).toBe('');
  });

  const deep = (levels: number): string => `{"title":"x","about":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  test.each<readonly [what: string, bytes: Buffer, status: number, code: string]>([
    ['broken JSON', post('posts', '{"title":'), 400, 'PGRST102'],
    ['JSON with a comma too many', post('posts', '{"title":"x",}'), 400, 'PGRST102'],
    ['no JSON at all', post('posts', ''), 400, 'PGRST102'],
    ['rows of different keys', post('posts', '[{"title":"x"},{"id":1}]'), 400, 'PGRST102'],
    ['a body of five megabytes', post('posts', `{"title":"${'x'.repeat(5 * MB)}"}`), 413, 'ASH413'],
    [
      'CSV of eleven megabytes',
      post('posts', `title\n${'x\n'.repeat(5.5 * MB)}`, 'Content-Type: text/csv'),
      413,
      'ASH413',
    ],
    [
      'a body of five megabytes for a function',
      post('rpc/doze', `{"seconds":${'0'.repeat(5 * MB)}}`),
      413,
      'ASH413',
    ],
    ['JSON that nests 10,000 levels deep', post('posts', deep(10_000)), 400, 'PGRST102'],
    ['JSON that nests 101 levels deep', post('posts', deep(100)), 400, 'PGRST102'],
    ['deep JSON whose columns are named', post('posts?columns=title', deep(10_000)), 400, 'PGRST102'],
    ['deep JSON that never closes', post('posts', '['.repeat(500_000)), 400, 'PGRST102'],
    ['NUL in a body', post('posts', '{"title":"a\\u0000b"}'), 400, '22P05'],
    ['a NUL byte in a body', post('posts', '{"title":"a\0b"}'), 400, 'PGRST102'],
    ['a body that is no UTF-8', post('posts', Buffer.from('{"title":"\xff"}', 'latin1')), 400, 'PGRST102'],
    ['CSV that ends in a quote', post('posts', 'title\n"x', 'Content-Type: text/csv'), 400, 'PGRST102'],
    ['NUL in a filter', ask('GET /posts?title=eq.%00'), 400, '22021'],
    ['bytes in a filter that are no UTF-8', ask('GET /posts?title=eq.%ff%fe'), 400, 'PGRST100'],
    ['bytes in a filter that are half a character', ask('DELETE /posts?title=eq.%C3'), 400, 'PGRST100'],
    ['a percent sign that encodes nothing', ask('DELETE /posts?title=eq.%zz'), 400, 'PGRST100'],
    ['a percent sign at the end', ask('GET /posts?title=like.100%'), 400, 'PGRST100'],
    ['a percent sign that encodes nothing, in a path', ask('GET /%zz'), 404, 'PGRST205'],
    ['bytes in a path that are no UTF-8', ask('GET /%ff'), 404, 'PGRST205'],
    ['a table that does not exist', ask('GET /pots'), 404, 'PGRST205'],
    ['a column that does not exist, selected', ask('GET /posts?select=titel'), 400, '42703'],
    ['a column that does not exist, in a filter', ask('DELETE /posts?titel=eq.1'), 400, '42703'],
    ['a column that does not exist, in an order', ask('GET /posts?order=titel'), 400, '42703'],
    ['a column that does not exist, in a body', post('posts', '{"titel":"x"}'), 400, 'PGRST204'],
    ['a relation that does not exist', ask('GET /posts?select=weather(*)'), 400, 'PGRST200'],
    ['a function that does not exist', post('rpc/dose', '{}'), 404, 'PGRST202'],
    ['an argument that does not exist', post('rpc/doze', '{"hours":1}'), 404, 'PGRST202'],
    ['an operator that does not exist', ask('DELETE /posts?id=equals.1'), 400, 'PGRST100'],
    [
      'a preference that does not exist',
      ask('DELETE /posts?id=eq.1', 'Prefer: handling=strict, speed=high'),
      400,
      'PGRST122',
    ],
    ['a media type that nobody makes', ask('GET /posts', 'Accept: image/png'), 406, 'PGRST107'],
    ['a media type that nobody reads', post('posts', 'x', 'Content-Type: image/png'), 400, 'PGRST102'],
    ['a schema that is not served', ask('GET /posts', 'Accept-Profile: secret'), 406, 'PGRST106'],
    ['a path that leads nowhere', ask('GET /a/b/c/d'), 404, 'PGRST125'],
    ['a method of no table', ask('TRACE /posts'), 405, 'PGRST117'],
    ['a token that is none', ask('GET /posts', 'Authorization: Bearer x.y.z'), 401, 'PGRST301'],
    ['a range that ends before it begins', ask('GET /posts', 'Range: 5-1'), 416, 'PGRST103'],
    ['select twice', ask('GET /posts?select=id&select=title'), 400, 'PGRST100'],
    ['order twice', ask('GET /posts?order=id&order=title'), 400, 'PGRST100'],
    ['limit twice, of a deletion', ask('DELETE /posts?limit=1&limit=2&order=id'), 400, 'PGRST100'],
    [
      '1,001 conditions',
      ask(`DELETE /posts?or=(${Array.from({ length: 1_001 }, (_, i) => `id.eq.${i}`).join(',')})`),
      400,
      'PGRST100',
    ],
    [
      '1,700 columns',
      ask(`GET /posts?select=${Array.from({ length: 1_700 }, (_, i) => `c${i}:id`).join(',')}`),
      400,
      '54011',
    ],
    [
      'a path of 12,000 steps into JSON',
      ask(`GET /posts?select=a:about${'->a'.repeat(12_000)}`),
      400,
      '54001',
    ],
    [
      '101 embeds',
      ask(`GET /posts?select=${Array.from({ length: 101 }, (_, i) => `c${i}:comments(id)`).join(',')}`),
      400,
      'PGRST100',
    ],
    [
      'eleven levels of embeds',
      ask(`GET /posts?select=${'comments(posts('.repeat(5)}comments(id${')'.repeat(11)}`),
      400,
      'PGRST100',
    ],
    [
      'a select that nests without end',
      ask(`GET /posts?select=${'comments('.repeat(5_000)}`),
      400,
      'PGRST100',
    ],
    ['logic that nests without end', ask(`GET /posts?or=${'(and'.repeat(9_000)}`), 400, 'PGRST100'],
    [
      'JSON in a filter that nests without end',
      ask(`GET /posts?about=eq.${'['.repeat(20_000)}`),
      400,
      '22P02',
    ],
    ['an address of 50,000 bytes', ask(`GET /posts?id=in.(${'1,'.repeat(25_000)}1)`), 414, 'ASH414'],
    ['a header of 100,000 bytes', ask('GET /posts', `X-Long: ${'x'.repeat(100_000)}`), 431, 'ASH431'],
    [
      'a thousand headers',
      ask('GET /posts', ...Array.from({ length: 1_000 }, (_, i) => `X-${i}: 1`)),
      431,
      'ASH431',
    ],
    ['megabytes of headers', ask('GET /posts', `X: 1${'\r\nX: 1'.repeat(100_000)}`), 431, 'ASH431'],
    ['two headers Host', ask('GET /posts', 'Host: other'), 400, 'ASH400'],
    [
      'a length and chunks',
      raw(
        'POST /rest/v1/posts HTTP/1.1\r\nHost: a\r\nContent-Length: 15\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{"title":"x"}',
      ),
      400,
      'ASH400',
    ],
    [
      'two lengths',
      raw(
        'POST /rest/v1/posts HTTP/1.1\r\nHost: a\r\nContent-Length: 13\r\nContent-Length: 0\r\n\r\n{"title":"x"}',
      ),
      400,
      'ASH400',
    ],
    [
      'a folded header',
      raw('DELETE /rest/v1/posts HTTP/1.1\r\nHost: a\r\nPrefer: a\r\n b\r\n\r\n'),
      400,
      'ASH400',
    ],
    ['lines that end in a bare LF', raw('DELETE /rest/v1/posts HTTP/1.1\nHost: a\n\n'), 400, 'ASH400'],
    ['a method that nobody knows', raw('STEAL /rest/v1/posts HTTP/1.1\r\nHost: a\r\n\r\n'), 405, 'PGRST117'],
    ['garbage', raw('\x00\x01\x02\x03\r\n\r\n'), 400, 'ASH400'],
    ['a head that does not end', raw('DELETE /rest/v1/posts HTTP/1.1\r\nHost: a\r\n'), 408, 'ASH408'],
    [
      'a body that does not end',
      raw(`${head('POST /posts', 'Content-Length: 100', json)}{"title":`),
      408,
      'ASH408',
    ],
    [
      'chunks that do not end',
      raw(`${head('POST /posts', 'Transfer-Encoding: chunked', json)}d\r\n{"title":"x"}\r\n`),
      408,
      'ASH408',
    ],
  ])('%s', async (_, bytes, status, code) => {
    const answer = await say(server.port, bytes);
    expect(answer.slice(0, 13)).toBe(`HTTP/1.1 ${status} `);
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { [name: string]: unknown };
    expect(body).toMatchObject({ code, message: expect.stringMatching(/\S/) });
    expect(Object.keys(body).sort()).toEqual(['code', 'details', 'hint', 'message']);
    expect(answer).toMatch(/\r\nX-Content-Type-Options: nosniff\r\n/);
    expect(await fingerprint()).toEqual(before);
    await isHealthy(server);
  });

  test.each(['{"title":"lost"}', '{"title"'])('a body that is broken off: %s', async (body) => {
    for (let i = 0; i < 20; i++) {
      const { socket, opened, closed } = dial(server.port);
      await opened;
      socket.write(`${head('POST /posts', `Content-Length: ${body.length + 1}`, json)}${body}`);
      await sleep(5);
      socket.destroy();
      await closed;
    }
    await isHealthy(server);
    expect(await fingerprint()).toEqual(before);
  });

  test('garbage behind a request on its connection', async () => {
    const good = `GET /rest/v1/posts?id=eq.2&select=id HTTP/1.1\r\nHost: a\r\n\r\n`;
    const answer = await say(server.port, raw(`${good}${good}DELETE\x00/rest/v1/posts\r\n\r\n`));
    expect([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '200',
      '200',
      '400',
    ]);
    expect(answer.match(/\[\{"id":2\}\]/g)).toHaveLength(2);
    await isHealthy(server);
    expect(await fingerprint()).toEqual(before);
  });

  test('a thousand requests at once on one connection', async () => {
    const line = 'GET /rest/v1/posts?select=id HTTP/1.1\r\nHost: a\r\n';
    const answer = await say(
      server.port,
      raw(`${`${line}\r\n`.repeat(999)}${line}Connection: close\r\n\r\n`),
    );
    expect(answer.match(/HTTP\/1\.1 200/g)?.length).toBeGreaterThan(200);
    await isHealthy(server);
  });
});

describe('clients that leave, or take their time', () => {
  let server: Server;
  beforeAll(async () => {
    server = await serve({
      headTimeout: 2,
      bodyTimeout: 2,
      stallTimeout: 1,
      poolSize: 6,
      statementTimeout: 60,
    });
  });
  afterAll(async () => {
    expect(await server.stop()).toBe('');
  });

  test('fifty that leave in the middle of a long answer leave nothing behind', async () => {
    for (let i = 0; i < 50; i++) {
      const { request, response } = await open(`${server.url}/many_rows?limit=1000000`);
      await new Promise((resolve) => response.once('data', resolve));
      request.destroy();
    }
    await expect.poll(busy, { timeout: 5_000 }).toBe(0);
    await isHealthy(server);
  });

  test('thirty that read nothing of a long answer leave connections to others, and are given up', async () => {
    const started = performance.now();
    for (let i = 0; i < 30; i++) {
      const { socket, opened } = dial(server.port);
      await opened;
      socket.pause();
      socket.write(head('GET /many_rows?limit=1000000'));
    }
    await expect.poll(busy, { timeout: 5_000 }).toBeGreaterThan(2);
    for (let i = 0; i < 10; i++) {
      await isHealthy(server);
      const guarded = await fetch(`${server.url}/posts?id=eq.1`, {
        method: 'PATCH',
        headers: {
          prefer: 'tx=rollback, handling=strict, max-affected=1',
          'content-type': 'application/json',
        },
        body: '{"title":"x"}',
      });
      expect(guarded.status).toBe(204);
    }
    expect(await busy()).toBeGreaterThan(0);
    await expect.poll(busy, { timeout: 25_000, interval: 200 }).toBe(0);
    // Four at a time, a second each; the system's buffers and slow machines take their share.
    expect(performance.now() - started).toBeLessThan(28_000);
    await isHealthy(server);
  }, 40_000);

  test('a thousand that never end their heads are let go, and others are answered meanwhile', async () => {
    await isHealthy(server);
    const base = await server.ask('measure');
    const slow = Array.from({ length: 1_000 }, () => dial(server.port));
    await Promise.all(slow.map(({ opened }) => opened));
    const drip = setInterval(() => {
      for (const { socket } of slow) socket.write('a');
    }, 300);
    for (const { socket } of slow) socket.write('GET /rest/v1/posts HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    for (let i = 0; i < 5; i++) await isHealthy(server);
    await Promise.all(slow.map(({ closed }) => closed));
    clearInterval(drip);
    expect(slow.filter(({ heard }) => heard().startsWith('HTTP/1.1 408 ')).length).toBeGreaterThan(950);
    await isHealthy(server);
    expect(((await server.ask('most')) - base) / MB).toBeLessThan(150);
  }, 40_000);

  test('a hundred thousand lines of CSV do not keep others waiting', async () => {
    const before = await fingerprint();
    const csv = `title\n${'x\n'.repeat(150_000)}`;
    let done = false;
    const sent = fetch(`${server.url}/posts`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', prefer: 'tx=rollback' },
      body: csv,
    }).finally(() => {
      done = true;
    });
    let answered = 0;
    while (!done) {
      expect((await fetch(`${server.url}/posts?id=eq.1`)).status).toBe(200);
      answered++;
    }
    expect((await sent).status).toBe(201);
    expect(answered).toBeGreaterThan(5);
    expect(await fingerprint()).toEqual(before);
  }, 40_000);

  test('a thousand that never end their bodies are let go, and others are answered meanwhile', async () => {
    const before = await fingerprint();
    const base = await server.ask('measure');
    const slow = Array.from({ length: 1_000 }, () => dial(server.port));
    await Promise.all(slow.map(({ opened }) => opened));
    const body = `{"title":"${'x'.repeat(20_000)}`;
    for (const { socket } of slow)
      socket.write(`${head('POST /posts', 'Content-Length: 1000000', json)}${body}`);
    for (let i = 0; i < 5; i++) await isHealthy(server);
    await Promise.all(slow.map(({ closed }) => closed));
    expect(slow.filter(({ heard }) => heard().startsWith('HTTP/1.1 408 ')).length).toBeGreaterThan(950);
    await isHealthy(server);
    expect(await fingerprint()).toEqual(before);
    expect(((await server.ask('most')) - base) / MB).toBeLessThan(200);
  }, 40_000);
});

test('ten thousand idle connections cost memory that is bounded, and others are answered', async (ctx) => {
  const limit = Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]);
  if (limit < 11_000) ctx.skip(`only ${limit} files may be open here`);
  const server = await serve({ headTimeout: 60 });
  await isHealthy(server);
  const base = await server.ask('measure');
  const idle: ReturnType<typeof dial>[] = [];
  for (let i = 0; i < 20; i++) {
    const more = Array.from({ length: 500 }, () => dial(server.port));
    await Promise.all(more.map(({ opened }) => opened));
    // Half have asked something, half have never said a word.
    if (i % 2 === 0)
      for (const { socket } of more) socket.write('GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n');
    idle.push(...more);
  }
  await expect
    .poll(() => idle.filter(({ heard }) => heard().startsWith('HTTP/1.1 200')).length, { timeout: 20_000 })
    .toBe(5_000);
  for (let i = 0; i < 5; i++) await isHealthy(server);
  expect(idle.filter(({ socket }) => !socket.destroyed)).toHaveLength(10_000);
  const grown = ((await server.ask('most')) - base) / MB;
  expect(grown).toBeLessThan(400);
  for (const { socket } of idle) socket.destroy();
  await isHealthy(server);
  expect(await server.stop()).toBe('');
}, 60_000);

describe('time', () => {
  let server: Server;
  beforeAll(async () => {
    server = await serve({ statementTimeout: 1 });
  });
  afterAll(async () => {
    expect(await server.stop()).toBe('');
  });

  const doze = (seconds: number): Promise<Response> =>
    fetch(`${server.url}/rpc/doze`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seconds }),
    });

  test('is up for a statement that takes longer, and what to do is said', async () => {
    const response = await doze(10);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      code: '57014',
      message: 'canceling statement due to statement timeout',
      hint: expect.stringContaining('alter role … set statement_timeout'),
    });
    await isHealthy(server);
  });

  test('counts while an answer is sent', async () => {
    const response = await fetch(`${server.url}/dripping`);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    await expect.poll(busy).toBe(0);
  });

  test('is what the role has, where it has its own', async () => {
    await session.query(`alter role anon in database "${database.name}" set statement_timeout = '20s'`);
    await session.query("notify ashlar, 'reload'");
    await expect.poll(async () => (await doze(1.5)).status, { timeout: 20_000, interval: 100 }).toBe(204);
    await session.query(`alter role anon in database "${database.name}" reset statement_timeout`);
  });
});

test('when there is too much to do, requests are told at once to come again, and health is answered', async () => {
  const server = await serve({ poolSize: 2, maxWait: 300 });
  const doze = () =>
    fetch(`${server.url}/rpc/doze`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"seconds":1}',
    });
  const first = Array.from({ length: 8 }, doze);
  let refused: Response | undefined;
  const others: Promise<void>[] = [];
  // Those that come early wait; at some time the first of them has waited long enough.
  await expect
    .poll(
      () => {
        others.push(
          fetch(`${server.url}/posts?limit=1`).then((response) => {
            if (response.status === 503) refused ??= response;
          }),
        );
        return refused?.status;
      },
      { timeout: 10_000, interval: 50 },
    )
    .toBe(503);
  expect(refused?.headers.get('retry-after')).toBe('1');
  expect(await refused?.json()).toMatchObject({ code: 'ASH503' });
  expect((await fetch(`http://127.0.0.1:${server.port}/health/live`)).status).toBe(200);
  // What had begun to wait is done.
  await Promise.all(others);
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual(first.map(() => 204));
  await isHealthy(server);
  expect(await server.stop()).toBe('');
}, 30_000);
