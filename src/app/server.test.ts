import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Handle, Header } from '../http/index.ts';
import { type Answered, type HttpServer, type ListenOptions, listen } from './server.ts';

const text = (body: string): Awaited<ReturnType<Handle>> => ({
  status: 200,
  headers: [['Content-Length', String(body.length)]],
  body: Buffer.from(body),
});

/** Whether nobody takes a connection there. */
const isRefused = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });

describe('the server', () => {
  let server: HttpServer | undefined;
  const open = async (handle: Handle, more: Partial<ListenOptions> = {}): Promise<string> => {
    const options: ListenOptions = {
      host: '127.0.0.1',
      port: 0,
      routes: [{ prefix: '', handle }],
      cors: { origins: [] },
      traceHeader: undefined,
      agent: 'test',
      onInternalError: () => {},
    };
    // As they are, not what they give now.
    server = await listen(Object.defineProperties(options, Object.getOwnPropertyDescriptors(more)));
    return `http://127.0.0.1:${server.port}`;
  };
  afterEach(() => server?.close(0));

  test('ends what is under way when it closes, and takes nothing more', async () => {
    let finish: (() => void) | undefined;
    const url = await open(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return text('done');
    });
    const slow = fetch(url);
    await expect.poll(() => finish).toBeDefined();
    const closed = server?.close();
    await expect.poll(() => isRefused(url)).toBe(true);
    finish?.();
    const response = await slow;
    expect(await response.text()).toBe('done');
    expect(response.headers.get('connection')).toBe('close');
    await closed;
  });

  test('header values are UTF-8, and cannot end their line', async () => {
    const values = { 'X-A': 'schön', 'X-B': 'łódź', 'X-C': 'a\r\nX-D: b\0c' };
    const url = await open(async () => ({ ...text('ok'), headers: Object.entries(values) }));
    const { headers } = await fetch(url);
    const decode = (name: string) => Buffer.from(headers.get(name) ?? '', 'latin1').toString('utf8');
    expect(decode('x-a')).toBe('schön');
    expect(decode('x-b')).toBe('łódź');
    expect(decode('x-c')).toBe('a  X-D: b c');
    expect(headers.has('x-d')).toBe(false);
  });

  test('gives each request an id, that of the client where it is well-formed', async () => {
    const seen: unknown[] = [];
    const answers: Answered[] = [];
    const url = await open(
      async ({ id }) => {
        seen.push(id);
        return text('ok');
      },
      { requestIds: true, onAnswered: (answered) => answers.push(answered) },
    );
    const ask = async (id?: string): Promise<string | null> =>
      (await fetch(url, { headers: id === undefined ? {} : { 'X-Request-Id': id } })).headers.get(
        'x-request-id',
      );
    expect(await ask('a-1.b')).toBe('a-1.b');
    const made = [await ask(), await ask(`"><script>`), await ask('x'.repeat(129))];
    for (const id of made) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(seen).toEqual(['a-1.b', ...made]);
    expect(answers.map(({ id }) => id)).toEqual(seen);
  });

  test('an internal error refers to the id under which the log has it', async () => {
    const told: unknown[] = [];
    const url = await open(() => Promise.reject(new Error('secret')), {
      requestIds: true,
      onInternalError: (_error, id) => told.push(id),
    });
    const response = await fetch(url, { headers: { 'X-Request-Id': 'r-7' } });
    expect(response.status).toBe(500);
    const body = await response.text();
    expect(body).toContain('under the request id r-7');
    expect(body).not.toContain('secret');
    expect(told).toEqual(['r-7']);
  });

  test('takes a target with scheme and host', async () => {
    const url = await open(async ({ path, query }) => text(`${path}|${query}`));
    const ask = (path: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const sent = httpRequest(url, { path }, (response) => {
          response.setEncoding('utf8');
          let body = '';
          response.on('data', (chunk) => {
            body += chunk;
          });
          response.on('end', () => resolve(body));
        });
        sent.on('error', reject).end();
      });
    expect(await ask('http://example.com/films?id=eq.1')).toBe('/films|id=eq.1');
    expect(await ask('HTTP://example.com')).toBe('/|');
    expect(await ask('https://example.com?a=b')).toBe('/|a=b');
    expect(await ask('/http://x/y')).toBe('/http://x/y|');
  });

  test('tells a browser once which origins may read an answer', async () => {
    const named: readonly Header[] = [['Access-Control-Allow-Origin', '*']];
    const url = await open(async ({ path }) => ({
      ...text('ok'),
      headers: path === '/named' ? named : [],
    }));
    const origins = async (path: string, method: string, more: { [name: string]: string } = {}) => {
      const headers = { Origin: 'http://example.com', ...more };
      return (await fetch(`${url}${path}`, { method, headers })).headers.get('access-control-allow-origin');
    };
    expect(await origins('/', 'GET')).toBe('*');
    expect(await origins('/named', 'GET')).toBe('*');
    expect(await origins('/', 'OPTIONS', { 'Access-Control-Request-Method': 'POST' })).toBe('*');
  });

  test('lets no other site read pages that are for people', async () => {
    const handle: Handle = async () => text('page');
    const url = await open(handle, {
      routes: [
        { prefix: '/docs', handle, sameOrigin: true },
        { prefix: '/rest', handle },
      ],
    });
    const allowed = async (path: string) =>
      (await fetch(`${url}${path}`, { headers: { origin: 'https://a.example' } })).headers.get(
        'access-control-allow-origin',
      );
    expect(await allowed('/docs')).toBeNull();
    expect(await allowed('/rest')).toBe('*');
  });

  test('breaks off what takes longer than the grace', async () => {
    const url = await open(() => new Promise(() => {}));
    const slow = fetch(url);
    slow.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server?.close(50);
    await expect(slow).rejects.toThrow('fetch failed');
  });

  test('takes a long head, as a list of many keys makes one', async () => {
    const url = await open(async ({ query }) => text(String(query.length)));
    const query = `id=in.(${Array.from({ length: 8_000 }, (_, i) => i).join(',')})`;
    expect(await (await fetch(`${url}/?${query}`)).text()).toBe(String(query.length));
  });

  test('tells of each answer, once it was given', async () => {
    const answers: Answered[] = [];
    const url = await open(async () => text('done'), { onAnswered: (answered) => answers.push(answered) });
    await fetch(`${url}/a?b=c`, { method: 'POST', body: 'x' });
    await expect
      .poll(() => answers)
      .toMatchObject([
        {
          method: 'POST',
          target: '/a?b=c',
          status: 200,
          length: 4,
          remoteAddress: '127.0.0.1',
          httpVersion: '1.1',
        },
      ]);
  });

  test('looks at what may change for each request anew', async () => {
    let origins: readonly string[] = [];
    let traceHeader: string | undefined;
    const url = await open(async () => text('done'), {
      get cors() {
        return { origins };
      },
      get traceHeader() {
        return traceHeader;
      },
    });
    const headers = { origin: 'https://a.example', 'x-trace': '7' };
    const before = await fetch(url, { headers });
    expect([before.headers.get('access-control-allow-origin'), before.headers.get('x-trace')]).toEqual([
      '*',
      null,
    ]);
    origins = ['https://b.example'];
    traceHeader = 'X-Trace';
    const after = await fetch(url, { headers });
    expect([after.headers.get('access-control-allow-origin'), after.headers.get('x-trace')]).toEqual([
      null,
      '7',
    ]);
  });

  test('listens on a unix socket of the mode that was asked for, in place of what was there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'server-'));
    const path = join(folder, 'a.sock');
    for (const _ of [1, 2]) {
      await open(async () => text('done'), { socket: { path, mode: 0o600 } });
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(server?.address).toBe(path);
      const status = await new Promise((resolve, reject) => {
        httpRequest({ socketPath: path, path: '/', agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect(status).toBe(200);
      await server?.close(0);
    }
    rmSync(folder, { recursive: true, force: true });
  });
});
