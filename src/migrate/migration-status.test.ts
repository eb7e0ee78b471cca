import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../test/setup/database.ts';
import { openSession, type Session } from '../db/index.ts';
import { applyMigrations, applySeed, skipSeed } from './apply-migrations.ts';
import { recordBaseline } from './baseline.ts';
import { makeFile } from './fixtures/make-file.ts';
import type { MigrationFile } from './migration-file.ts';
import { readStatus } from './migration-status.ts';

describe('the status', () => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession((await createTestDatabase()).owner);
  });
  afterAll(() => session?.close());

  const states = async (files: readonly MigrationFile[]) =>
    (await readStatus(session, { files, seed: undefined })).migrations.map(
      ({ name, state }) => `${name} ${state}`,
    );

  // One after the other: each goes on with the database of the one before.
  test('of a database that was never migrated is that all is pending, and changes nothing', async () => {
    const seed = makeFile('seed.sql', 'select 1');
    expect(await readStatus(session, { files: [makeFile('1.sql', 'create table a ()')], seed })).toEqual({
      migrations: [{ name: '1.sql', state: 'pending', appliedAt: undefined, durationMs: undefined }],
      seed: 'pending',
    });
    expect(await session.query("select to_regnamespace('ashlar') as found")).toEqual([{ found: null }]);
  });

  test('tells how each file stands', async () => {
    await recordBaseline(session, [makeFile('1.sql', 'create table no_one_runs_this (')]);
    const applied = ['2', '4', '5', '6', '7'].map((n) => makeFile(`${n}.sql`, `create table t${n} ()`));
    expect((await applyMigrations(session, applied)).failure).toBeUndefined();
    const files = [
      makeFile('1.sql', 'create table no_one_runs_this ('),
      makeFile('2.sql', 'create table t2 ()'),
      makeFile('3.sql', 'create table t3 ()'),
      makeFile('4.sql', 'create table edited ()'),
      makeFile('6b.sql', 'create table t6 ()'),
      makeFile('7.sql', 'create table t7 ()'),
      makeFile('8.sql', 'create table t8 ()'),
    ];
    expect(await states(files)).toEqual([
      '1.sql baseline',
      '2.sql applied',
      '3.sql late',
      '4.sql edited',
      '5.sql missing',
      '6b.sql renamed',
      '7.sql applied',
      '8.sql pending',
    ]);
    const { migrations } = await readStatus(session, { files, seed: undefined });
    expect(migrations[1]?.appliedAt).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(migrations[1]?.durationMs).toBeGreaterThanOrEqual(0);
  });

  test('tells that a seed is run no more where the database was served without it', async () => {
    const other = await openSession((await createTestDatabase()).owner);
    try {
      await skipSeed(other, undefined);
      const seed = makeFile('seed.sql', 'create table seeded ()');
      expect((await readStatus(other, { files: [], seed })).seed).toBe('skipped');
      expect(await applySeed(other, seed)).toMatchObject({ applied: [], findings: [{ id: 'seed-skipped' }] });
      expect(await other.query("select to_regclass('seeded') as found")).toEqual([{ found: null }]);
    } finally {
      await other.close();
    }
  });

  test('tells whether the seed has been run', async () => {
    const seed = makeFile('seed.sql', 'select 1');
    await applySeed(session, seed);
    expect((await readStatus(session, { files: [], seed })).seed).toBe('applied');
    expect((await readStatus(session, { files: [], seed: undefined })).seed).toBeUndefined();
  });
});

describe('a baseline', () => {
  test('records files without running them, so that only later ones are applied', async () => {
    const session = await openSession((await createTestDatabase()).owner);
    try {
      await session.query('create table a ()');
      const one = makeFile('1.sql', 'create table a ()');
      const two = makeFile('2.sql', 'create table b ()');
      expect(await recordBaseline(session, [one, two], { names: ['3.sql', '1.sql'] })).toEqual({
        recorded: [],
        edited: [],
        unknown: ['3.sql'],
      });
      expect(await recordBaseline(session, [one, two], { names: ['1.sql'] })).toEqual({
        recorded: ['1.sql'],
        edited: [],
        unknown: [],
      });
      expect((await applyMigrations(session, [one, two])).applied).toMatchObject([{ name: '2.sql' }]);
      expect((await recordBaseline(session, [one, two])).recorded).toEqual([]);

      const edited = makeFile('2.sql', 'create table b (); -- with a remark');
      expect((await applyMigrations(session, [one, edited])).failure).toBeDefined();
      expect((await recordBaseline(session, [one, edited])).recorded).toEqual([]);
      expect(await recordBaseline(session, [one, edited], { names: ['2.sql'] })).toMatchObject({
        recorded: ['2.sql'],
        edited: ['2.sql'],
      });
      expect((await applyMigrations(session, [one, edited])).failure).toBeUndefined();
    } finally {
      await session.close();
    }
  });
});
