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

  it('is one of so many that others always find a connection, and its turn comes', async () => {
    const narrow = createPool({ connect: database.server, max: 4, maxStreams: 2 });
    const done: (() => void)[] = [];
    const begun: number[] = [];
    const streams = [0, 1, 2, 3].map((which) =>
      narrow.stream([numbers(1)], () => {
        begun.push(which);
        return new Promise<void>((resolve) => done.push(resolve));
      }),
    );
    await expect.poll(() => done.length).toBe(2);
    await sleep(100);
    expect(begun.toSorted()).toEqual([0, 1]);
    // Work that could begin is not what waits.
    expect(narrow.lagMs).toBe(0);
    const results = await Promise.all([
      narrow.run([plain('select 1')]),
      narrow.run([plain('select 2')], { slow: true }),
      narrow.transaction(({ run }) => run([plain('select 3')])),
    ]);
    expect(results.map(([outcome]) => outcome?.rows[0]?.[0]?.toString())).toEqual(['1', '2', '3']);
    for (let i = 0; i < 4; i++) {
      await expect.poll(() => done.length).toBeGreaterThan(i);
      done[i]?.();
    }
    await Promise.all(streams);
    expect(begun.toSorted()).toEqual([0, 1, 2, 3]);
    await narrow.close();
  });

  it('that is given up while it waits for its turn takes nobody else’s', async () => {
    const narrow = createPool({ connect: database.server, max: 4, maxStreams: 1 });
    let finish: (() => void) | undefined;
    const first = narrow.stream([numbers(1)], () => new Promise<void>((resolve) => (finish = resolve)));
    await expect.poll(() => finish).toBeDefined();
    const controller = new AbortController();
    const second = narrow.stream([numbers(1)], () => {}, { signal: controller.signal });
    const third = narrow.stream([numbers(1)], () => {});
    controller.abort(new Error('left'));
    await expect(second).rejects.toThrow('left');
    finish?.();
    await Promise.all([first, third]);
    await narrow.close();
  });

  it('the pool tells how long work waits', async () => {
    const narrow = createPool({ connect: database.server, max: 1 });
    const sleeping = narrow.run([plain('select pg_sleep(0.4)')], { slow: true });
    await sleep(50);
    const waiting = narrow.run([plain('select 1')]);
    await expect.poll(() => narrow.lagMs).toBeGreaterThan(100);
    await Promise.all([sleeping, waiting]);
    expect(narrow.lagMs).toBe(0);
    await narrow.close();
  });
});
