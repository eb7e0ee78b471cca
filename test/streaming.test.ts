import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpServer, listen, serverLimits } from '../src/app/index.ts';
import { openSession, type Session } from '../src/db/index.ts';
import { type Fixture, openFixture } from './setup/fixture.ts';

const MB = 1024 * 1024;
const JSON_BODY = { 'content-type': 'application/json' };

let fixture: Fixture;
let url: string;
let session: Session;

beforeAll(async () => {
  fixture = await openFixture('mountain');
  url = await fixture.api.serve();
  session = await openSession(fixture.database.owner);
});

afterAll(async () => {
  await session?.close();
  await fixture?.api.close();
});

const open = (address: string, { method = 'GET', body, ...headers }: Record<string, string> = {}) =>
  new Promise<{ request: ClientRequest; response: IncomingMessage }>((resolve, reject) => {
    const sent = body === undefined ? headers : { ...headers, ...JSON_BODY };
    const asked = request(address, { method, headers: sent, agent: false }, (response) =>
      resolve({ request: asked, response }),
    );
    asked.once('error', reject);
    asked.end(body);
  });

/** What this process has open. */
const readlinkAll = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });

/** Reads a whole answer: a while not at all, then in gulps. */
const readSlowly = async (response: IncomingMessage): Promise<number> => {
  await sleep(300);
  let length = 0;
  let gulped = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    gulped += chunk.length;
    if (gulped < 8 * MB) continue;
    gulped = 0;
    await sleep(20);
  }
  return length;
};

/** What other connections to this database are doing. */
const activities = () =>
  session.query(
    `select state, wait_event from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and state <> 'idle' and pid <> pg_backend_pid()`,
  );

/** Waits until it is so; two seconds at most. */
const soon = async (isSo: () => Promise<boolean>): Promise<boolean> => {
  for (let i = 0; i < 40; i++) {
    if (await isSo()) return true;
    await sleep(50);
  }
  return false;
};

const isQuiet = async (): Promise<boolean> => (await activities()).length === 0;
const isBusy = async (): Promise<boolean> => (await activities()).length > 0;
const waitsForUs = async (): Promise<boolean> =>
  (await activities()).some(({ wait_event }) => wait_event === 'ClientWrite');

describe('the server grows by no more than 30 MB for a slow client, though the answer has 100 MB', () => {
  /** A server of its own, warmed up. */
  const serve = async () => {
    const script = new URL('./streaming/serve-database.ts', import.meta.url);
    const child: ChildProcess = fork(script, [JSON.stringify(fixture.database.server)]);
    const hear = () => new Promise<number>((resolve) => child.once('message', resolve));
    const ask = (question: 'measure' | 'most'): Promise<number> => {
      const heard = hear();
      child.send(question);
      return heard;
    };
    const address = `http://127.0.0.1:${await hear()}`;
    for (let i = 0; i < 10; i++) await (await fetch(`${address}/digits?limit=${i}`)).text();
    return { ask, address, stop: () => child.disconnect() };
  };

  test.each<readonly [what: string, path: string, length: number, before?: string]>([
    ['in a million rows', '/small_rows?limit=1000000', 100],
    ['in rows of a megabyte', '/large_rows?id=lte.100', 100],
    ['in rows of ten megabytes', '/huge_rows?id=lte.10', 100],
    ['on a page that looked small', '/large_rows?limit=50', 50],
    ['where the same had been short before', '/rpc/many_rows?amount=500000', 50, '/rpc/many_rows?amount=1'],
  ])('%s', async (_, path, length, before) => {
    const { ask, address, stop } = await serve();
    if (before !== undefined) await (await fetch(`${address}${before}`)).text();
    const base = await ask('measure');
    const { response } = await open(`${address}${path}`);
    expect(response.statusCode).toBe(200);
    expect(Math.round((await readSlowly(response)) / MB)).toBe(length);
    expect(((await ask('most')) - base) / MB).toBeLessThan(30);
    stop();
  });

  test.each<readonly [what: string, method: string, path: string, body: string, status: number]>([
    ['of the rows that were written', 'PATCH', '/stock?select=id,text', '{"seen": true}', 200],
    ['of a function that says how to answer', 'POST', '/rpc/headed_rows', '{"amount": 100}', 200],
  ])('%s', async (_, method, path, body, status) => {
    const { ask, address, stop } = await serve();
    const base = await ask('measure');
    const { response } = await open(`${address}${path}`, { method, body, prefer: 'return=representation' });
    expect(response.statusCode).toBe(status);
    // The transaction is over before the first byte: a slow client keeps no locks.
    expect(await isQuiet()).toBe(true);
    expect(Math.round((await readSlowly(response)) / MB)).toBe(100);
    expect(((await ask('most')) - base) / MB).toBeLessThan(30);
    stop();
  });

  test('where one row was asked for', async () => {
    const { ask, address, stop } = await serve();
    const base = await ask('measure');
    const response = await fetch(`${address}/large_rows?limit=100`, {
      headers: { accept: 'application/vnd.pgrst.object+json' },
    });
    expect(await response.json()).toMatchObject({
      code: 'PGRST116',
      details: 'The result contains 100 rows',
    });
    expect(((await ask('most')) - base) / MB).toBeLessThan(30);
    stop();
  });
});

describe('long answers', () => {
  test('are the same as if they were short', async () => {
    const rows = (await (await fetch(`${url}/small_rows?limit=20000`)).json()) as { id: number }[];
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 1));
    const csv = await (
      await fetch(`${url}/small_rows?select=id&limit=100000`, { headers: { accept: 'text/csv' } })
    ).text();
    expect(csv.split('\n')).toEqual(['id', ...Array.from({ length: 100_000 }, (_, i) => `${i + 1}`)]);
  });

  test('have a range and, where it was asked for, a total', async () => {
    const { response } = await open(`${url}/small_rows?id=lte.20000&limit=10000&offset=100`, {
      prefer: 'count=exact',
    });
    expect(response.statusCode).toBe(206);
    expect(response.headers['content-range']).toBe('100-10099/20000');
    expect(response.headers['content-length']).toBeUndefined();
    response.resume();
  });

  test('are not read from Postgres faster than the client takes them', async () => {
    const { request } = await open(`${url}/small_rows?limit=1000000`);
    expect(await soon(waitsForUs)).toBe(true);
    await sleep(200);
    expect(await waitsForUs()).toBe(true);
    request.destroy();
    expect(await soon(isQuiet)).toBe(true);
  });

  test('leave short ones room', async () => {
    const controller = new AbortController();
    for (let i = 0; i < 12; i++)
      fetch(`${url}/small_rows?limit=1000000`, { signal: controller.signal }).catch(() => {});
    expect(await soon(waitsForUs)).toBe(true);
    expect((await fetch(`${url}/digits?limit=1`)).status).toBe(200);
    controller.abort();
  });
});

describe('long answers of what was written', () => {
  const change = (path: string, headers: Record<string, string> = {}) =>
    open(`${url}${path}`, {
      method: 'PATCH',
      body: '{"seen": true}',
      prefer: 'return=representation',
      ...headers,
    });

  test('are the rows, and are told their number', async () => {
    const { response } = await change('/stock?select=id,seen,text&order=id', {
      prefer: 'return=representation, count=exact, tx=rollback',
    });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-range']).toBe('0-99/100');
    const rows = JSON.parse(Buffer.concat(await response.toArray()).toString()) as {
      id: number;
      text: string;
    }[];
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(rows.every(({ text }) => text === 's'.repeat(MB))).toBe(true);
  });

  test('have the columns of CSV, and the headers that a function sets at its end', async () => {
    const { response } = await open(`${url}/rpc/headed_rows`, {
      method: 'POST',
      body: '{"amount": 5}',
      accept: 'text/csv',
    });
    expect(response.headers['x-rows']).toBe('many');
    const lines = Buffer.concat(await response.toArray())
      .toString()
      .split('\n');
    expect(lines.map((line) => line.slice(0, 8))).toEqual([
      'id,text',
      '1,yyyyyy',
      '2,yyyyyy',
      '3,yyyyyy',
      '4,yyyyyy',
      '5,yyyyyy',
    ]);
  });

  test('are refused where there are too many, and nothing was written', async () => {
    const { response } = await change('/stock?select=text', {
      prefer: 'return=representation, handling=strict, max-affected=50',
    });
    expect(response.statusCode).toBe(400);
    expect(JSON.parse(Buffer.concat(await response.toArray()).toString())).toMatchObject({
      code: 'PGRST124',
    });
  });

  test('leave nothing behind when the client leaves', async () => {
    const files = () => readlinkAll().filter((name) => name.includes('ashlar-answer-')).length;
    const { request: asked } = await change('/stock?select=text', {
      prefer: 'return=representation, tx=rollback',
    });
    expect(files()).toBe(1);
    asked.destroy();
    expect(await soon(async () => files() === 0)).toBe(true);
  });
});

describe('a client that leaves', () => {
  beforeAll(async () => {
    expect(await soon(isQuiet)).toBe(true);
  });

  test('in the middle of an answer cancels its statement', async () => {
    const { request, response } = await open(`${url}/small_rows?limit=10000000`);
    response.resume();
    await sleep(100);
    expect(await isBusy()).toBe(true);
    request.destroy();
    expect(await soon(isQuiet)).toBe(true);
  });

  test.each(['/rpc/doze?seconds=30', '/late_rows', '/late_rows?limit=5'])(
    'before there is an answer cancels its statement: %s',
    async (path) => {
      const controller = new AbortController();
      const method = path.startsWith('/rpc') ? 'POST' : 'GET';
      const [target, query] = path.split('?');
      const body = method === 'POST' ? JSON.stringify({ seconds: 30 }) : null;
      const asked = fetch(`${url}${method === 'POST' ? target : `${target}?${query ?? ''}`}`, {
        method,
        body,
        headers: JSON_BODY,
        signal: controller.signal,
      }).catch(() => 'left');
      expect(await soon(isBusy)).toBe(true);
      controller.abort();
      expect(await asked).toBe('left');
      expect(await soon(isQuiet)).toBe(true);
    },
  );

  test('does not take the answer of others along that asked the same', async () => {
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    for (const { signal } of controllers) fetch(`${url}/late_rows?limit=3`, { signal }).catch(() => {});
    expect(await soon(isBusy)).toBe(true);
    await sleep(100);
    controllers[1]?.abort();
    await sleep(300);
    expect(await isBusy()).toBe(true);
    controllers[0]?.abort();
    // Now it is the turn of the third.
    await sleep(300);
    expect(await isBusy()).toBe(true);
    controllers[2]?.abort();
    expect(await soon(isQuiet)).toBe(true);
  });

  test('is given up when it takes nothing any more', async () => {
    const server: HttpServer = await listen({
      host: '127.0.0.1',
      port: 0,
      routes: [fixture.api.api.route],
      cors: { origins: [] },
      limits: { ...serverLimits, pieceMs: 300 },
      traceHeader: undefined,
      agent: 'Ashlar',
      onInternalError: () => {},
    });
    const { response } = await open(`http://127.0.0.1:${server.port}/small_rows?limit=1000000`);
    expect(await soon(waitsForUs)).toBe(true);
    expect(await soon(isQuiet)).toBe(true);
    await expect(readSlowly(response)).rejects.toThrow('aborted');
    await server.close(100);
  });
});

describe('a statement that fails', () => {
  test('before anything was sent is told in full', async () => {
    const response = await fetch(`${url}/failing_rows?id=gte.99999`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: '22012', message: 'division by zero' });
  });

  test('in the middle of an answer breaks it off', async () => {
    const response = await fetch(`${url}/failing_rows`);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(await soon(isQuiet)).toBe(true);
    expect((await fetch(`${url}/digits`)).status).toBe(200);
  });

  test('only in what heads it is told, and its rows are not waited for', async () => {
    const spoiled = await openFixture('spoiled', { preRequest: { schema: 'public', name: 'spoil' } });
    const response = await fetch(`${await spoiled.api.serve()}/rows`);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: 'PGRST112' });
    expect(await soon(async () => spoiled.api.pool.stats.inFlight === 0)).toBe(true);
    await spoiled.api.close();
  });
});

describe('long numbers keep every digit', () => {
  const FIRST = '{"id":9007199254740993,"exact":12345678901234567890.12345678901234567890}';

  test('when they are selected, filtered, ordered and embedded', async () => {
    const text = async (path: string) => (await fetch(`${url}${path}`)).text();
    expect(await text('/digits?select=id,exact&id=eq.9007199254740993')).toBe(`[${FIRST}]`);
    expect(await text('/digits?select=id,exact&exact=gt.12345678901234567890.12345678901234567889')).toBe(
      `[${FIRST}]`,
    );
    expect(await text('/digits?select=id&id=in.(9223372036854775807,9007199254740992)')).toBe(
      '[{"id":9223372036854775807}]',
    );
    expect(await text('/digits?select=exact,parent(id,exact)&order=exact.asc&limit=1')).toBe(
      `[{"exact":-0.00000000000000000001,"parent":${FIRST}}]`,
    );
    expect(await text('/digits?select=id.max(),exact.sum()')).toBe(
      '[{"max":9223372036854775807,"sum":12345678901234567890.12345678901234567889}]',
    );
  });

  test('when they are inserted', async () => {
    const response = await fetch(`${url}/digits?select=id,exact,doubled`, {
      method: 'POST',
      headers: { 'x-role': 'authenticated', prefer: 'return=representation, tx=rollback', ...JSON_BODY },
      body: '{"id": 9007199254740995, "exact": 0.1000000000000000055511151231257827}',
    });
    expect(await response.text()).toBe(
      '[{"id":9007199254740995,"exact":0.1000000000000000055511151231257827,"doubled":9007199254740995}]',
    );
  });

  test('when functions take and give them', async () => {
    const expected = '{"id" : 9007199254740993, "exact" : 0.10000000000000000001}';
    const called = await fetch(`${url}/rpc/same?id=9007199254740993&exact=0.10000000000000000001`);
    expect(await called.text()).toBe(expected);
    const posted = await fetch(`${url}/rpc/same`, {
      method: 'POST',
      headers: JSON_BODY,
      body: '{"id": 9007199254740993, "exact": 0.10000000000000000001}',
    });
    expect(await posted.text()).toBe(expected);
  });
});
