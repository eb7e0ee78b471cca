import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, installedVersions, type TestDatabase } from '../../test/setup/database.ts';
import { openSession, type Session } from '../db/index.ts';
import { applyMigrations } from './apply-migrations.ts';
import { makeFile } from './fixtures/make-file.ts';
import type { MigrationFile } from './migration-file.ts';
import { rehearseMigrations } from './rehearse-migrations.ts';

describe.each(installedVersions())('a rehearsal on Postgres %i', (version) => {
  let database: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    database = await createTestDatabase(version);
  });
  beforeEach(async () => {
    session = await openSession(database.owner);
    await session.query('drop schema if exists ashlar, extensions, public cascade; create schema public');
  });
  afterEach(() => session.close());

  /** By names, and where it fails. */
  const rehearse = async (...files: MigrationFile[]) => {
    const { applied, untried, failure } = await rehearseMigrations(session, files);
    return {
      applied: applied.map(({ name }) => name),
      untried: untried.map(({ name }) => name),
      failure: failure && `${failure.file}:${failure.place?.line} ${failure.code}`,
      help: failure?.help.join(' '),
    };
  };
  const leavesNothing = async () => {
    expect(
      await session.query("select nspname from pg_namespace where nspname in ('ashlar', 'auth', 'storage')"),
    ).toEqual([]);
    expect(
      await session.query("select relname from pg_class where relnamespace = 'public'::regnamespace"),
    ).toEqual([]);
  };

  test('tells what would be applied, to a database that was never prepared, and leaves nothing', async () => {
    const one = makeFile('1.sql', 'create table a (u uuid default auth.uid()); grant select on a to anon');
    const two = makeFile('2.sql', "set search_path = ''; create table public.b ()");
    const three = makeFile('3.sql', 'alter table a add c int; alter table b add c int');
    expect(await rehearse(one, two, three)).toEqual({
      applied: ['1.sql', '2.sql', '3.sql'],
      untried: [],
      failure: undefined,
      help: undefined,
    });
    await leavesNothing();
  });

  test('tells what would fail, and leaves nothing', async () => {
    expect(
      await rehearse(makeFile('1.sql', 'create table a ()'), makeFile('2.sql', 'select 1;\nselect oops')),
    ).toMatchObject({ applied: ['1.sql'], failure: 'migrations/2.sql:2 42703' });
    await leavesNothing();
  });

  test('tells what only the COMMIT would find', async () => {
    const text =
      'create table a (id int primary key, up int references a deferrable initially deferred); insert into a values (1, 2)';
    expect(await rehearse(makeFile('1.sql', text))).toMatchObject({
      failure: 'migrations/1.sql:undefined 23503',
    });
    await leavesNothing();
  });

  test('does not try what cannot be undone, and says that a later failure may come from that', async () => {
    const one = makeFile('1.sql', '-- ashlar:no-transaction\ncreate table a ()');
    const two = makeFile('2.sql', 'create table b ()');
    const three = makeFile('3.sql', 'alter table a add c int');
    expect(await rehearse(one, two, three)).toMatchObject({
      applied: ['2.sql'],
      untried: ['1.sql'],
      failure: 'migrations/3.sql:1 42P01',
      help: expect.stringContaining('1.sql'),
    });
    await leavesNothing();
  });

  test('does not take a new value of an enum for a failure, as each file will have its own transaction', async () => {
    await session.query("create type e as enum ('a')");
    const one = makeFile('1.sql', "alter type e add value 'b'");
    const two = makeFile('2.sql', "create table t (e e default 'b'); insert into t values (default)");
    expect(await rehearse(one, two)).toMatchObject({
      applied: ['1.sql'],
      untried: ['2.sql'],
      failure: undefined,
    });
    await session.query('drop type e');
    await leavesNothing();
  });

  test('looks only at what is pending, and refuses an edited file', async () => {
    const one = makeFile('1.sql', 'create table a ()');
    await applyMigrations(session, [one]);
    const two = makeFile('2.sql', 'create table b ()');
    expect(await rehearse(one, two)).toMatchObject({ applied: ['2.sql'] });
    expect(await rehearse(makeFile('1.sql', 'edited'), two)).toMatchObject({
      applied: [],
      failure: 'migrations/1.sql:undefined undefined',
    });
  });
});
