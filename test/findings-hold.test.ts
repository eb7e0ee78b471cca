import { globSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSubject, sessionSource } from '../src/catalog/index.ts';
import { findProblems } from '../src/checks/index.ts';
import { isPgError, openSession, type Session } from '../src/db/index.ts';
import { bootstrap } from '../src/migrate/index.ts';
import { createTestDatabase, installedVersions } from './setup/database.ts';

describe.each(installedVersions())('on Postgres %i', (version) => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession((await createTestDatabase(version)).owner);
    expect((await bootstrap(session, { server: 'authenticator' })).failure).toBeUndefined();
    return () => session.close();
  });

  const find = async () =>
    (await findProblems(await readSubject(sessionSource(session)), { schemas: ['public'] })).filter(
      ({ severity, waived }) => severity !== 'info' && waived === undefined,
    );
  /** Undone, because roles are the cluster's. */
  const undone = async (work: () => Promise<void>): Promise<void> => {
    await session.query('begin');
    try {
      await work();
    } finally {
      await session.query('rollback');
    }
  };

  describe('a circle of policies is found where Postgres fails, and only there:', () => {
    const tables = `create table a (id int primary key, owner uuid); create table b (id int primary key, owner uuid);
      alter table a enable row level security; alter table b enable row level security;
      grant all on a, b to authenticated;
      create policy a_all on a for all to service_role using (true); create policy b_all on b for all to service_role using (true);`;
    const policy = (table: string, command: string, on: string, role = 'authenticated'): string =>
      `create policy ${table}_${command}_${on.length} on ${table} for ${command} to ${role} ${command === 'insert' ? 'with check' : 'using'} (${on});`;
    const reads = (table: string, outer: string): string =>
      `exists (select from ${table} x where x.id = ${outer}.id)`;

    test.each([
      ['a policy that reads its own table', policy('a', 'select', reads('a', 'a'))],
      [
        'two that read each other',
        policy('a', 'select', reads('b', 'a')) + policy('b', 'select', reads('a', 'b')),
      ],
      [
        'one for inserting that reads its table, which asks nothing further',
        policy('a', 'insert', reads('a', 'a')) + policy('a', 'select', 'true'),
      ],
      [
        'one for inserting that reads its table, whose own policy reads another one',
        policy('a', 'insert', reads('a', 'a')) +
          policy('a', 'select', reads('b', 'a')) +
          policy('b', 'select', 'true'),
      ],
      ['a way that ends', policy('a', 'select', reads('b', 'a')) + policy('b', 'select', 'true')],
      [
        'one that is for another role',
        policy('a', 'select', reads('b', 'a')) + policy('b', 'select', reads('a', 'b'), 'anon'),
      ],
      [
        'a table without row-level security in between',
        `${policy('a', 'select', reads('b', 'a'))} ${policy('b', 'select', reads('a', 'b'))} alter table b disable row level security;`,
      ],
      [
        'a view with the rights of whoever asks in between',
        `create view v with (security_invoker) as select * from a; grant select on v to authenticated;
         ${policy('a', 'select', reads('v', 'a'))}`,
      ],
      [
        'a function that passes the policies in between',
        `create function f() returns setof int language sql stable security definer set search_path = '' as 'select id from public.a';
         ${policy('a', 'select', 'id in (select f())')}`,
      ],
    ])('%s', async (_, sql) => {
      await undone(async () => {
        await session.query(tables + sql);
        const found = (await find()).some(({ id }) => id === 'policy-recursion');
        let failed = false;
        for (const statement of [
          'select * from a',
          'select * from b',
          'insert into a values (1)',
          'delete from b',
        ]) {
          await session.query('savepoint asked; set local role authenticated');
          await session.query(statement).catch((error: unknown) => {
            if (!isPgError(error)) throw error;
            failed ||= error.code === '42P17';
          });
          await session.query('rollback to savepoint asked');
        }
        expect(found).toBe(failed);
      });
    });
  });

  test('the remedies of the broken blog, as they are told, leave nothing to find', async () => {
    await undone(async () => {
      for (const path of globSync('examples/broken/migrations/*.sql').sort())
        await session.query(readFileSync(path, 'utf8'));
      const found = await find();
      expect(found).toHaveLength(15);
      for (const { remedy = '' } of found) await session.query(remedy);
      // Row-level security that was forgotten closes its table, which then wants a policy.
      const closed = await find();
      expect(closed.map(({ id }) => id)).toEqual(['no-policy']);
      for (const { remedy = '' } of closed) await session.query(remedy);
      expect(await find()).toEqual([]);
    });
  });

  test.each([
    ['bypassrls', 'alter role anon bypassrls', 'anon is BYPASSRLS'],
    [
      'a member of service_role',
      'grant service_role to authenticated',
      'authenticated is a member of service_role',
    ],
    ['one that reads everything', 'grant pg_read_all_data to anon', 'anon is a member of pg_read_all_data'],
  ])('a role of requests that is %s is found', async (_, sql, message) => {
    await undone(async () => {
      await session.query(sql);
      const found = (await find()).filter(({ id }) => id === 'request-role-passes-policies');
      expect(found.map((finding) => finding.message)).toEqual([expect.stringContaining(message)]);
      await session.query(found[0]?.remedy ?? '');
      expect(await find()).toEqual([]);
    });
  });
});
