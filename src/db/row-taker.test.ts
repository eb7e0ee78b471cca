import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/setup/database.ts';
import { releaseLong } from './message-reader.ts';
import { createPool, type Pool } from './pool.ts';
import { readRow } from './result-messages.ts';
import type { Statement } from './statement.ts';

const plain = (text: string): Statement => ({ text, key: undefined, params: [] });

describe('a taker of rows', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool({ connect: database.server, max: 2 });
  });

  afterAll(async () => {
    await pool?.close();
    await database?.drop();
  });

  test('gets the rows of the last statement, in order, and those of the others are collected', async () => {
    const seen: string[] = [];
    let flushes = 0;
    const outcomes = await pool.stream(
      [
        plain(`select repeat('a', 70000)`),
        plain(`select i, repeat('b', 100) from generate_series(1, 50000) i`),
      ],
      {
        row: (buffer, start) => {
          seen.push(String(readRow(buffer, start)[0]));
        },
        flush: async () => {
          flushes++;
          if (flushes % 10 === 0) await sleep(1);
        },
      },
    );
    expect(seen).toEqual(Array.from({ length: 50_000 }, (_, i) => String(i + 1)));
    expect(outcomes.map(({ rows, command }) => [rows.length, command])).toEqual([
      [1, 'SELECT 1'],
      [0, 'SELECT 50000'],
    ]);
    expect(outcomes[0]?.rows[0]?.[0]?.toString()).toBe('a'.repeat(70_000));
  });

  test('owns the bytes of long rows', async () => {
    const kept: Buffer[] = [];
    await pool.stream([plain(`select repeat(i::text, 1000000) from generate_series(1, 5) i`)], {
      row: (buffer) => {
        kept.push(buffer);
      },
      flush: () => sleep(5),
    });
    expect(kept.map((bytes) => bytes.toString('latin1', 11, 13))).toEqual(['11', '22', '33', '44', '55']);
    kept.forEach(releaseLong);
    expect(kept.map(({ length }) => length)).toEqual([0, 0, 0, 0, 0]);
  });

  test('cancels the statement by failing', async () => {
    const failing = pool.stream([plain('select generate_series(1, 100000000)')], {
      row: () => {},
      flush: () => {
        throw new Error('enough');
      },
    });
    await expect(failing).rejects.toThrow('enough');
    const [outcome] = await pool.run([plain('select 1')]);
    expect(outcome?.command).toBe('SELECT 1');
  });
});

describe('rows of which only the first is wanted', () => {
  test('are counted by the command tag', async () => {
    const database = await createTestDatabase();
    const pool = createPool({ connect: database.server });
    const [outcome] = await pool.run([
      {
        text: `select repeat(i::text, 300000) from generate_series(1, 50) i`,
        key: undefined,
        params: [],
        rows: 'first',
      },
    ]);
    expect(outcome?.command).toBe('SELECT 50');
    expect(outcome?.rows.map(([value]) => value?.toString())).toEqual(['1'.repeat(300_000)]);
    await pool.close();
  });
});

describe('rows of more bytes than are wanted', () => {
  test('fail their exchange and no other', async () => {
    const database = await createTestDatabase();
    const pool = createPool({ connect: database.server, max: 1 });
    const keyed = (text: string): Statement => ({ text, key: text, params: [] });
    const rows = (count: number) => keyed(`select repeat('x', 1000) from generate_series(1, ${count})`);
    await pool.run([rows(100)], { maxBytes: 200_000 });
    const [before, long, behind] = await Promise.allSettled([
      pool.run([rows(100)], { maxBytes: 200_000 }),
      pool.run([rows(1_000)], { maxBytes: 200_000 }),
      pool.run([rows(100)], { maxBytes: 200_000 }),
    ]);
    expect([before.status, behind.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(long).toMatchObject({ status: 'rejected', reason: { kind: 'too-long' } });
    await pool.close();
  });
});
