import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Handle, HttpRequest } from '../../http/index.ts';
import { type HttpServer, listen, type Safeguards, serveConnections } from '../server.ts';
import { type ServerLimits, serverLimits } from './limits.ts';

const answerWith = (body: string): Awaited<ReturnType<Handle>> => ({
  status: 200,
  headers: [
    ['Content-Type', 'application/json'],
    ['Content-Length', String(Buffer.byteLength(body))],
  ],
  body: Buffer.from(body),
});

const echo: Handle = async (request) => {
  const body = request.method === 'POST' ? (await request.body()).toString() : '';
  return answerWith(JSON.stringify([request.path, request.query, request.headers.host ?? null, body]));
};

let server: HttpServer | undefined;
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await server?.close(0);
});

const open = async (
  limits: Partial<ServerLimits> = {},
  safeguards: Safeguards | undefined = {},
  handle: Handle = echo,
): Promise<void> => {
  server = await listen({
    host: '127.0.0.1',
    port: 0,
    routes: [{ prefix: '', handle }],
    cors: { origins: [] },
    limits: { ...serverLimits, ...limits },
    safeguards,
    traceHeader: undefined,
    agent: 'test',
    onInternalError: (error) => expect.fail(String(error)),
  });
};

/** A connection, and what has come on it so far. */
const dial = (port = server?.port ?? 0) => {
  const socket = connect(port, '127.0.0.1');
  sockets.add(socket);
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, heard: () => heard, closed };
};

/** What is answered to these bytes until the server closes the connection. */
const say = async (bytes: string | Buffer): Promise<string> => {
  const { socket, heard, closed } = dial();
  socket.write(bytes);
  await closed;
  return heard();
};

const statuses = (answer: string): readonly number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** The body of the last answer. */
const bodyOf = (answer: string): { readonly [name: string]: unknown } =>
  JSON.parse(answer.slice(answer.lastIndexOf('\r\n\r\n') + 4));

const close = 'Connection: close\r\n';

describe('what cannot be read as one request is refused, in our words, and the connection closed', () => {
  const host = 'Host: localhost\r\n';
  const chunked = 'Transfer-Encoding: chunked\r\n';
  test.each<readonly [what: string, bytes: string, status: number, code: string]>([
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\n${host}Content-Length: 3\r\n${chunked}\r\n0\r\n\r\n`,
      400,
      'ASH400',
    ],
    [
      'chunks and a length',
      `POST / HTTP/1.1\r\n${host}${chunked}Content-Length: 3\r\n\r\n0\r\n\r\n`,
      400,
      'ASH400',
    ],
    [
      'two lengths',
      `POST / HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
      400,
      'ASH400',
    ],
    [
      'the same length twice',
      `POST / HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`,
      400,
      'ASH400',
    ],
    ['a list of lengths', `POST / HTTP/1.1\r\n${host}Content-Length: 3, 3\r\n\r\nabc`, 400, 'ASH400'],
    ['a length with a sign', `POST / HTTP/1.1\r\n${host}Content-Length: +3\r\n\r\nabc`, 400, 'ASH400'],
    ['a negative length', `POST / HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`, 400, 'ASH400'],
    [
      'an encoding that is unknown',
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
      400,
      'ASH400',
    ],
    [
      'chunked, but not last',
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
      400,
      'ASH400',
    ],
    ['a chunk without its length', `POST / HTTP/1.1\r\n${host}${chunked}\r\nxyz\r\n`, 400, 'ASH400'],
    [
      'a chunk longer than it says',
      `POST / HTTP/1.1\r\n${host}${chunked}\r\n1\r\nabc\r\n0\r\n\r\n`,
      400,
      'ASH400',
    ],
    ['chunks that end in a bare LF', `POST / HTTP/1.1\r\n${host}${chunked}\r\n3\nabc\n0\n\n`, 400, 'ASH400'],
    [
      'a long chunk extension',
      `POST / HTTP/1.1\r\n${host}${chunked}\r\n3;${'a'.repeat(20_000)}\r\nabc\r\n`,
      413,
      'ASH413',
    ],
    ['a folded header', `GET / HTTP/1.1\r\n${host}A: b\r\n c\r\n\r\n`, 400, 'ASH400'],
    ['lines that end in a bare LF', `GET / HTTP/1.1\nHost: a\n\n`, 400, 'ASH400'],
    ['a header that ends in a bare LF', `GET / HTTP/1.1\r\nHost: a\nA: b\r\n\r\n`, 400, 'ASH400'],
    ['a header that ends in a bare CR', `GET / HTTP/1.1\r\nHost: a\rA: b\r\n\r\n`, 400, 'ASH400'],
    ['a space before the colon', `GET / HTTP/1.1\r\n${host}A : b\r\n\r\n`, 400, 'ASH400'],
    ['NUL in a header', `GET / HTTP/1.1\r\n${host}A: a\0b\r\n\r\n`, 400, 'ASH400'],
    ['NUL in the target', `GET /a\0b HTTP/1.1\r\n${host}\r\n`, 400, 'ASH400'],
    ['bytes that are no ASCII in the target', `GET /\xff HTTP/1.1\r\n${host}\r\n`, 400, 'ASH400'],
    ['a version that does not exist', `GET / HTTP/3.7\r\n${host}\r\n`, 400, 'ASH400'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'ASH400'],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'ASH400'],
    ['garbage', 'GARBAGE\r\n\r\n', 400, 'ASH400'],
    ['no header Host', 'GET / HTTP/1.1\r\n\r\n', 400, 'ASH400'],
    ['two headers Host', `GET / HTTP/1.1\r\n${host}hOST: b\r\n\r\n`, 400, 'ASH400'],
    ['a user in the header Host', 'GET / HTTP/1.1\r\nHost: a@b\r\n\r\n', 400, 'ASH400'],
    ['a target of another scheme', `GET ftp://a/b HTTP/1.1\r\n${host}\r\n`, 400, 'ASH400'],
    ['a user in the target', `GET http://a@b/ HTTP/1.1\r\n${host}\r\n`, 400, 'ASH400'],
    ['an asterisk that is not for OPTIONS', `GET * HTTP/1.1\r\n${host}\r\n`, 400, 'ASH400'],
    ['a method that nobody knows', `FOO / HTTP/1.1\r\n${host}\r\n`, 405, 'PGRST117'],
    ['TRACE', `TRACE / HTTP/1.1\r\n${host}${close}\r\n`, 405, 'PGRST117'],
    ['CONNECT', `CONNECT a:1 HTTP/1.1\r\n${host}\r\n`, 405, 'PGRST117'],
    ['a header that is too long', `GET / HTTP/1.1\r\n${host}A: ${'x'.repeat(70_000)}\r\n\r\n`, 431, 'ASH431'],
    ['headers that are too many', `GET / HTTP/1.1\r\n${host}${'A: b\r\n'.repeat(400)}\r\n`, 431, 'ASH431'],
    ['thousands of headers', `GET / HTTP/1.1\r\n${host}${'A: b\r\n'.repeat(9_000)}\r\n`, 431, 'ASH431'],
    ['a target that is too long', `GET /${'x'.repeat(50_000)} HTTP/1.1\r\n${host}\r\n`, 414, 'ASH414'],
  ])('%s', async (_, bytes, status, code) => {
    let asked = 0;
    await open({}, {}, async (request) => {
      asked++;
      await request.body();
      return answerWith('"never"');
    });
    const answer = await say(Buffer.from(bytes, 'latin1'));
    // A chunk that is wrong is only found when the request has begun.
    if (!bytes.includes('chunked\r\n')) expect(asked).toBe(0);
    expect(statuses(answer)).toEqual([status]);
    expect(bodyOf(answer)).toMatchObject({ code, message: expect.any(String) });
    expect(answer).toMatch(/\r\nX-Content-Type-Options: nosniff\r\n/);
    expect(answer).toMatch(/\r\nConnection: close\r\n/);
  });

  test('a target that comes in pieces and has no end', async () => {
    await open();
    const { socket, heard, closed } = dial();
    socket.write(`GET /${'x'.repeat(40_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.write('x'.repeat(40_000));
    await closed;
    expect(statuses(heard())[0]).toBeGreaterThanOrEqual(414);
  });

  test('what was asked before it on the connection is answered first', async () => {
    let finish: (() => void) | undefined;
    await open({}, {}, async ({ path }) => {
      if (path === '/slow')
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
      return answerWith(JSON.stringify(path));
    });
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const { socket, heard, closed } = dial();
    socket.write(`${get('/slow')}${get('/quick')}GARBAGE\r\n\r\n`);
    await expect.poll(() => finish).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard()).toBe('');
    finish?.();
    await closed;
    expect(statuses(heard())).toEqual([200, 200, 400]);
    expect(heard()).toMatch(/"\/slow"HTTP.*"\/quick"HTTP/s);
  });
});

test('letters in a target that were not encoded are refused, and it is said how they are', async () => {
  await open();
  const said = await say(Buffer.from(`GET /a?name=eq.ü HTTP/1.1\r\nHost: a\r\n\r\n`));
  expect(statuses(said)).toEqual([400]);
  expect(bodyOf(said)).toMatchObject({ code: 'ASH400', hint: expect.stringContaining('percent-encoded') });
});

test('several headers Host are taken where one server stands in for another that takes them', async () => {
  await open({ oneHost: false });
  expect(bodyOf(await say(`GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n${close}\r\n`))).toEqual([
    '/a',
    '',
    'a',
    '',
  ]);
});

describe('the target of a request', () => {
  const ask = async (line: string, more = '') =>
    say(`${line} HTTP/1.1\r\nHost: a.example\r\n${close}${more}\r\n`);

  test('may be an address, which then holds in place of the header Host', async () => {
    await open();
    expect(bodyOf(await ask('GET http://b.example:81/films?id=eq.1'))).toEqual([
      '/films',
      'id=eq.1',
      'b.example:81',
      '',
    ]);
    expect(bodyOf(await ask('GET HTTP://b.example'))).toEqual(['/', '', 'b.example', '']);
    expect(bodyOf(await ask('GET https://b.example?a=b'))).toEqual(['/', 'a=b', 'b.example', '']);
    expect(bodyOf(await ask('GET //b.example/x'))).toEqual(['//b.example/x', '', 'a.example', '']);
  });

  test('is the server itself where it is an asterisk', async () => {
    await open();
    const answer = await ask('OPTIONS *');
    expect(statuses(answer)).toEqual([204]);
    expect(answer).toMatch(/\r\nAllow: GET, HEAD, POST/);
  });

  test('of HTTP/1.0 needs no header Host', async () => {
    await open();
    expect(bodyOf(await say('GET /a HTTP/1.0\r\n\r\n'))).toEqual(['/a', '', null, '']);
  });
});

describe('a body', () => {
  const post = (length: number, more = '') =>
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n${more}\r\n`;

  test('that is too long by what it says is refused before it comes', async () => {
    await open({ body: 1_000 });
    const answer = await say(post(1_001));
    expect(statuses(answer)).toEqual([413]);
    expect(bodyOf(answer)).toMatchObject({ code: 'ASH413', details: 'The limit is 1000 bytes.' });
  });

  test('that is as long as it may be is taken', async () => {
    await open({ body: 1_000 });
    expect(statuses(await say(post(1_000, close) + 'x'.repeat(1_000)))).toEqual([200]);
  });

  test('that comes in chunks is refused when it has become too long', async () => {
    await open({ body: 1_000 });
    const chunk = `1f4\r\n${'x'.repeat(500)}\r\n`;
    const answer = await say(
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(5)}0\r\n\r\n`,
    );
    expect(statuses(answer)).toEqual([413]);
  });

  test('may be longer where the route says so', async () => {
    await open({ body: 10 }, {}, async (request: HttpRequest) =>
      answerWith(String((await request.body(100)).length)),
    );
    expect(statuses(await say(post(100, close) + 'x'.repeat(100)))).toEqual([200]);
    expect(statuses(await say(post(101, close) + 'x'.repeat(101)))).toEqual([413]);
  });

  test.each(['curl', 'fetch'])('of five megabytes is refused so that %s can read why', async (client) => {
    await open();
    const url = `http://127.0.0.1:${server?.port}/`;
    const body = 'x'.repeat(5_000_000);
    if (client === 'fetch') {
      const response = await fetch(url, { method: 'POST', body });
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'ASH413' });
      return;
    }
    // As curl does: it waits a second for leave to send.
    const answer = await say(post(body.length, 'Expect: 100-continue\r\n'));
    expect(statuses(answer)).toEqual([413]);
  });

  test('is asked for where the client waits for that', async () => {
    await open();
    const { socket, heard, closed } = dial();
    socket.write(post(3, `Expect: 100-continue\r\n${close}`));
    await expect.poll(heard).toContain('100 Continue');
    socket.write('abc');
    await closed;
    expect(statuses(heard())).toEqual([100, 200]);
    expect(bodyOf(heard())[3]).toBe('abc');
  });

  test('that comes too slowly is given up', async () => {
    await open({ bodyMs: 100 });
    const answer = await say(`${post(10)}abc`);
    expect(statuses(answer)).toEqual([408]);
    expect(bodyOf(answer)).toMatchObject({ code: 'ASH408', details: expect.stringContaining('body') });
  });

  test('finds no room where others on their way take it all, and finds it again', async () => {
    await open({ bodies: 10_000 });
    const holding = dial();
    holding.socket.write(post(9_000) + 'x'.repeat(8_999));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const answer = await say(post(2_000, close) + 'x'.repeat(2_000));
    expect(statuses(answer)).toEqual([503]);
    expect(answer).toContain('\r\nRetry-After: 1\r\n');
    holding.socket.write('x');
    await expect.poll(holding.heard).toContain('200 OK');
    for (let i = 0; i < 20; i++)
      expect(statuses(await say(post(2_000, close) + 'x'.repeat(2_000)))).toEqual([200]);
  });

  test('that nobody reads does not become the next request', async () => {
    await open({}, {}, async () => answerWith('1'));
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n';
    const { socket, heard, closed } = dial();
    socket.write(post(hidden.length + 1) + hidden);
    await closed;
    expect(statuses(heard())).toEqual([200]);
  });
});

describe('a head', () => {
  test('that comes too slowly is given up', async () => {
    await open({ headMs: 200 });
    const answer = await say('GET / HTTP/1.1\r\nHost: a\r\n');
    expect(statuses(answer)).toEqual([408]);
    expect(bodyOf(answer)).toMatchObject({ code: 'ASH408', details: expect.stringContaining('headers') });
  });

  test('that does not come at all is not answered', async () => {
    await open({ headMs: 200 });
    expect(await say('')).toBe('');
  });

  test('may be fed a byte at a time only until its time is over', async () => {
    await open({ headMs: 200 });
    const { socket, heard, closed } = dial();
    const drip = setInterval(() => socket.write('A'), 20);
    socket.write('GET / HTTP/1.1\r\n');
    await closed;
    clearInterval(drip);
    expect(statuses(heard())).toEqual([408]);
  });
});

describe('a client that takes its answer slowly', () => {
  const large = Buffer.alloc(64 * 1024 * 1024, 'x');

  test.each<readonly [string, number]>([
    ['one of many pieces', large.length],
    ['one of few pieces', 200_000],
  ])('is given up: %s', async (_, length) => {
    let answers = 0;
    await open({ pieceMs: 100 }, {}, async () => {
      answers++;
      return { status: 200, headers: [['Content-Length', String(length)]], body: large.subarray(0, length) };
    });
    const { socket, closed } = dial();
    socket.pause();
    // Many, so that the system's own buffers are full.
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(100));
    await expect.poll(() => answers).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    socket.resume();
    await closed;
    expect(socket.bytesRead).toBeLessThan(100 * length);
  });

  test('is waited for as long as it takes its pieces in time', async () => {
    await open({ pieceMs: 2_000 }, {}, async () => ({
      status: 200,
      headers: [['Content-Length', String(large.length)]],
      body: large,
    }));
    const { socket, closed } = dial();
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${close}\r\n`);
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.pause();
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.resume();
    }
    await closed;
    expect(socket.bytesRead).toBeGreaterThan(large.length);
  });
});

describe('safeguards', () => {
  const headersOf = async (path = '/', headers: { readonly [name: string]: string } = {}) =>
    (await fetch(`http://127.0.0.1:${server?.port}${path}`, { headers })).headers;

  test('every answer tells browsers to take it for nothing else, and frame it nowhere', async () => {
    await open();
    const headers = await headersOf();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.has('strict-transport-security')).toBe(false);
  });

  test('an answer keeps the policy that it says itself, and a page that was made by others gets none', async () => {
    await open({}, {}, async ({ path }) => ({
      status: 200,
      headers:
        path === '/own'
          ? [['content-security-policy', "default-src 'self'"]]
          : [['Content-Type', 'text/html; charset=utf-8']],
      body: Buffer.from('<p>'),
    }));
    expect((await headersOf('/own')).get('content-security-policy')).toBe("default-src 'self'");
    expect((await headersOf('/page')).has('content-security-policy')).toBe(false);
    expect((await headersOf('/page')).get('x-content-type-options')).toBe('nosniff');
  });

  test('a client that has come over TLS is told to come no other way, where that is wanted', async () => {
    await open({}, { transportSecurity: true });
    const tls = { 'x-forwarded-proto': 'https' };
    expect((await headersOf('/', tls)).get('strict-transport-security')).toBe('max-age=63072000');
    expect((await headersOf()).has('strict-transport-security')).toBe(false);
  });

  test('without them the answer is as the routes have it', async () => {
    await open({}, undefined);
    server = undefined;
    server = await listen({
      host: '127.0.0.1',
      port: 0,
      routes: [{ prefix: '', handle: echo }],
      cors: { origins: [] },
      traceHeader: undefined,
      agent: 'test',
      onInternalError: () => {},
    });
    expect((await headersOf()).has('x-content-type-options')).toBe(false);
  });

  test('a name that is not the server’s is refused', async () => {
    await open({}, { answersTo: (authority) => /^localhost(:\d+)?$/.test(authority) });
    const ask = (line: string, host: string) => say(`${line} HTTP/1.1\r\nHost: ${host}\r\n${close}\r\n`);
    expect(statuses(await ask('GET /', 'localhost:4000'))).toEqual([200]);
    expect(statuses(await ask('GET http://localhost/', 'evil.example'))).toEqual([200]);
    for (const answer of [
      await ask('GET /', 'evil.example'),
      await ask('GET http://evil.example/', 'localhost'),
    ]) {
      expect(statuses(answer)).toEqual([421]);
      expect(bodyOf(answer)).toMatchObject({ code: 'ASH421' });
    }
  });

  test('when there is too much to do a request is told to come again, and what is vital is answered', async () => {
    let busy = true;
    const safeguards: Safeguards = { isOverloaded: () => busy };
    server = await listen({
      host: '127.0.0.1',
      port: 0,
      routes: [
        { prefix: '', handle: echo },
        { prefix: '/health', handle: echo, vital: true },
      ],
      cors: { origins: [] },
      safeguards,
      traceHeader: undefined,
      agent: 'test',
      onInternalError: () => {},
    });
    const url = `http://127.0.0.1:${server.port}`;
    const refused = await fetch(`${url}/posts`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ code: 'ASH503' });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    busy = false;
    expect((await fetch(`${url}/posts`)).status).toBe(200);
  });
});

test('with as many connections as there may be, those that ask nothing make room for new ones', async () => {
  await open({ connections: 5 });
  const idle = Array.from({ length: 5 }, () => dial());
  for (const { socket } of idle) socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  for (const { heard } of idle) await expect.poll(heard).toContain('200');
  await expect
    .poll(async () => statuses(await say(`GET / HTTP/1.1\r\nHost: a\r\n${close}\r\n`)))
    .toEqual([200]);
});

test('connections that another process accepts are limited, too', async () => {
  const connections = serveConnections({
    routes: [{ prefix: '', handle: echo }],
    cors: { origins: [] },
    limits: { ...serverLimits, connections: 3 },
    traceHeader: undefined,
    agent: 'test',
    onInternalError: (error) => expect.fail(String(error)),
  });
  const acceptor = createServer({ pauseOnConnect: true }, connections.take);
  await new Promise<void>((resolve) => acceptor.listen(0, '127.0.0.1', resolve));
  const { port } = acceptor.address() as AddressInfo;
  const idle = Array.from({ length: 3 }, () => dial(port));
  for (const { socket } of idle) socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  for (const { heard } of idle) await expect.poll(heard).toContain('200');
  const late = dial(port);
  await late.closed;
  expect(late.heard()).toBe('');
  await Promise.all(idle.map(({ closed }) => closed));
  acceptor.close();
  await connections.close(0);
});
