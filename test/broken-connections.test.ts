import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPool } from '../src/db/index.ts';
import { openTestApi, type TestApi } from './setup/api.ts';
import { createTestDatabase, type TestDatabase } from './setup/database.ts';
import { type Proxy as Cable, startProxy } from './setup/proxy.ts';

const schema = `
  create table notes (id int, body text default repeat('x', 1000));
  insert into notes select generate_series(1, 5000);
  create function slow_read() returns int language sql stable as 'select 42 from pg_sleep(0.3)';
  create function slow_act() returns int language sql volatile as 'select 42 from pg_sleep(0.3)';
  create function nap() returns trigger language plpgsql as 'begin perform pg_sleep(0.3); return new; end';
  create table slow_notes (id int);
  create trigger nap before insert on slow_notes for each row execute function nap();
  do $$ begin create role anon; exception when duplicate_object then null; end $$;
  grant all on notes, slow_notes to anon;
  grant anon to authenticator`;

describe('a connection to the database that breaks', () => {
  let database: TestDatabase;
  let proxy: Cable;
  let api: TestApi;
  /** How often a request whose statements hold the text was sent. */
  let count: (text: string) => number;
  /** What is called when one is. */
  let onSent: { readonly text: string; readonly call: () => void } | undefined;

  beforeAll(async () => {
    database = await createTestDatabase();
    const pool = createPool({ connect: database.owner });
    for (const text of schema.split(/;\n/)) await pool.run([{ text, key: undefined, params: [] }]);
    await pool.close();
  });
  afterAll(() => database.drop());

  beforeEach(async () => {
    const sent: Buffer[] = [];
    onSent = undefined;
    count = (text) => sent.filter((bytes) => bytes.includes(text)).length;
    proxy = await startProxy(database.server, {
      onClientBytes: (bytes) => {
        sent.push(bytes);
        if (onSent === undefined || !bytes.includes(onSent.text)) return;
        const { call } = onSent;
        onSent = undefined;
        // Once Postgres has it.
        setTimeout(call, 100);
      },
    });
    api = await openTestApi({ ...database, server: proxy.through(database.server) });
  });
  afterEach(async () => {
    await api.close();
    await proxy.close();
  });

  const rowsOf = async (table: string): Promise<number> => {
    const pool = createPool({ connect: database.owner });
    const [outcome] = await pool.run([{ text: `select count(*) from ${table}`, key: undefined, params: [] }]);
    await pool.close();
    return Number(outcome?.rows[0]);
  };

  test('costs a read nothing but time', async () => {
    onSent = { text: 'slow_read', call: () => proxy.cut() };
    expect(await api.ask('/rpc/slow_read')).toMatchObject({ status: 200, text: '42' });
    expect(count('slow_read')).toBe(2);
  });

  test('is told where it breaks again and again', async () => {
    const cutAll = (): void => {
      onSent = { text: 'slow_read', call: cutAll };
      proxy.cut();
    };
    onSent = { text: 'slow_read', call: cutAll };
    const answer = await api.ask('/rpc/slow_read');
    onSent = undefined;
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(answer.json()).toMatchObject({ code: 'PGRST001' });
    expect(count('slow_read')).toBe(3);
  });

  test.each([
    ['write', { method: 'POST', path: '/slow_notes', body: '{"id":1}' }, 'slow_notes'],
    ['function that may write', { method: 'POST', path: '/rpc/slow_act', body: '{}' }, 'slow_act'],
  ])('leaves open what a %s has done, and it is not sent again', async (_what, request, text) => {
    onSent = { text, call: () => proxy.cut() };
    const headers = { 'content-type': 'application/json' };
    const answer = await api.ask({ ...request, headers });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(answer.json()).toMatchObject({
      code: 'PGRST001',
      hint: expect.stringContaining('may or may not have been done: read before you repeat it'),
    });
    expect(count(text)).toBe(1);
  });

  test('applies a write at most once', async () => {
    const before = await rowsOf('slow_notes');
    onSent = { text: 'slow_notes', call: () => proxy.cut() };
    await api.ask({
      method: 'POST',
      path: '/slow_notes',
      body: '{"id":2}',
      headers: { 'content-type': 'application/json' },
    });
    // Postgres has not seen yet that nobody waits.
    await expect.poll(() => rowsOf('slow_notes'), { timeout: 5_000 }).toBe(before + 1);
    expect(await api.ask('/slow_notes?limit=0')).toMatchObject({ status: 200 });
    expect(await rowsOf('slow_notes')).toBe(before + 1);
  });

  test('ends an answer that has begun, which is not begun again', async () => {
    const { body } = await api.handle({ path: '/notes' });
    if (body === undefined || Buffer.isBuffer(body)) throw new Error('it did not stream');
    let bytes = 0;
    const pumped = body.pump(async (chunk) => {
      if (bytes === 0) proxy.cut();
      bytes += chunk.length;
    });
    await expect(pumped).rejects.toMatchObject({ kind: 'lost' });
    expect(bytes).toBeLessThan(5_000_000);
    expect(count('"notes"')).toBeLessThanOrEqual(2);
  });

  test('is a matter of the next request no more', async () => {
    await api.ask('/notes?limit=1');
    proxy.cut();
    expect(await api.ask('/notes?limit=1')).toMatchObject({ status: 200 });
    const write = await api.ask({
      method: 'POST',
      path: '/notes',
      body: '{"id":0}',
      headers: { 'content-type': 'application/json' },
    });
    expect(write.status).toBe(201);
  });
});
