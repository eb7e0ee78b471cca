import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/setup/database.ts';
import { type Proxy as Cable, startProxy } from '../../test/setup/proxy.ts';
import { createPool, type Pool, type PoolOptions } from './pool.ts';
import type { Statement } from './statement.ts';

const plain = (text: string): Statement => ({ text, key: undefined, params: [] });

describe('a connection on which an answer is due', () => {
  let database: TestDatabase;
  let cable: Cable;
  let pools: Pool[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(async () => {
    cable = await startProxy(database.owner);
  });
  afterEach(async () => {
    await Promise.all(pools.map((pool) => pool.close({ graceMs: 0 })));
    pools = [];
    await cable.close();
  });

  const open = (options: Partial<PoolOptions> = {}): Pool => {
    const pool = createPool({ connect: cable.through(database.owner), max: 2, silenceMs: 200, ...options });
    pools.push(pool);
    return pool;
  };

  test('is given up when it is dead without having been closed', async () => {
    const pool = open();
    await pool.run([plain('select 1')]);
    cable.freeze();
    await expect(pool.run([plain('select 1')])).rejects.toMatchObject({
      kind: 'lost',
      message: expect.stringContaining('the server is not at work for it'),
    });
  });

  test('takes others with it that were idle when it died', async () => {
    const pool = open();
    await Promise.all([pool.run([plain('select 1')]), pool.run([plain('select 1')])]);
    await expect.poll(() => pool.stats.connections).toBe(2);
    cable.freeze();
    await expect(pool.run([plain('select 1')])).rejects.toMatchObject({ kind: 'lost' });
    await pool.run([plain('select 1')]);
  });

  test('is given up when the server has answered, and the answer was lost', async () => {
    const pool = open();
    await pool.run([plain('select 1')]);
    const nap = pool.run([plain('select pg_sleep(0.5)')]);
    setTimeout(() => cable.freeze(), 200);
    await expect(nap).rejects.toMatchObject({ kind: 'lost' });
  });

  test('is given up, in a transaction and in a stream too', async () => {
    const pool = open({ max: 3 });
    const transaction = pool.transaction(async ({ run }) => {
      await run([plain('select 1')]);
      cable.freeze();
      return run([plain('select 2')]);
    });
    await expect(transaction).rejects.toMatchObject({ kind: 'lost' });
    let rows = 0;
    const stream = pool.stream([plain("select repeat('x', 1000) from generate_series(1, 100000)")], () => {
      if (rows++ === 0) cable.freeze();
    });
    await expect(stream).rejects.toMatchObject({ kind: 'lost' });
  });

  test('is given up when nothing comes on new ones either, and work goes on when something does', {
    timeout: 60_000,
  }, async () => {
    const pool = open({ max: 1 });
    await pool.run([plain('select 1')]);
    cable.freeze('new');
    await expect(pool.run([plain('select 1')])).rejects.toMatchObject({
      message: expect.stringContaining('does not answer on new connections either'),
    });
    const waiting = pool.run([plain('select 1')]);
    cable.thaw();
    await waiting;
  });

  test('is waited for while the server is at work', async () => {
    const pool = open();
    const [outcome] = await pool.run([plain('select pg_sleep(2), 42')]);
    expect(String(outcome?.rows[0]?.[1])).toBe('42');
    const [locked] = await Promise.all([
      pool.transaction(async ({ run }) => {
        await run([plain('select pg_advisory_xact_lock(1)')]);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        return 'freed';
      }),
      pool.run([plain('select pg_sleep(0.1), pg_advisory_xact_lock(1)')], { slow: true }),
    ]);
    expect(locked).toBe('freed');
  });

  test('is waited for while it is we who do not take what comes', async () => {
    const pool = open();
    let rows = 0;
    await pool.stream([plain("select repeat('x', 1000) from generate_series(1, 20000)")], async (some) => {
      if (rows === 0) await new Promise((resolve) => setTimeout(resolve, 1_500));
      rows += some.length;
    });
    expect(rows).toBe(20_000);
  });

  test('is waited for while a long question is on its way', async () => {
    const pool = open({ max: 1 });
    await pool.run([plain('select 1')]);
    // The cable takes it at once, and gives it to Postgres after a second.
    cable.slowDown(1_000);
    const statement: Statement = {
      text: 'select length($1)',
      key: undefined,
      params: ['x'.repeat(1_000_000)],
    };
    const [outcome] = await pool.run([statement]);
    expect(String(outcome?.rows[0])).toBe('1000000');
  });

  test('is waited for behind a pooler, where the server cannot be asked', async () => {
    const pooler = await startProxy(database.owner, {
      // BackendKeyData, with a number of the pooler's own.
      onServerBytes: (bytes, client) => {
        const at = bytes.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
        if (at >= 0) bytes.writeInt32BE(7, at + 5);
        client.write(bytes);
      },
    });
    const pool = open({ connect: pooler.through(database.owner) });
    const [outcome] = await pool.run([plain('select pg_sleep(2), 42')]);
    expect(String(outcome?.rows[0]?.[1])).toBe('42');
    await pool.close();
    await pooler.close();
  });
});
