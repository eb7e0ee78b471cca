import { expect, test } from 'vitest';
import type { Session } from '../../db/index.ts';
import { checkServer } from './check-server.ts';

/** A session of a server that says so of itself. */
const serverOf = (major: number, free = 100) =>
  ({
    query: async () => [{ major: String(major), version: `${major}.3`, free: String(free) }],
  }) as unknown as Session;

const check = async (major: number, free?: number) =>
  (await checkServer({ serving: serverOf(major, free), values: { workers: 2, poolSize: 10 } as never })).map(
    ({ id, severity }) => [id, severity],
  );

test.each([15, 16, 17, 18])('takes Postgres %i', async (major) => {
  expect(await check(major)).toEqual([]);
});

test('refuses a Postgres that is too old, and warns of one that is newer than what was tried', async () => {
  expect(await check(14)).toEqual([['old-postgres', 'error']]);
  expect(await check(19)).toEqual([['new-postgres', 'warning']]);
});

test('warns of a database with fewer connections than the workers may want', async () => {
  expect(await check(18, 21)).toEqual([['few-connections', 'warning']]);
  expect(await check(18, 22)).toEqual([]);
});
