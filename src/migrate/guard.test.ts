import { beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, installedVersions } from '../../test/setup/database.ts';
import { openSession, type Session } from '../db/index.ts';
import { applyMigrations } from './apply-migrations.ts';
import { makeFile } from './fixtures/make-file.ts';
import type { Guard } from './guard.ts';
import type { MigrationFile } from './migration-file.ts';
import { printFailure } from './print-failure.ts';
import { rehearseMigrations } from './rehearse-migrations.ts';

/** Here, what must not be is a table whose name begins with `open`. */
const guard: Guard = async (session) =>
  (
    await session.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relname like 'open%' order by 1",
    )
  ).map(({ relname }) => ({
    id: 'open',
    severity: 'error',
    subject: `public.${relname}`,
    message: `public.${relname} is open.`,
    remedy: `drop table public.${relname};`,
    why: 'It should not be.',
  }));

describe.each(installedVersions())('migrations under guard on Postgres %i', (version) => {
  let session: Session;
  beforeEach(async () => {
    session = await openSession((await createTestDatabase(version)).owner);
    return () => session.close();
  });

  const apply = async (...files: MigrationFile[]) => {
    const { applied, failure, findings } = await applyMigrations(session, files, { guard });
    return {
      applied: applied.map(({ name }) => name),
      failure: failure && printFailure(failure),
      findings: findings.map(({ message }) => message),
    };
  };
  const tables = async () =>
    (
      await session.query(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
      )
    ).map(({ relname }) => relname);
  const recorded = async () =>
    (await session.query('select name from ashlar.migrations order by ordinal')).map(({ name }) => name);

  const sound = makeFile('1.sql', 'create table a ()');
  const opens = makeFile('2.sql', 'create table open_b ()');
  const closes = makeFile('3.sql', 'alter table open_b rename to b');

  test('leave nothing of a file that brings about what must not be, and say what mends it', async () => {
    const run = await apply(sound, opens);
    expect(run).toEqual({
      applied: ['1.sql'],
      findings: [],
      failure: [
        'error: public.open_b is open.',
        '--> migrations/2.sql',
        ' = hint: It should not be.',
        ' = help: drop table public.open_b;',
      ].join('\n'),
    });
    expect(await tables()).toEqual(['a']);
    expect(await recorded()).toEqual(['1.sql']);
  });

  test('commit such a file together with the one that takes it back, never without', async () => {
    const telling = (file: MigrationFile, name: string) =>
      makeFile(file.name, `${file.text}; create table ${name} as select pg_current_xact_id()::text as id`);
    const run = await apply(telling(sound, 'x'), telling(opens, 'y'), telling(closes, 'z'));
    expect(run).toEqual({ applied: ['1.sql', '2.sql', '3.sql'], failure: undefined, findings: [] });
    const [ids] = await session.query('select x.id as x, y.id as y, z.id as z from x, y, z');
    expect(ids?.y).toBe(ids?.z);
    expect(ids?.x).not.toBe(ids?.y);
    expect(await tables()).toEqual(['a', 'b', 'x', 'y', 'z']);
    expect(await recorded()).toEqual(['1.sql', '2.sql', '3.sql']);
  });

  test('undo what was held when a later file fails', async () => {
    const run = await apply(sound, opens, makeFile('3.sql', 'create tabel x ()'));
    expect(run.applied).toEqual(['1.sql']);
    expect(run.failure).toContain('migrations/3.sql:1:8');
    expect(run.failure).toContain(
      'Undone with it: 2.sql. What opens a table is only applied together with what closes it.',
    );
    expect(await tables()).toEqual(['a']);
    expect((await apply(sound, opens, closes)).applied).toEqual(['2.sql', '3.sql']);
  });

  test('are not stopped by what was so before', async () => {
    await session.query('create table open_before ()');
    expect(await apply(sound)).toMatchObject({ applied: ['1.sql'], failure: undefined });
    expect((await apply(sound, opens)).failure).toContain('public.open_b is open.');
  });

  test('say so where a file that needs what was committed comes between', async () => {
    const adds = makeFile('1.sql', "create type mood as enum ('ok'); create table open_b ()");
    const more = makeFile('2.sql', "alter type mood add value 'sad'");
    const uses = makeFile('3.sql', "create table moods (mood mood default 'sad')");
    const last = makeFile('4.sql', 'alter table open_b rename to b');
    expect((await apply(adds)).failure).toContain('open_b is open');
    // Which of them Postgres can do in one transaction depends on its version; it comes to the same.
    const run = await apply(adds, more, uses, last);
    expect(run).toMatchObject({ applied: ['1.sql', '2.sql', '3.sql', '4.sql'], failure: undefined });
    expect(await tables()).toEqual(['b', 'moods']);
  });

  test('tell of a file without a transaction afterwards', async () => {
    const alone = makeFile('2.sql', '-- ashlar:no-transaction\ncreate table open_b ();');
    const run = await apply(sound, alone);
    expect(run.applied).toEqual(['1.sql', '2.sql']);
    expect(run.failure).toContain('2.sql has been applied and stays. Mend it with a new migration, at once.');
    const index = makeFile('3.sql', '-- ashlar:no-transaction\ncreate index concurrently on a ((1));');
    const held = await apply(sound, alone, makeFile('2b.sql', 'create table open_c ()'), index);
    expect(held.findings.join()).toContain('open_c is open. It could not be held back until it is mended');
    expect(held.failure).toContain('public.open_c is open.');
  });

  test('are refused by a rehearsal, too, which leaves nothing', async () => {
    const refused = await rehearseMigrations(session, [sound, opens], { guard });
    expect(refused.failure).toMatchObject({ file: 'migrations/2.sql', message: 'public.open_b is open.' });
    expect((await rehearseMigrations(session, [sound, opens, closes], { guard })).failure).toBeUndefined();
    expect(await tables()).toEqual([]);
  });
});
