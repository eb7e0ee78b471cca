import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/setup/database.ts';
import { startProxy } from '../../test/setup/proxy.ts';
import { createPool, type Pool } from './pool.ts';
import type { Row, Statement } from './statement.ts';

const plain = (text: string): Statement => ({ text, key: undefined, params: [] });
const numbers = (count: number): Statement =>
  plain(`select i, repeat('x', 1000) from generate_series(1, ${count}) i`);

describe('a stream', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool({ connect: database.server, max: 2 });
  });
  afterAll(async () => {
    await pool.close();
    await database.drop();
  });

  it('hands over the rows of the last statement, in order and in chunks', async () => {
    let last = 0;
    let chunks = 0;
    const outcomes = await pool.stream(
      [plain('select 7'), { ...numbers(20_000), describe: true }],
      (rows, columns) => {
        expect(columns?.map((column) => column.name)).toEqual(['i', 'repeat']);
        chunks++;
        for (const [i] of rows) expect(Number(i)).toBe(++last);
      },
    );
    expect(last).toBe(20_000);
    expect(chunks).toBeGreaterThan(10);
    expect(outcomes.map((outcome) => [outcome.rows.length, outcome.command])).toEqual([
      [1, 'SELECT 1'],
      [0, 'SELECT 20000'],
    ]);
  });

  it('reads no more than it must while the taker is busy', async () => {
    let passed = 0;
    const proxy = await startProxy(database.server, {
      onServerBytes: (bytes, client) => {
        passed += bytes.length;
        client.write(bytes);
      },
    });
    const slow = createPool({ connect: proxy.through(database.server), max: 1 });
    let first = true;
    let seen = 0;
    await slow.stream([numbers(100_000)], async (rows) => {
      seen += rows.length;
      if (!first) return;
      first = false;
      await sleep(300);
      expect(passed).toBeLessThan(30_000_000);
      expect(process.memoryUsage().arrayBuffers).toBeLessThan(60_000_000);
    });
    expect(seen).toBe(100_000);
    await slow.close();
    await proxy.close();
  });

  it('waits for the taker of the last rows', async () => {
    let done = false;
    await pool.stream([plain('select 1')], async () => {
      await sleep(50);
      done = true;
    });
    expect(done).toBe(true);
  });

  it('rejects with the error that comes after some rows', async () => {
    const rows: Row[] = [];
    const failing = pool.stream(
      [plain('select 1 / (50000 - i) from generate_series(1, 60000) i')],
      (some) => {
        rows.push(...some);
      },
    );
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(rows.length).toBeGreaterThan(1_000);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('full'))],
  ])('cancels the statement when the taker %s', async (_how, taker) => {
    const begin = performance.now();
    await expect(
      pool.stream([plain('select pg_sleep(0.001), i from generate_series(1, 100000) i')], taker),
    ).rejects.toThrow('full');
    expect(performance.now() - begin).toBeLessThan(5_000);
    const [outcome] = await pool.run([plain('select 1')]);
    expect(outcome?.command).toBe('SELECT 1');
  });

  it('ends when the signal aborts, even while the taker is busy, and leaves the connection usable', async () => {
    const controller = new AbortController();
    const { connections } = pool.stats;
    let chunks = 0;
    const streaming = pool.stream(
      [numbers(1_000_000)],
      async () => {
        if (++chunks === 3) controller.abort(new Error('seen enough'));
        await sleep(20);
      },
      { signal: controller.signal },
    );
    await expect(streaming).rejects.toThrow('seen enough');
    expect(chunks).toBeLessThan(6);
    const answers = await Promise.all([pool.run([plain('select 1')]), pool.run([plain('select 2')])]);
    expect(answers.map(([outcome]) => String(outcome?.rows[0]))).toEqual(['1', '2']);
    expect(pool.stats.connections).toBeGreaterThanOrEqual(connections);
    await expect.poll(() => pool.stats.idle).toBe(pool.stats.connections);
  });

  it('does not hold up others', async () => {
    const streaming = pool.stream([numbers(20_000)], () => sleep(5));
    const begin = performance.now();
    for (let i = 0; i < 20; i++) await pool.run([plain('select 1')]);
    expect(performance.now() - begin).toBeLessThan(500);
    await streaming;
  });
});
