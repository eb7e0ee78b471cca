import { beforeAll, describe, expect, test } from 'vitest';
import { readExposureSubject, sessionSource } from '../src/catalog/index.ts';
import { findExposure } from '../src/checks/index.ts';
import { openSession, type Session } from '../src/db/index.ts';
import { bootstrap } from '../src/migrate/index.ts';
import { createTestDatabase, installedVersions } from './setup/database.ts';

const table = 'create table public.t (id int primary key, owner uuid);';
const closed = `${table} alter table public.t enable row level security;`;

describe.each(installedVersions())('what is open on Postgres %i', (version) => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession((await createTestDatabase(version)).owner);
    expect((await bootstrap(session, { server: 'authenticator' })).failure).toBeUndefined();
    return () => session.close();
  });

  /** What is found once the SQL has been run; the SQL is undone. */
  const find = async (sql: string) => {
    await session.query('begin');
    try {
      await session.query(sql);
      return findExposure(await readExposureSubject(sessionSource(session)));
    } finally {
      await session.query('rollback');
    }
  };
  const ids = async (sql: string) => (await find(sql)).map(({ id, subject }) => `${id} ${subject}`);

  test('is nothing in a database that was prepared', async () => {
    expect(await find('select 1')).toEqual([]);
  });

  test.each([
    ['a table without row-level security', `${table} grant select on t to anon`, 'public.t'],
    ['one that everybody is granted', `${table} grant select on t to public`, 'public.t'],
    ['one of which a column is granted', `${table} grant update (id) on t to authenticated`, 'public.t'],
    [
      'one that is granted to a role of the project',
      `create role exposure_staff nologin; ${table} grant insert on t to exposure_staff`,
      'public.t',
    ],
    [
      'one in another schema that the role can look into',
      'create schema app; grant usage on schema app to anon; create table app.t (); grant select on app.t to anon',
      'app.t',
    ],
    [
      'a partitioned table',
      'create table t (id int) partition by range (id); grant select on t to anon',
      'public.t',
    ],
    [
      'a partition, which the policies of the whole do not hold',
      `create table whole (id int) partition by range (id); alter table whole enable row level security;
       create table t partition of whole default; grant select on whole, t to anon`,
      'public.t',
    ],
    [
      'a table whose comment waives it without a reason',
      `${table} grant select on t to anon; comment on table t is 'Tides. @open: not at the beginning of a line
@open:'`,
      'public.t',
    ],
  ])('is %s', async (_, sql, subject) => {
    expect(await ids(sql)).toEqual([`table-without-row-security ${subject}`]);
  });

  test.each([
    ['a table with row-level security', `${closed} grant select on t to anon, public`],
    ['a table without a grant', table],
    ['a table of service_role alone', `${table} grant all on t to service_role`],
    ['what is no right to rows', `${table} grant references, trigger on t to anon`],
    [
      'a table in a schema that the role cannot look into',
      'create schema app; create table app.t (); grant select on app.t to anon',
    ],
    [
      'what only superusers and BYPASSRLS are granted',
      `create role exposure_all bypassrls; ${table} grant select on t to exposure_all`,
    ],
    [
      'a view with the rights of whoever asks',
      `${closed} create view v with (security_invoker) as select * from t; grant select on t, v to anon`,
    ],
    ['a view that nobody is granted', `${closed} create view v as select * from t`],
    ['a view of no table', `create view v as select 1 as one; grant select on v to anon`],
    [
      'a view whose owner is held by the policies',
      `create role exposure_reader nologin; grant create, usage on schema public to exposure_reader;
       ${closed} grant select on t to exposure_reader; create view v as select * from t;
       alter view v owner to exposure_reader; grant select on v to anon`,
    ],
    [
      'a view over one that takes the rights of whoever asks',
      `${closed} grant select on t to anon; create view below with (security_invoker) as select * from t;
       create view v as select * from below; grant select on v to anon`,
    ],
  ])('is not %s', async (_, sql) => {
    expect(await ids(sql)).toEqual([]);
  });

  test.each([
    ['a view', `${closed} create view v as select id from t; grant select on v to anon`],
    [
      'a view of a view',
      `${closed} create view below as select id from t; create view v as select id from below; grant select on v to anon`,
    ],
    [
      'a view that looks into a table in a subquery',
      `${closed} create view v as select (select count(*) from t) as n; grant select on v to anon`,
    ],
    [
      'a view of a materialized view',
      `${closed} create materialized view m as select id from t; create view v as select id from m; grant select on v to anon`,
    ],
  ])('is %s that reads as its owner', async (_, sql) => {
    expect(await ids(sql)).toEqual(['view-without-invoker public.v']);
  });

  test('is a materialized view, and a foreign table', async () => {
    expect(
      await ids(
        `${closed} create materialized view m as select * from t; grant select on m to authenticated;
         create foreign data wrapper w; create server s foreign data wrapper w;
         create foreign table f (id int) server s; grant select on f to anon`,
      ),
    ).toEqual(['foreign-table-open public.f', 'materialized-view-open public.m']);
  });

  test('is waived one by one, with a reason', async () => {
    const found = await find(
      `${table} grant select on t to anon; comment on table t is E'Tides.\\n@open: everybody may know the tides';
       create table u (); grant select on u to anon;`,
    );
    expect(found.map(({ subject, waived }) => [subject, waived])).toEqual([
      ['public.t', 'everybody may know the tides'],
      ['public.u', undefined],
    ]);
  });

  test('is told with who has what, why it matters, and what mends it', async () => {
    const sql = `create table "Odd ""Table""" (id int); grant select, insert on "Odd ""Table""" to anon, authenticated;
      ${closed} create view v as select * from t; grant select on v to public;
      create materialized view "user" as select * from t; grant select on "user" to anon;`;
    const found = await find(sql);
    expect(found.map(({ message }) => message)).toEqual([
      'public.Odd "Table" is open to anon and authenticated (SELECT, INSERT) and its row-level security is off, so they have all its rows.',
      'The materialized view public.user is open to anon (SELECT), and no policy can say which of its rows they see.',
      'The view public.v is open to everybody (PUBLIC) (SELECT) and reads public.t with the rights of ashlar_owner, whom no policy holds.',
    ]);
    const remedies = found.map(({ remedy }) => remedy);
    expect(remedies[0]).toBe('alter table public."Odd ""Table""" enable row level security;');
    expect(await find(`${sql} ${remedies.join('\n')}`)).toEqual([]);
    for (const { docs, why } of found)
      expect({ docs, why }).toEqual({
        docs: expect.stringContaining('findings.md#'),
        why: expect.any(String),
      });
  });
});
