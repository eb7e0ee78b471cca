import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, installedVersions, type TestDatabase } from '../../test/setup/database.ts';
import { createPool, openSession, type Session } from '../db/index.ts';
import { bootstrap } from './bootstrap.ts';

describe.each(installedVersions())('a prepared database of Postgres %i', (version) => {
  let database: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    database = await createTestDatabase(version);
    session = await openSession(database.owner);
    await session.query('create table public.older (id int)');
    const run = await bootstrap(session, { server: database.server.user });
    expect(run).toMatchObject({ findings: [], failure: undefined });
    expect(run.applied).toContain('001_roles.sql');
  });
  afterAll(() => session?.close());

  const value = async (text: string): Promise<string | null | undefined> =>
    Object.values((await session.query(text))[0] ?? {})[0];
  /** Evaluates SQL with settings as a request would have them. */
  const evaluate = async (settings: { readonly [name: string]: string }, expression: string) => {
    await session.query('begin');
    try {
      for (const [name, setting] of Object.entries(settings)) {
        await session.query('select set_config($1, $2, true)', [name, setting]);
      }
      return await value(`select ${expression}`);
    } finally {
      await session.query('rollback');
    }
  };

  test('stays as it is when it is prepared again', async () => {
    expect(await bootstrap(session, { server: database.server.user })).toEqual({
      applied: [],
      findings: [],
      failure: undefined,
    });
  });

  test('is described, down to our own functions', async () => {
    const silent = await session.query(`
      select nspname as name from pg_namespace
      where nspname in ('ashlar', 'auth', 'storage', 'extensions') and obj_description(oid, 'pg_namespace') is null
      union all
      select p.oid::regprocedure::text from pg_proc p
      where pronamespace::regnamespace::text in ('ashlar', 'auth', 'storage') and obj_description(p.oid, 'pg_proc') is null
      union all
      select c.oid::regclass::text from pg_class c
      where relnamespace::regnamespace::text in ('ashlar', 'auth', 'storage') and relkind = 'r'
        and obj_description(c.oid, 'pg_class') is null`);
    expect(silent).toEqual([]);
  });

  describe('has roles', () => {
    test('for requests, none of which can log in', async () => {
      const roles = await session.query(`
        select rolname, rolcanlogin, rolinherit, rolbypassrls, rolsuper from pg_roles
        where rolname in ('anon', 'authenticated', 'service_role') order by 1`);
      const role = { rolcanlogin: 'f', rolinherit: 'f', rolbypassrls: 'f', rolsuper: 'f' };
      expect(roles).toEqual([
        { ...role, rolname: 'anon' },
        { ...role, rolname: 'authenticated' },
        { ...role, rolname: 'service_role', rolbypassrls: 't' },
      ]);
    });

    test('that the serving login can take, and only so', async () => {
      const server = await openSession(database.server);
      try {
        for (const role of ['anon', 'authenticated', 'service_role']) {
          expect(await server.query(`set role ${role}; select current_user as role`)).toEqual([{ role }]);
          await server.query('reset role');
        }
        await expect(server.query('select from auth.users')).rejects.toMatchObject({ code: '42501' });
      } finally {
        await server.close();
      }
    });

    test('and tells of a serving login that is not there', async () => {
      const { findings } = await bootstrap(session, { server: 'no"body' });
      expect(findings).toEqual([
        expect.objectContaining({
          id: 'server-login-missing',
          remedy: `create role "no""body" login noinherit password '…'`,
        }),
      ]);
    });
  });

  describe('is closed until a GRANT opens it:', () => {
    test('no table is open to anon or authenticated', async () => {
      const open = await session.query(`
        select c.oid::regclass as relation, role, privilege
        from pg_class c,
          unnest(array['anon', 'authenticated', 'authenticator']) role,
          unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) privilege
        where relkind in ('r', 'p', 'v', 'm', 'f') and relnamespace not in
          ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'extensions'::regnamespace)
          and has_table_privilege(role, c.oid, privilege)
        order by c.relname, privilege desc`);
      // The server keeps answers, and sees which migrations were applied, by its own login and in no one's name.
      expect(open).toEqual([
        ...['select', 'insert', 'delete'].map((privilege) => ({
          relation: 'ashlar.idempotency_keys',
          role: 'authenticator',
          privilege,
        })),
        { relation: 'ashlar.migrations', role: 'authenticator', privilege: 'select' },
      ]);
    });

    test('a new table is closed to requests, but for service_role, as one that was there before', async () => {
      await session.query('create table public.closed (id int)');
      for (const relation of ['public.closed', 'public.older']) {
        const can = async (role: string) =>
          value(`select has_table_privilege('${role}', '${relation}', 'select')`);
        expect([await can('anon'), await can('authenticated'), await can('service_role')]).toEqual([
          'f',
          'f',
          't',
        ]);
      }
    });

    test('a new function is as open as Postgres makes it', async () => {
      await session.query('create function public.f() returns int language sql as $$ select 1 $$');
      expect(await value("select has_function_privilege('anon', 'public.f()', 'execute')")).toBe('t');
    });

    test('no one but the owner makes tables', async () => {
      expect(
        await session.query(`
          select role, schema from unnest(array['anon', 'authenticated', 'service_role', 'authenticator']) role,
            unnest(array['public', 'auth', 'storage', 'extensions', 'ashlar']) schema
          where has_schema_privilege(role, schema, 'create')`),
      ).toEqual([]);
    });

    test('our own records are not for requests', async () => {
      expect(
        await session.query(`
          select role from unnest(array['anon', 'authenticated', 'service_role']) role
          where has_schema_privilege(role, 'ashlar', 'usage')`),
      ).toEqual([]);
    });

    test('rows of users and files are guarded even after a GRANT', async () => {
      const open = await session.query(
        "select relname from pg_class where relnamespace in ('auth'::regnamespace, 'storage'::regnamespace) and relkind = 'r' and not relrowsecurity",
      );
      expect(open).toEqual([]);
    });
  });

  describe('knows who asks:', () => {
    const sub = '3f2b1c9e-5a4d-4e57-9a39-0c5f7f2f6c11';
    const claims = JSON.stringify({ sub, role: 'authenticated', email: 'mira@example.com' });

    test.each([
      ['auth.uid()', sub],
      ['auth.role()', 'authenticated'],
      ['auth.email()', 'mira@example.com'],
      ["auth.jwt() ->> 'sub'", sub],
    ])('%s', async (expression, expected) => {
      expect(await evaluate({ 'request.jwt.claims': claims }, expression)).toBe(expected);
    });

    test.each(['auth.uid()', 'auth.role()', 'auth.email()', 'auth.jwt()'])(
      '%s is null outside of a request, after one, and without a token',
      async (expression) => {
        expect(await evaluate({}, expression)).toBeNull();
        expect(await evaluate({ 'request.jwt.claims': '' }, expression)).toBeNull();
        const nobody = await evaluate({ 'request.jwt.claims': '{}' }, expression);
        expect(nobody).toBe(expression === 'auth.jwt()' ? '{}' : null);
      },
    );

    test.each([
      ['auth.uid()', 'request.jwt.claim.sub', sub],
      ['auth.role()', 'request.jwt.claim.role', 'anon'],
      ['auth.email()', 'request.jwt.claim.email', 'a@example.com'],
    ])('%s, as older servers passed it', async (expression, setting, claim) => {
      expect(await evaluate({ [setting]: claim }, expression)).toBe(claim);
      expect(await evaluate({ [setting]: '' }, expression)).toBeNull();
    });

    test.each(['auth.uid()', 'auth.role()', 'auth.email()', 'auth.jwt()'])(
      '%s becomes part of the query that calls it',
      async (expression) => {
        const plan = await session.query(`explain (verbose, costs off) select ${expression}`);
        expect(plan.map((row) => row['QUERY PLAN']).join('\n')).not.toContain(expression.replace('()', ''));
      },
    );

    test('also for anon', async () => {
      expect(await evaluate({ role: 'anon', 'request.jwt.claims': claims }, 'auth.uid()')).toBe(sub);
    });
  });

  test.each([
    ["storage.foldername('a/b/c.png')", '{a,b}'],
    ["storage.foldername('c.png')", '{}'],
    ["storage.foldername('')", '{}'],
    ["storage.filename('a/b/c.png')", 'c.png'],
    ["storage.filename('c.png')", 'c.png'],
    ["storage.extension('a.b/c.tar.gz')", 'gz'],
    ["storage.extension('a.b/c')", null],
    ['length(extensions.uuid_generate_v4()::text)', '36'],
    [
      "encode(extensions.digest('a', 'sha256'), 'hex')",
      'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
    ],
  ])('has %s', async (expression, expected) => {
    expect(await evaluate({ role: 'anon' }, expression)).toBe(expected);
  });

  test('says when the schema has changed, and only then', async () => {
    const pool = createPool({ connect: database.owner, max: 1 });
    const heard: string[] = [];
    const subscription = await pool.listen('ashlar', (payload) => heard.push(payload));
    try {
      await session.query('create materialized view public.m as select 1 as a');
      await vi.waitFor(() => expect(heard).toEqual(['reload schema']));
      for (const statement of [
        'grant select on public.m to anon',
        "comment on materialized view public.m is 'x'",
        'drop materialized view public.m',
        'begin; create table public.n (); alter table public.n add a int; commit',
      ]) {
        heard.length = 0;
        await session.query(statement);
        await vi.waitFor(() => expect([statement, ...heard]).toEqual([statement, 'reload schema']));
      }
      heard.length = 0;
      await session.query('create materialized view public.o as select 1 as a');
      await vi.waitFor(() => expect(heard).toHaveLength(1));
      for (const statement of [
        'begin; create table public.p (); rollback',
        'create temporary table t (a int); create index on t (a); drop table t',
        'refresh materialized view public.o',
        'insert into public.n values (1)',
      ]) {
        await session.query(statement);
      }
      await pause(150);
      expect(heard).toHaveLength(1);
    } finally {
      await subscription.close();
      await pool.close();
    }
  });

  test('is prepared as well when others of its cluster are at the same time', async () => {
    const databases = await Promise.all(Array.from({ length: 6 }, () => createTestDatabase(version)));
    // A login of which no one has heard yet, so that all of them want to grant it the roles.
    const server = `server_of_${database.name}`;
    await session.query(`create role ${server} login noinherit`);
    const runs = await Promise.all(
      databases.map(async ({ owner }) => {
        const own = await openSession(owner);
        try {
          return await bootstrap(own, { server });
        } finally {
          await own.close();
        }
      }),
    );
    for (const run of runs) expect(run).toMatchObject({ findings: [], failure: undefined });
    expect(await value(`select count(*) from pg_auth_members where member = '${server}'::regrole`)).toBe('3');
    for (const { owner } of databases) {
      const own = await openSession(owner);
      await own.query(`drop owned by ${server}`);
      await own.close();
    }
    await session.query(`drop role ${server}`);
  });
});
