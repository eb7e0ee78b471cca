import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, installedVersions, type TestDatabase } from '../../test/setup/database.ts';
import { openSession, type Session } from '../db/index.ts';
import { applyMigrations, applySeed } from './apply-migrations.ts';
import { makeFile } from './fixtures/make-file.ts';
import type { MigrationFile } from './migration-file.ts';
import type { MigrationProgress } from './migration-progress.ts';
import { printFailure } from './print-failure.ts';

describe.each(installedVersions())('applying migrations to Postgres %i', (version) => {
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

  const apply = (...files: MigrationFile[]) => applyMigrations(session, files);
  /** Applies one file and gives what stopped it. */
  const fail = async (text: string) => {
    const { failure } = await apply(makeFile('1.sql', text));
    if (!failure) throw new Error('It was applied.');
    return failure;
  };
  const exists = async (relation: string): Promise<boolean> => {
    const [row] = await session.query('select to_regclass($1) is not null as found', [relation]);
    return row?.found === 't';
  };

  test('applies what is new, in order, and records it', async () => {
    const one = makeFile('1.sql', 'create table a (id int); insert into a values (1);');
    const two = makeFile('2.sql', 'alter table a add b int');
    expect((await apply(one)).applied.map(({ name }) => name)).toEqual(['1.sql']);
    const run = await apply(one, two);
    expect(run).toMatchObject({ applied: [{ name: '2.sql' }], findings: [], failure: undefined });
    expect((await apply(one, two)).applied).toEqual([]);

    const rows = await session.query(
      `select kind, name, checksum, baseline, applied_at between now() - interval '1 minute' and clock_timestamp() as recent,
              duration_ms between 0 and 60000 as quick
       from ashlar.migrations order by ordinal`,
    );
    const record = { kind: 'migration', baseline: 'f', recent: 't', quick: 't' };
    expect(rows).toEqual([
      { ...record, name: '1.sql', checksum: one.checksum },
      { ...record, name: '2.sql', checksum: two.checksum },
    ]);
    expect(await session.query('select * from a')).toEqual([{ id: '1', b: null }]);
  });

  test('leaves nothing of a file that fails, and goes on where it stopped once it is mended', async () => {
    const one = makeFile('1.sql', 'create table a ()');
    const three = makeFile('3.sql', 'create table c ()');
    const broken = await apply(one, makeFile('2.sql', 'create table b (); create table a ();'), three);
    expect(broken.applied.map(({ name }) => name)).toEqual(['1.sql']);
    expect(broken.failure).toMatchObject({ file: 'migrations/2.sql', code: '42P07' });
    expect([await exists('a'), await exists('b'), await exists('c')]).toEqual([true, false, false]);

    const mended = await apply(one, makeFile('2.sql', 'create table b ()'), three);
    expect(mended.applied.map(({ name }) => name)).toEqual(['2.sql', '3.sql']);
  });

  describe('shows where it failed:', () => {
    const body = 'begin\n  perform 1;\n  insert into nope\n    values (1);\nend';
    test.each([
      ['a syntax error', 'select 1;\n  create tabel x ();', '2:10', '42601'],
      ['a name', "select '🦊', 'é';\n\nselect '🦊',\n  '🦊' || oops;", '4:10', '42703'],
      [
        'a statement, where Postgres tells no place',
        'create table a ();\n\n  create table a ();',
        '3:3',
        '42P07',
      ],
      [
        'the body of a function in SQL',
        'create function f() returns int language sql as $$\n  select oops $$;',
        '2:10',
        '42703',
      ],
      [
        'the body of a function in PL/pgSQL',
        'create function f() returns int language plpgsql as $$\nbegin\n  retur 1;\nend $$;',
        '3:3',
        '42601',
      ],
      ['a statement inside of DO', `select 1;\ndo $$ ${body} $$;`, '4:15', '42P01'],
      ['a RAISE inside of DO', "do language plpgsql $x$\nbegin\n  raise 'boo';\nend $x$", '3:3', 'P0001'],
      ['a statement that DO has as text', "do $$ begin\n  execute 'select oops';\nend $$", '2:19', '42703'],
      ['a statement that DO builds', "do $$ begin\n  execute 'select ' || 'oops';\nend $$", '2:3', '42703'],
      ['a literal that never ends', "select 1;\nselect 'x;\n", '2:8', '42601'],
      ['a parenthesis that never closes', 'create table x (a int;\nselect 1;', '1:22', '42601'],
    ])('%s', async (_, text, at, code) => {
      const { place, code: found, file } = await fail(text);
      expect([`${place?.line}:${place?.column}`, found, file]).toEqual([at, code, 'migrations/1.sql']);
    });

    test('and in which function', async () => {
      const failure = await fail(
        "create function f() returns void language plpgsql as $$ begin\n raise 'no' using hint = 'Ask.', detail = 'So.'; end $$;\nselect f();",
      );
      expect(failure).toMatchObject({
        place: { line: 3, column: 1, text: 'select f();' },
        context: 'PL/pgSQL function f() line 2 at RAISE',
        message: 'no',
        hint: 'Ask.',
        detail: 'So.',
      });
    });

    test('as a compiler would', async () => {
      const failure = await fail('create table a (name text);\n\nselect nam\nfrom a;\n');
      expect(printFailure(failure)).toBe(
        [
          'error[42703]: column "nam" does not exist',
          ' --> migrations/1.sql:3:8',
          '  |',
          '3 | select nam',
          '  |        ^',
          '  = hint: Perhaps you meant to reference the column "a.name".',
        ].join('\n'),
      );
    });

    test('the file, where it is the COMMIT', async () => {
      const failure = await fail(
        'create table a (id int primary key, up int references a deferrable initially deferred); insert into a values (1, 2);',
      );
      expect(failure).toMatchObject({ place: undefined, code: '23503' });
      expect(await exists('a')).toBe(false);
    });
  });

  test('passes over BEGIN and COMMIT, and says so', async () => {
    const told: MigrationProgress[] = [];
    const text = 'create table a ();\nbegin; create table b (); commit;\ncreate table a ();';
    const { failure } = await applyMigrations(session, [makeFile('1.sql', text)], {
      onProgress: (progress) => told.push(progress),
    });
    expect(failure?.place).toMatchObject({ line: 3, column: 1 });
    expect([await exists('a'), await exists('b')]).toEqual([false, false]);
    expect(told).toContainEqual({
      kind: 'notice',
      file: 'migrations/1.sql',
      line: 2,
      severity: 'NOTICE',
      message: expect.stringContaining('BEGIN and COMMIT are passed over'),
    });
  });

  test('tells what goes on, and what Postgres has to say', async () => {
    const told: MigrationProgress[] = [];
    const text = "select 1;\n\ndo $$ begin raise warning 'Mind the gap.'; end $$;";
    await applyMigrations(session, [makeFile('1.sql', text)], {
      onProgress: (progress) => told.push(progress),
    });
    const file = 'migrations/1.sql';
    expect(told).toEqual([
      { kind: 'applying', file },
      { kind: 'notice', file, line: 3, severity: 'WARNING', message: 'Mind the gap.' },
      { kind: 'applied', file, durationMs: expect.any(Number) },
    ]);
  });

  test('begins each file with the same settings, whatever the one before it has set', async () => {
    await session.query('create schema extensions');
    const check = `do $$ begin
      if current_user <> 'ashlar_owner' then raise 'role %', current_user; end if;
      if current_setting('search_path') <> '"$user", public, extensions' then
        raise 'search_path %', current_setting('search_path'); end if;
      if current_setting('check_function_bodies') <> 'on' then raise 'check_function_bodies'; end if;
      if exists (select from pg_prepared_statements) then raise 'prepared'; end if;
      if to_regclass('pg_temp.t') is not null then raise 'temporary'; end if;
    end $$;`;
    const mess = `set role pg_monitor; set search_path = ''; select set_config('check_function_bodies', 'false', false);
      prepare p as select 1; set local work_mem = '1MB';`;
    const owner = `set session authorization authenticator;`;
    const { failure } = await apply(
      makeFile('1.sql', `${check} create temporary table t (); ${mess}`),
      makeFile('2.sql', `${check} ${owner}`),
      makeFile('3.sql', `-- ashlar:no-transaction\n${check} ${mess}`),
      makeFile('4.sql', `-- ashlar:no-transaction\n${check} ${owner}`),
      makeFile('5.sql', check),
    );
    expect(failure).toBeUndefined();
  });

  test('keeps to the settings of the login', async () => {
    // Not of the role, which other databases of the cluster have, too.
    await session.query(`alter role ashlar_owner in database ${database.name} set lock_timeout = '123ms'`);
    await session.close();
    session = await openSession(database.owner);
    const check = "do $$ begin if current_setting('lock_timeout') <> '123ms' then raise 'no'; end if; end $$";
    expect((await apply(makeFile('1.sql', check))).failure).toBeUndefined();
    await session.query(`alter role ashlar_owner in database ${database.name} reset all`);
  });

  describe('without a transaction', () => {
    const noTransaction = '-- ashlar:no-transaction\n';

    test('runs what a transaction forbids', async () => {
      const { failure } = await apply(
        makeFile('1.sql', 'create table a (b int)'),
        makeFile('2.sql', `${noTransaction}create index concurrently i on a (b); vacuum a;`),
      );
      expect(failure).toBeUndefined();
      expect(await exists('i')).toBe(true);
    });

    test('keeps what was done before a failure, and says so', async () => {
      const failure = await fail(`${noTransaction}create table a ();\ncreate table b ();\nselect oops;`);
      expect(failure.place).toMatchObject({ line: 4, column: 8 });
      expect(failure.help[0]).toContain('the 2 statements before this one have been run');
      expect([await exists('a'), await exists('b')]).toEqual([true, true]);
      expect(await session.query('select from ashlar.migrations')).toEqual([]);
    });

    test('lets the file have transactions of its own', async () => {
      const failure = await fail(
        `${noTransaction}begin; create table a (); commit; begin; create table b (); select oops; commit;`,
      );
      expect(failure.code).toBe('42703');
      expect([await exists('a'), await exists('b')]).toEqual([true, false]);
    });

    test.each([
      ['create table a (b int); create index concurrently on a (b)', '25001', 'ashlar:no-transaction'],
      ['vacuum', '25001', 'ashlar:no-transaction'],
      ['do $$ begin commit; end $$', '2D000', 'ashlar:no-transaction'],
      [
        "create type e as enum ('a'); alter type e add value 'b'; select 'b'::e",
        undefined,
        'a file of its own',
      ],
    ])('is what the help for %s leads to', async (text, code, help) => {
      if (code === undefined) await session.query("create type e as enum ('a')");
      const failure = await fail(code === undefined ? text.slice(text.indexOf('alter')) : text);
      expect(failure.code).toBe(code ?? '55P04');
      expect(failure.help.join()).toContain(help);
    });
  });

  describe('where an extension is not available', () => {
    test('leaves out those of the platform, loudly', async () => {
      const told: MigrationProgress[] = [];
      const { failure } = await applyMigrations(
        session,
        [
          makeFile(
            '1.sql',
            `create extension if not exists pg_graphql with schema graphql;
             comment on extension "pg_graphql" is 'x';
             create table a ();`,
          ),
        ],
        { onProgress: (progress) => told.push(progress) },
      );
      expect(failure).toBeUndefined();
      expect(await exists('a')).toBe(true);
      expect(told.filter(({ kind }) => kind === 'notice')).toEqual([
        expect.objectContaining({
          severity: 'WARNING',
          line: 1,
          message: expect.stringContaining('"pg_graphql"'),
        }),
        expect.objectContaining({ severity: 'WARNING', line: 2 }),
      ]);
    });

    test('reminds of one that was left out when something needs it', async () => {
      const failure = await fail(
        "create extension pg_cron;\nselect cron.schedule('x', '* * * * *', 'select 1');",
      );
      expect(failure.place?.line).toBe(2);
      expect(failure.help).toEqual([expect.stringContaining('"pg_cron" was left out')]);
    });

    test('fails for any other, and tells which there are', async () => {
      const failure = await fail('create extension if not exists postgis');
      expect(failure).toMatchObject({ code: '0A000', message: expect.stringContaining('postgis') });
      expect(failure.help[0]).toMatch(/^Available on this server: .*\bcitext\b.*\bpgcrypto\b/);
    });
  });

  test('refuses to go on while an applied file is edited', async () => {
    const one = makeFile('1.sql', 'create table a ()');
    await apply(one);
    const { applied, failure } = await apply(
      makeFile('1.sql', 'create table a (b int)'),
      makeFile('2.sql', 'create table c ()'),
    );
    expect(applied).toEqual([]);
    expect(await exists('c')).toBe(false);
    expect(failure).toMatchObject({ file: 'migrations/1.sql', place: undefined, code: undefined });
    expect(failure?.message).toMatch(/^1\.sql was edited after it had been applied \(20\d\d-/);
    expect(failure?.help.join('\n')).toContain('git log -p -- migrations/1.sql');
    expect(failure?.help.join('\n')).toContain('ashlar migrate --baseline 1.sql');
    expect((await apply(one)).failure).toBeUndefined();
  });

  test('follows a file that was given another name', async () => {
    await apply(makeFile('1.sql', 'create table a ()'));
    const run = await apply(makeFile('0001.sql', 'create table a ()'));
    expect(run).toMatchObject({ applied: [], failure: undefined, findings: [{ id: 'migration-renamed' }] });
    expect(await apply(makeFile('0001.sql', 'create table a ()'))).toMatchObject({
      applied: [],
      findings: [],
    });
  });

  test('applies a file that comes before one that is applied, and tells so', async () => {
    const two = makeFile('2.sql', 'create table b ()');
    await apply(two);
    const run = await apply(makeFile('1.sql', 'create table a ()'), two);
    expect(run).toMatchObject({ applied: [{ name: '1.sql' }], findings: [{ id: 'migration-late' }] });
  });

  test('applies each file once, if two processes want to', async () => {
    const files = [
      makeFile('1.sql', 'create table a (); select pg_sleep(0.3)'),
      makeFile('2.sql', 'create table b ()'),
    ];
    const other = await openSession(database.owner);
    const told: MigrationProgress[] = [];
    try {
      const runs = await Promise.all(
        [session, other].map((one) =>
          applyMigrations(one, files, { onProgress: (progress) => told.push(progress) }),
        ),
      );
      expect(runs.map(({ failure }) => failure)).toEqual([undefined, undefined]);
      expect(runs.map(({ applied }) => applied.length).toSorted()).toEqual([0, 2]);
      expect(told.filter(({ kind }) => kind === 'waiting')).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  test('leaves nothing of a file during which the connection is lost, nor the lock', async () => {
    const other = await openSession(database.owner);
    const text = 'create table a (); select pg_terminate_backend(pg_backend_pid());';
    await expect(applyMigrations(other, [makeFile('1.sql', text)])).rejects.toMatchObject({ kind: 'lost' });
    expect(await exists('a')).toBe(false);
    expect((await apply(makeFile('1.sql', 'create table a ()'))).failure).toBeUndefined();
    await other.close();
  });

  describe('and the seed', () => {
    const seed = (text: string): MigrationFile => ({ ...makeFile('seed.sql', text), path: 'seed.sql' });

    test('which is run once', async () => {
      await session.query('create table a (b int)');
      const text = 'insert into a values (1)';
      expect(await applySeed(session, seed(text))).toMatchObject({ applied: [{ name: 'seed.sql' }] });
      expect(await applySeed(session, seed(text))).toMatchObject({ applied: [], findings: [] });
      expect(await applySeed(session, seed(`${text}, (2)`))).toMatchObject({
        applied: [],
        findings: [{ id: 'seed-edited' }],
        failure: undefined,
      });
      expect(await session.query('select b from a')).toEqual([{ b: '1' }]);
    });

    test('which is tried again after it failed', async () => {
      const { failure } = await applySeed(session, seed('select 1;\ninsert into a values (1)'));
      expect(failure).toMatchObject({ file: 'seed.sql', place: { line: 2, column: 13 } });
      await session.query('create table a (b int)');
      expect((await applySeed(session, seed('insert into a values (1)'))).applied).toHaveLength(1);
    });

    test('which no migration can take the place of', async () => {
      await apply(makeFile('seed.sql', 'create table a (b int)'));
      expect((await applySeed(session, seed('insert into a values (1)'))).applied).toHaveLength(1);
    });
  });
});
