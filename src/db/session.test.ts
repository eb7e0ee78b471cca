import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/setup/database.ts';
import { openSession, PgError, type PgErrorFields, type Session } from './index.ts';

describe('a session', () => {
  let database: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(async () => {
    session = await openSession(database.owner);
  });
  afterEach(() => session.close());

  test('gives the rows of the last statement, as text', async () => {
    expect(await session.query("select 1; select 2 as a, true as b, null as c, '{1}'::int[] as d")).toEqual([
      { a: '2', b: 't', c: null, d: '{1}' },
    ]);
    expect(await session.query('create table s (a int)')).toEqual([]);
    expect(await session.query('')).toEqual([]);
  });

  test('binds values', async () => {
    expect(
      await session.query('select $1::text as a, $2::int + 1 as b, $3::text as c', ["';", '1', null]),
    ).toEqual([{ a: "';", b: '2', c: null }]);
  });

  test('keeps its state from one statement to the next', async () => {
    await session.query('begin');
    await session.query('create table undone ()');
    await session.query('rollback');
    expect(await session.query("select to_regclass('undone') as found")).toEqual([{ found: null }]);
  });

  test('rejects with what Postgres reports, and goes on', async () => {
    const error = await session.query("select '🦊', oops").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PgError);
    expect(error).toMatchObject({
      code: '42703',
      severity: 'ERROR',
      message: 'column "oops" does not exist',
      position: 13,
    });
    const inner = await session
      .query('do $$ begin insert into oops values (1); end $$')
      .catch((reason) => reason);
    expect(inner).toMatchObject({
      position: undefined,
      internalPosition: 13,
      internalQuery: 'insert into oops values (1)',
      where: 'PL/pgSQL function inline_code_block line 1 at SQL statement',
    });
    expect(await session.query('select 1 as a')).toEqual([{ a: '1' }]);
  });

  test('tells of notices until one listens no more', async () => {
    const heard: PgErrorFields[] = [];
    const stop = session.onNotice((notice) => heard.push(notice));
    await session.query("do $$ begin raise warning 'one' using hint = 'so'; end $$");
    stop();
    await session.query("do $$ begin raise warning 'two'; end $$");
    expect(heard).toEqual([expect.objectContaining({ severity: 'WARNING', message: 'one', hint: 'so' })]);
  });

  test('rejects as lost when its connection is ended, then and later', async () => {
    const own = await openSession(database.owner);
    await expect(own.query('select pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
      name: 'ConnectionError',
      kind: 'lost',
    });
    await expect(own.query('select 1')).rejects.toMatchObject({ name: 'ConnectionError', kind: 'lost' });
    await own.close();
  });

  test('cannot be opened where there is no server, or with a wrong password', async () => {
    await expect(openSession({ ...database.owner, host: '/nowhere' })).rejects.toMatchObject({
      kind: 'connect-failed',
    });
    await expect(openSession({ ...database.owner, password: 'wrong' })).rejects.toMatchObject({
      kind: 'connect-failed',
      message: expect.stringContaining('password authentication failed'),
    });
  });

  test('begins with the settings it was given', async () => {
    const own = await openSession({ ...database.owner, settings: { work_mem: '7MB' } });
    expect(await own.query('show work_mem')).toEqual([{ work_mem: '7MB' }]);
    await own.close();
  });
});
