import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, installedVersions, type TestDatabase } from '../../test/setup/database.ts';
import { startProxy } from '../../test/setup/proxy.ts';
import { isConnectionLost } from './connection-error.ts';
import type { PgErrorFields } from './pg-error.ts';
import { createPool, type Pool, type PoolOptions } from './pool.ts';
import type { Outcome, Param, Statement } from './statement.ts';

/** A statement under a key: the pool prepares it. */
const keyed = (text: string, ...params: Param[]): Statement => ({ text, key: text, params });
/** One without: it is parsed each time, and may be anything. */
const plain = (text: string, ...params: Param[]): Statement => ({ text, key: undefined, params });

const values = (outcome: Outcome | undefined): (string | null)[][] =>
  (outcome?.rows ?? []).map((row) => row.map((value) => (value === null ? null : value.toString())));
const value = (outcomes: readonly Outcome[]): string | null | undefined => values(outcomes.at(-1))[0]?.[0];

describe.each(installedVersions())('a pool on Postgres %s', (version) => {
  let database: TestDatabase;
  let pools: Pool[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(version);
  });
  afterEach(async () => {
    await Promise.all(pools.map((pool) => pool.close({ graceMs: 100 })));
    pools = [];
  });
  afterAll(() => database.drop());

  const open = (options: Partial<PoolOptions> = {}): Pool => {
    const pool = createPool({ connect: database.owner, ...options });
    pools.push(pool);
    return pool;
  };
  /** Breaks the pool's connections: what it knows of statements it keeps, what was prepared is gone. */
  const renewConnections = async (pool: Pool): Promise<void> => {
    const other = open({ max: 1 });
    const [outcome] = await pool.run([plain('select pg_backend_pid()')]);
    await other.run([plain('select pg_terminate_backend($1)', values(outcome)[0]?.[0] as string)]);
    await expect.poll(() => pool.stats.connections).toBe(0);
  };
  const preparedNames = async (pool: Pool): Promise<number> =>
    Number(value(await pool.run([plain('select count(*) from pg_prepared_statements')])));

  describe('exchanges', () => {
    it('gives the rows of each statement as bytes, with NULL, tag and columns', async () => {
      const [first, second] = await open().run([
        { ...keyed('select $1::text, null, $2::int + 1', 'päö', '41'), describe: true },
        keyed('values (1), (2)'),
      ]);
      expect(values(first)).toEqual([['päö', null, '42']]);
      expect(first?.rows[0]?.[0]).toBeInstanceOf(Buffer);
      expect(first?.command).toBe('SELECT 1');
      expect(first?.columns?.map(({ name, type }) => [name, type])).toEqual([
        ['text', 25],
        ['?column?', 25],
        ['?column?', 23],
      ]);
      expect(values(second)).toEqual([['1'], ['2']]);
      expect(second?.columns).toBeUndefined();
    });

    it('gives rows that stay as they are, whatever comes on their connection later', async () => {
      const pool = open({ max: 1 });
      const rowsOf = (letter: string): Statement =>
        keyed('select repeat($1, n), n from generate_series(1, 300) n', letter);
      const all = await Promise.all(['a', 'b', 'c'].map((letter) => pool.run([rowsOf(letter)])));
      const [copied] = await pool.run([plain("copy (select repeat('d', 100)) to stdout")]);
      await pool.run([rowsOf('e')]);
      for (const [i, letter] of ['a', 'b', 'c'].entries()) {
        const expected = Array.from({ length: 300 }, (_, n) => [letter.repeat(n + 1), String(n + 1)]);
        expect(values(all[i]?.[0])).toEqual(expected);
      }
      expect(values(copied)).toEqual([[`${'d'.repeat(100)}\n`]]);
    });

    it('takes parameters as text, as bytes and as NULL, long and short', async () => {
      const pool = open();
      const text = keyed('select $1::text');
      const property = fc.asyncProperty(
        fc.oneof(
          fc.constant(null),
          fc.string({ unit: 'grapheme', maxLength: 60 }),
          fc.string({ unit: 'binary', minLength: 3_000, maxLength: 9_000 }),
        ),
        fc.boolean(),
        async (given, asBytes) => {
          const sent = given === null ? null : given.replaceAll('\0', '').toWellFormed();
          const param = sent !== null && asBytes ? Buffer.from(sent) : sent;
          expect(value(await pool.run([{ ...text, params: [param] }]))).toBe(sent);
        },
      );
      await fc.assert(property, { numRuns: 150 });
    });

    it('skips rows that are to be ignored, and knows the types it is told', async () => {
      const [ignored, typed] = await open().run([
        { ...keyed('select generate_series(1, 1000)'), rows: 'ignore' },
        { ...keyed('select pg_typeof($1)', '1'), paramTypes: [1700] },
      ]);
      expect(ignored).toEqual({ rows: [], command: 'SELECT 1000', columns: undefined });
      expect(values(typed)).toEqual([['numeric']]);
    });

    it('answers an empty statement and an empty list', async () => {
      const pool = open();
      expect(await pool.run([])).toEqual([]);
      expect(await pool.run([plain('')])).toEqual([{ rows: [], command: '', columns: undefined }]);
    });

    it('runs the statements as one transaction', async () => {
      const pool = open();
      await pool.run([plain('create table one (a int)')]);
      const failing = pool.run([keyed('insert into one values (1)'), keyed('select 1 / 0')]);
      await expect(failing).rejects.toMatchObject({ code: '22012', statement: 1 });
      expect(value(await pool.run([keyed('select count(*) from one')]))).toBe('0');
    });

    it('tells everything that Postgres says of an error', async () => {
      const pool = open();
      await pool.run([plain(`create table checked (a int constraint positive check (a > 0))`)]);
      await expect(pool.run([keyed('insert into checked values ($1)', '-1')])).rejects.toMatchObject({
        name: 'PgError',
        severity: 'ERROR',
        code: '23514',
        message: 'new row for relation "checked" violates check constraint "positive"',
        detail: 'Failing row contains (-1).',
        schema: 'public',
        table: 'checked',
        constraint: 'positive',
      });
      await expect(pool.run([plain('select nothing')])).rejects.toMatchObject({ code: '42703', position: 8 });
    });

    it('rejects when a deferred constraint fails after the row has come', async () => {
      const pool = open();
      await pool.run([
        plain('create table parent (id int primary key)'),
        plain('create table child (id int references parent deferrable initially deferred)'),
      ]);
      const writing = pool.run([keyed('insert into child values (7) returning id')]);
      await expect(writing).rejects.toMatchObject({ code: '23503', statement: 1 });
      expect(value(await pool.run([keyed('select count(*) from child')]))).toBe('0');
    });

    it('leaves the neighbours of a failing exchange alone', async () => {
      const pool = open({ max: 1, depth: 100 });
      const query = 'select 100 / $1::int';
      await pool.run([keyed(query, '1')]);
      const divisors = Array.from({ length: 60 }, (_, i) => i % 4);
      const results = await Promise.allSettled(
        divisors.map((divisor) => pool.run([keyed(query, String(divisor))])),
      );
      for (const [i, result] of results.entries()) {
        const divisor = divisors[i] as number;
        if (divisor === 0) expect(result).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
        else
          expect(value((result as PromiseFulfilledResult<Outcome[]>).value)).toBe(
            String(Math.trunc(100 / divisor)),
          );
      }
    });

    it('gives each caller its own answer under load', async () => {
      const pool = open();
      const asked = Array.from({ length: 3_000 }, (_, i) => String(i));
      const answers = await Promise.all(
        asked.map((i) =>
          pool.run([
            { ...keyed(`select set_config('my.value', $1, true)`, i), rows: 'ignore' },
            keyed(`select current_setting('my.value') || '/' || $1::text`, i),
          ]),
        ),
      );
      expect(answers.map(value)).toEqual(asked.map((i) => `${i}/${i}`));
    });

    it('refuses a NUL and too many parameters before anything is sent', async () => {
      const pool = open();
      const refused = { name: 'ConnectionError', kind: 'bad-parameter' };
      await expect(pool.run([keyed('select $1::text', 'a\0b')])).rejects.toMatchObject({
        ...refused,
        message: expect.stringContaining('$1 has a NUL'),
      });
      await expect(pool.run([keyed('select $1::text', Buffer.from('a\0b'))])).rejects.toMatchObject(refused);
      await expect(pool.run([plain('select \0')])).rejects.toMatchObject(refused);
      const many = new Array<string>(65_536).fill('1');
      await expect(pool.run([plain('select 1', ...many)])).rejects.toMatchObject(refused);
      expect(pool.stats.connections).toBe(0);
    });

    it('passes on what the server says beside', async () => {
      const told: PgErrorFields[] = [];
      const pool = open({ onNotice: (notice) => told.push(notice) });
      const say = plain(`do $$ begin raise notice 'hello' using hint = 'wave'; end $$`);
      await pool.run([say]);
      expect(told).toMatchObject([{ severity: 'NOTICE', message: 'hello', hint: 'wave' }]);
      const here: string[] = [];
      await pool.run([say], { onNotice: (notice) => here.push(notice.message) });
      expect(here).toEqual(['hello']);
      expect(told).toHaveLength(1);
    });

    it('is not put off by changed parameters and notifications in between', async () => {
      const pool = open({ max: 1 });
      await pool.run([plain('listen here'), plain(`set timezone = 'Asia/Tokyo'`)]);
      const answers = await Promise.all([
        pool.run([keyed(`select pg_notify('here', 'x')`)]),
        pool.run([keyed(`select set_config('timezone', 'UTC', false)`)]),
        pool.run([keyed('select 1')]),
      ]);
      expect(value(answers[2])).toBe('1');
    });

    it('passes a row of 64 MB', async () => {
      const size = 64 * 1024 * 1024;
      const [outcome] = await open().run([plain(`select repeat('x', ${size}), 'end'`)]);
      const [large, end] = outcome?.rows[0] ?? [];
      expect(large?.length).toBe(size);
      expect(large?.every((byte) => byte === 0x78)).toBe(true);
      expect(end?.toString()).toBe('end');
    });

    it('takes a parameter of 32 MB', async () => {
      const size = 32 * 1024 * 1024;
      const pool = open();
      expect(value(await pool.run([plain('select length($1::text)', 'y'.repeat(size))]))).toBe(String(size));
      expect(value(await pool.run([plain('select length($1::text)', Buffer.alloc(size, 'z'))]))).toBe(
        String(size),
      );
    });

    it('gives the lines of COPY … TO STDOUT, and refuses COPY … FROM STDIN', async () => {
      const pool = open({ max: 1 });
      expect(values((await pool.run([plain('copy (values (1, 2), (3, 4)) to stdout')]))[0])).toEqual([
        ['1\t2\n'],
        ['3\t4\n'],
      ]);
      await pool.run([plain('create table copied (a int)')]);
      await expect(pool.run([plain('copy copied from stdin')])).rejects.toThrow('FROM STDIN');
      expect(value(await pool.run([keyed('select 1')]))).toBe('1');
    });
  });

  describe('prepared statements', () => {
    it('are prepared once per key and connection', async () => {
      const pool = open({ max: 1 });
      for (let i = 0; i < 5; i++) await pool.run([keyed('select $1::int', String(i)), keyed('select 2')]);
      expect(await preparedNames(pool)).toBe(2);
    });

    it('are not relied on before they are known to be there', async () => {
      const pool = open({ max: 1 });
      const divide = keyed('select 10 / $1::int', '2');
      const act = keyed('do $$ begin perform 1; end $$');
      const ask = keyed('select 5');
      for (let i = 0; i < 3; i++) await pool.run([divide, act, ask]);
      await renewConnections(pool);
      await pool.run([divide]);
      // Sent together: a failure skips the Parse of the first, and the second could not be run again.
      const results = await Promise.allSettled([
        pool.run([{ ...divide, params: ['0'] }, ask]),
        pool.run([act, ask]),
        pool.run([ask]),
      ]);
      expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
      expect(value(await pool.run([ask]))).toBe('5');
    });

    it('are parsed by each of several exchanges that are sent before the first Parse is answered', async () => {
      const pool = open({ max: 1, depth: 50 });
      const book = keyed('select 0');
      await pool.run([book]);
      const together = (): Promise<Outcome[]>[] =>
        Array.from({ length: 20 }, () => pool.run([book, keyed('select 6'), keyed('select 6')]));
      expect((await Promise.all(together())).map(value)).toEqual(new Array(20).fill('6'));
      expect((await Promise.all(together())).map(value)).toEqual(new Array(20).fill('6'));
      expect(await preparedNames(pool)).toBe(2);
    });

    it('whose Parse fails fail alone, and are parsed anew the next time', async () => {
      const pool = open({ max: 1 });
      const ask = keyed('select count(*) from not_yet');
      const results = await Promise.allSettled([
        pool.run([ask]),
        pool.run([keyed('select 1')]),
        pool.run([ask]),
      ]);
      expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'rejected']);
      await pool.run([plain('create table not_yet ()')]);
      expect(value(await pool.run([ask]))).toBe('0');
      expect(await preparedNames(pool)).toBe(2);
    });

    it('are parsed as the role and in the search_path that the exchange has set before', async () => {
      const pool = open({ max: 1 });
      await pool.run([
        plain('create schema hidden'),
        plain(`create function hidden.answer() returns int return 42`),
        plain('grant usage on schema hidden to authenticator'),
      ]);
      const set = keyed(`select set_config('search_path', $1, true)`, 'hidden');
      expect(value(await pool.run([set, keyed('select answer()')]))).toBe('42');
      await expect(pool.run([keyed('select answer()')])).rejects.toMatchObject({ code: '42883' });
    });

    it('that are gone are prepared anew, and the exchange is run again', async () => {
      const pool = open({ max: 1 });
      await pool.run([keyed('select 7')]);
      await pool.run([plain('deallocate all')]);
      const answers = await Promise.all([pool.run([keyed('select 7')]), pool.run([keyed('select 7')])]);
      expect(answers.map(value)).toEqual(['7', '7']);
      expect(await preparedNames(pool)).toBe(1);
    });

    it('are not run again where a part has been committed', async () => {
      const pool = open({ max: 1 });
      await pool.run([plain('create table committed (a int)')]);
      await pool.run([keyed('select 8')]);
      await pool.run([plain('deallocate all')]);
      const parts = ['begin', 'insert into committed values (1)', 'commit'].map((text) => plain(text));
      await expect(pool.run([...parts, keyed('select 8')])).rejects.toMatchObject({
        code: '26000',
        statement: 3,
      });
      expect(value(await pool.run([keyed('select count(*) from committed')]))).toBe('1');
    });

    it.each([
      ['a column is added', 'alter table changing add b int default 2', ['1', '2']],
      ['a column changes its type', `alter table changing alter a type text using 'text' || a`, ['text1']],
      [
        'a column is dropped',
        'alter table changing add b text default 3; alter table changing drop a',
        ['3'],
      ],
      ['the table is made anew', 'drop table changing; create table changing as select 5 a', ['5']],
    ])('go on when %s', async (_name, change, row) => {
      const pool = open({ max: 1 });
      await pool.run([plain('drop table if exists changing')]);
      await pool.run([plain('create table changing as select 1 a')]);
      const ask = keyed('select * from changing');
      await pool.run([ask]);
      for (const statement of change.split('; ')) await pool.run([plain(statement)]);
      const answers = await Promise.all([pool.run([ask]), pool.run([ask])]);
      expect(answers.map(([outcome]) => values(outcome))).toEqual([[row], [row]]);
    });

    it('go on when the type that a parameter was given by a column changes', async () => {
      const pool = open({ max: 1 });
      await pool.run([plain('create table retyped as select 1 a')]);
      const ask = keyed('select count(*) from retyped where a = $1', '1');
      expect(value(await pool.run([ask]))).toBe('1');
      await pool.run([plain('alter table retyped alter a type text')]);
      expect(value(await pool.run([ask]))).toBe('1');
    });

    it('still fail with what a new Parse says', async () => {
      const pool = open({ max: 1 });
      await pool.run([plain('create table dropped (a int)')]);
      await pool.run([keyed('select a from dropped')]);
      await pool.run([plain('drop table dropped')]);
      await expect(pool.run([keyed('select a from dropped')])).rejects.toMatchObject({ code: '42P01' });
      expect(value(await pool.run([keyed('select 1')]))).toBe('1');
    });

    it('are bounded in number; those in use keep their place, rare ones get none', async () => {
      const pool = open({ max: 1, maxPrepared: 3 });
      const daily = [keyed('select 101'), keyed('select 102'), keyed('select 103')];
      await pool.run(daily);
      for (let i = 0; i < 20; i++) {
        expect(value(await pool.run([keyed(`select ${i}`)]))).toBe(String(i));
        await pool.run(daily);
      }
      await pool.run([keyed('select 999')]);
      const [outcome] = await pool.run([plain('select statement from pg_prepared_statements order by 1')]);
      expect(values(outcome)).toEqual([['select 101'], ['select 102'], ['select 103']]);
      // What comes into daily use gets the place of what went out of it.
      for (let i = 0; i < 3; i++)
        await pool.run([daily[0] as Statement, keyed('select 104'), keyed('select 105')]);
      const [later] = await pool.run([plain('select statement from pg_prepared_statements order by 1')]);
      expect(values(later)).toEqual([['select 101'], ['select 104'], ['select 105']]);
    });

    it('are not used at all with prepare: false', async () => {
      const pool = open({ max: 1, prepare: false });
      for (let i = 0; i < 3; i++) expect(value(await pool.run([keyed('select $1::int', '9')]))).toBe('9');
      expect(await preparedNames(pool)).toBe(0);
    });
  });

  describe('transactions inside an exchange', () => {
    it('are one round trip from BEGIN to ROLLBACK', async () => {
      const pool = open({ max: 1 });
      await pool.run([plain('create table undone (a int)')]);
      const outcomes = await pool.run([
        keyed('begin isolation level repeatable read'),
        keyed('insert into undone values (1) returning a'),
        keyed('show transaction_isolation'),
        keyed('rollback'),
      ]);
      expect(outcomes.map((outcome) => outcome.command)).toEqual(['BEGIN', 'INSERT 0 1', 'SHOW', 'ROLLBACK']);
      expect(values(outcomes[2])).toEqual([['repeatable read']]);
      expect(value(await pool.run([keyed('select count(*) from undone')]))).toBe('0');
    });

    it('that fail half-way, or are left open, do not reach the exchanges behind', async () => {
      const pool = open({ max: 1 });
      await pool.run([plain('create table begun (a int)')]);
      const results = await Promise.allSettled([
        pool.run([
          keyed('begin'),
          keyed('insert into begun values (1)'),
          keyed('select 1 / 0'),
          keyed('commit'),
        ]),
        pool.run([keyed('insert into begun values (2)')]),
        pool.run([keyed('begin'), keyed('insert into begun values (3)')]),
        pool.run([keyed('insert into begun values (4)')]),
        pool.run([plain('/* hidden */ start transaction'), keyed('insert into begun values (5)')]),
        pool.run([keyed('insert into begun values (6)')]),
      ]);
      const statuses = results.map((result) => result.status);
      expect(statuses).toEqual(['rejected', ...new Array(5).fill('fulfilled')]);
      expect(values((await pool.run([keyed('select a from begun order by a')]))[0])).toEqual([
        ['2'],
        ['4'],
        ['6'],
      ]);
    });

    it('hold back what comes while they are under way', async () => {
      const pool = open({ max: 1, stallMs: 10_000 });
      await pool.run([plain('create table held (a int)')]);
      const insert = (a: string): Promise<Outcome[]> => pool.run([keyed('insert into held values ($1)', a)]);
      const failing = (seconds: string): Promise<unknown> =>
        pool
          .run([keyed('begin'), keyed('select pg_sleep($1)', seconds), keyed('select 1 / 0')])
          .catch(() => 'failed');
      for (let i = 0; i < 3; i++) await Promise.all([failing('0'), insert('0')]);
      const first = failing('0.1');
      await sleep(20);
      const inserts = [insert('1'), insert('2')];
      await sleep(20);
      inserts.push(insert('3'));
      expect(await first).toBe('failed');
      await Promise.all(inserts);
      expect(values((await pool.run([keyed('select a from held where a > 0 order by a')]))[0])).toEqual([
        ['1'],
        ['2'],
        ['3'],
      ]);
    });

    it('leave no setting behind', async () => {
      const pool = open({ max: 1 });
      const setting = keyed(`select current_setting('my.secret', true)`);
      await pool.run([keyed(`select set_config('my.secret', 'x', true)`), setting]);
      expect(value(await pool.run([setting]))).toBe('');
      await pool.run([keyed('begin'), keyed(`set my.secret = 'y'`)]);
      expect(value(await pool.run([setting]))).toBe('');
    });
  });

  describe('settings of the session', () => {
    it.each([
      ['timezone', 'Asia/Tokyo', 'UTC'],
      ['client_encoding', 'LATIN1', 'UTF8'],
      ['datestyle', 'German, DMY', 'ISO, MDY'],
      ['default_transaction_read_only', 'on', 'off'],
    ])('are reset when a statement has changed %s', async (name, changed, usual) => {
      const pool = open({ max: 1 });
      expect(value(await pool.run([keyed(`select set_config('${name}', '${changed}', false)`)]))).toBe(
        changed,
      );
      expect(value(await pool.run([keyed(`select current_setting('${name}')`)]))).toBe(usual);
      expect(value(await pool.run([keyed(`select 'ä'`)]))).toBe('ä');
    });

    it('are left as the server has them after one try', async () => {
      let report: Buffer | undefined;
      const sent: Buffer[] = [];
      const proxy = await startProxy(database.owner, {
        onClientBytes: (bytes) => sent.push(bytes),
        onServerBytes: (bytes, client) => {
          client.write(report ? Buffer.concat([report, bytes]) : bytes);
          report = undefined;
        },
      });
      const pool = open({ connect: proxy.through(database.owner), max: 1 });
      await pool.run([keyed('select 1')]);
      // As if its configuration was changed and reloaded.
      report = Buffer.from('S\0\0\0\x1bIntervalStyle\0iso_8601\0', 'latin1');
      for (let i = 0; i < 10; i++) await pool.run([keyed('select 1')]);
      expect(report).toBeUndefined();
      expect(String(Buffer.concat(sent)).match(/RESET ALL/g)).toHaveLength(1);
      await proxy.close();
    });
  });

  describe('sharing', () => {
    it('sends all that is asked in one turn of the event loop in one write', async () => {
      let writes = 0;
      const proxy = await startProxy(database.owner, { onClientBytes: () => writes++ });
      const pool = open({ connect: proxy.through(database.owner), max: 1, depth: 20 });
      for (let i = 0; i < 5; i++) await pool.run([keyed('select 1')]);
      writes = 0;
      await Promise.all(Array.from({ length: 12 }, () => pool.run([keyed('select 1')])));
      expect(writes).toBe(1);
      await proxy.close();
    });

    it('sends the right bytes although the network takes them slowly', async () => {
      const pool = open({ max: 1, depth: 100, stallMs: 60_000 });
      const nap = (seconds: string): Promise<Outcome[]> => pool.run([keyed('select pg_sleep($1)', seconds)]);
      const hash = (text: string): Promise<Outcome[]> => pool.run([keyed('select md5($1)', text)]);
      for (let i = 0; i < 3; i++) await Promise.all([nap('0'), hash('x')]);
      const work = [nap('0.3')];
      const texts = Array.from({ length: 40 }, (_, i) => String.fromCharCode(0x41 + i).repeat(90_000));
      for (const text of texts) {
        work.push(hash(text));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const [, ...hashes] = await Promise.all(work);
      expect(hashes.map(value)).toEqual(texts.map((text) => createHash('md5').update(text).digest('hex')));
    });

    it('gives the same outcomes however the network cuts the answers', async () => {
      let cuts: number[] = [];
      const proxy = await startProxy(database.owner, {
        onServerBytes: (bytes, client) => {
          let at = 0;
          for (let i = 0; at < bytes.length; i++) {
            const end = cuts.length === 0 ? bytes.length : at + (cuts[i % cuts.length] as number);
            // Copied and written apart: with noDelay each becomes a chunk, more often than not.
            client.write(Buffer.from(bytes.subarray(at, end)));
            at = end;
          }
        },
      });
      const pool = open({ connect: proxy.through(database.owner), max: 2 });
      const work = (): Promise<PromiseSettledResult<unknown>[]> =>
        Promise.allSettled([
          pool.run([
            { ...plain(`select i, repeat('ä', i), null from generate_series(1, 50) i`), describe: true },
          ]),
          pool.run([plain(`select repeat('z', 200000)`)]),
          pool.run([plain('select 1 / 0')]),
          pool.run([keyed('select 1'), keyed(`select ''`)]),
        ]);
      const whole = await work();
      const property = fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1 }),
        async (sizes) => {
          cuts = sizes;
          expect(await work()).toEqual(whole);
        },
      );
      await fc.assert(property, { numRuns: 25 });
      await proxy.close();
    });

    it('does not let a slow statement hold up quick ones', async () => {
      const pool = open({ max: 3 });
      const nap = keyed('select pg_sleep($1)', '1.5');
      const quick = keyed('select 1');
      await pool.run([quick]);
      const slow = [pool.run([nap]), pool.run([nap])];
      const begin = performance.now();
      for (let i = 0; i < 50; i++) await Promise.all([pool.run([quick]), pool.run([quick])]);
      expect(performance.now() - begin).toBeLessThan(1_200);
      await Promise.all(slow);
    });

    it('puts nothing behind a statement that was quick and has become slow', async () => {
      const pool = open({ max: 2 });
      const nap = (seconds: string): Promise<Outcome[]> => pool.run([keyed('select pg_sleep($1)', seconds)]);
      const quick = keyed('select 1');
      for (let i = 0; i < 5; i++) await Promise.all([nap('0'), pool.run([quick])]);
      const slow = nap('1.5');
      await sleep(20);
      const begin = performance.now();
      for (let i = 0; i < 50; i++) await Promise.all([pool.run([quick]), pool.run([quick])]);
      expect(performance.now() - begin).toBeLessThan(1_200);
      await slow;
    });

    it('gives what is slow a connection alone, and keeps one for the others', async () => {
      const pool = open({ max: 3 });
      const naps = Array.from({ length: 5 }, () => pool.run([keyed('select pg_sleep(0.8)')], { slow: true }));
      const begin = performance.now();
      for (let i = 0; i < 20; i++) await pool.run([keyed('select 1')]);
      expect(performance.now() - begin).toBeLessThan(700);
      expect(pool.stats.waiting).toBeGreaterThan(0);
      await Promise.all(naps);
    });

    it('gives a slow statement a connection although quick ones never leave one idle', async () => {
      const pool = open({ max: 1 });
      let done = false;
      const keepBusy = async (): Promise<void> => {
        while (!done) await pool.run([keyed('select 1')]);
      };
      const busy = Array.from({ length: 40 }, keepBusy);
      await sleep(50);
      expect(pool.stats.waiting).toBeGreaterThan(0);
      expect(value(await pool.run([keyed('select 2')], { slow: true }))).toBe('2');
      done = true;
      await Promise.all(busy);
    });

    it('opens no more connections than max, and min at once', async () => {
      const pool = open({ min: 2, max: 4 });
      await Promise.all(
        Array.from({ length: 200 }, (_, i) => pool.run([plain(`select ${i}, pg_sleep(0.001)`)])),
      );
      expect(pool.stats.connections).toBe(4);
      const eager = open({ min: 3 });
      await expect.poll(() => eager.stats.connections).toBe(3);
    });
  });

  describe('giving up', () => {
    it('rejects work that waits too long for a connection', async () => {
      const pool = open({ max: 1, acquireTimeoutMs: 200 });
      // Logging in is no part of it.
      await pool.run([keyed('select 1')]);
      const nap = pool.run([keyed('select pg_sleep(1.5)')]);
      await sleep(30);
      const begin = performance.now();
      const overdue = { kind: 'acquire-timeout', message: expect.stringContaining('0.2 s') };
      await Promise.all([
        expect(pool.run([keyed('select 1')])).rejects.toMatchObject(overdue),
        expect(pool.run([keyed('select 1')], { slow: true })).rejects.toMatchObject(overdue),
      ]);
      expect(performance.now() - begin).toBeLessThan(1_300);
      await nap;
      expect(value(await pool.run([keyed('select 1')]))).toBe('1');
    });

    it('drops work that is aborted before it is sent', async () => {
      const pool = open({ max: 1 });
      await pool.run([plain('create table aborted (a int)')]);
      const insert = keyed('insert into aborted values (1)');
      await expect(pool.run([insert], { signal: AbortSignal.abort(new Error('never')) })).rejects.toThrow(
        'never',
      );
      const controller = new AbortController();
      const soon = pool.run([insert], { signal: controller.signal });
      controller.abort(new Error('at once'));
      await expect(soon).rejects.toThrow('at once');
      const nap = pool.run([plain('select pg_sleep(0.2)')]);
      const waiting = new AbortController();
      const queued = [
        pool.run([insert], { signal: waiting.signal }),
        pool.run([insert], { signal: waiting.signal, slow: true }),
      ];
      await sleep(20);
      waiting.abort(new Error('later'));
      for (const one of queued) await expect(one).rejects.toThrow('later');
      await nap;
      expect(value(await pool.run([keyed('select count(*) from aborted')]))).toBe('0');
    });

    it('cancels what is alone on its connection, and only that', async () => {
      const pool = open({ max: 1 });
      const controller = new AbortController();
      const nap = pool.run([keyed('select pg_sleep(20)')], { signal: controller.signal });
      await sleep(50);
      const begin = performance.now();
      controller.abort(new Error('enough'));
      const next = Array.from({ length: 30 }, (_, i) => pool.run([keyed('select $1::int', String(i))]));
      await expect(nap).rejects.toThrow('enough');
      expect((await Promise.all(next)).map(value)).toEqual(next.map((_, i) => String(i)));
      expect(performance.now() - begin).toBeLessThan(3_000);
      expect(pool.stats.connections).toBe(1);
    });

    it('never hits what comes after a cancelled exchange', async () => {
      const pool = open({ max: 1 });
      const nap = (seconds: string, signal?: AbortSignal): Promise<Outcome[]> =>
        pool.run([keyed('select pg_sleep($1)', seconds)], { signal });
      const next = keyed('select 1 from pg_sleep($1)', '0.001');
      for (let i = 0; i < 3; i++) await Promise.all([nap('0'), pool.run([{ ...next, params: ['0'] }])]);
      for (let i = 0; i < 60; i++) {
        const controller = new AbortController();
        const aborted = nap('0.003', controller.signal).catch(() => {});
        await sleep(i % 6);
        const before = i % 2 ? pool.run([next]) : undefined;
        controller.abort();
        const after = pool.run([next]);
        await aborted;
        for (const outcomes of [await before, await after]) if (outcomes) expect(value(outcomes)).toBe('1');
      }
    });

    it('disowns what shares its connection', async () => {
      const pool = open({ max: 1 });
      const nap = keyed('select pg_sleep($1)', '0');
      for (let i = 0; i < 3; i++) await pool.run([nap]);
      const controller = new AbortController();
      const together = [
        pool.run([keyed('select pg_sleep($1)', '0.15')], { signal: controller.signal }),
        pool.run([nap]),
      ];
      await sleep(30);
      controller.abort(new Error('not mine'));
      await expect(together[0]).rejects.toThrow('not mine');
      expect((await together[1])?.[0]?.command).toBe('SELECT 1');
    });
  });

  describe('broken connections', () => {
    it('tells that work was lost on the way, and replaces the connection', async () => {
      const pool = open({ max: 2 });
      const [pid] = values((await pool.run([plain('select pg_backend_pid()')]))[0])[0] ?? [];
      const nap = pool.run([plain('select pg_sleep(10)')]).catch((reason: unknown) => reason);
      await pool.run([plain('select pg_terminate_backend($1)', pid as string)]);
      const error = await nap;
      expect(isConnectionLost(error)).toBe(true);
      expect(error).toMatchObject({ cause: { code: '57P01' } });
      expect(value(await pool.run([keyed('select 1')]))).toBe('1');
    });

    it('moves what was not yet sent to another connection', async () => {
      const proxy = await startProxy(database.owner);
      const pool = open({ connect: proxy.through(database.owner), max: 1 });
      await pool.run([keyed('select 1')]);
      const nap = pool.run([plain('select pg_sleep(10)')]);
      await sleep(20);
      const waiting = Array.from({ length: 20 }, (_, i) => pool.run([keyed('select $1::int', String(i))]));
      proxy.cut();
      await expect(nap).rejects.toMatchObject({ kind: 'lost' });
      expect((await Promise.all(waiting)).map(value)).toEqual(waiting.map((_, i) => String(i)));
      await proxy.close();
    });

    it('says after a while that the server cannot be reached', async () => {
      const nowhere = { ...database.owner, host: '127.0.0.1', port: 1 };
      const pool = open({ connect: nowhere, acquireTimeoutMs: 300 });
      const begin = performance.now();
      await expect(pool.run([keyed('select 1')])).rejects.toMatchObject({
        kind: 'connect-failed',
        message: expect.stringContaining('127.0.0.1:1'),
      });
      expect(performance.now() - begin).toBeGreaterThan(250);
    });

    it('does not let work wait as long for a server that is down as for one that is busy', async () => {
      const nowhere = { ...database.owner, host: '127.0.0.1', port: 1 };
      const pool = open({ connect: nowhere, acquireTimeoutMs: 60_000 });
      await expect(pool.run([keyed('select 1')])).rejects.toMatchObject({ kind: 'connect-failed' });
    });

    it('says at once that the password is wrong or the database is not there', async () => {
      const wrong = open({ connect: { ...database.owner, password: 'wrong' } });
      const refused = { kind: 'connect-failed', cause: { code: '28P01' } };
      await expect(wrong.run([keyed('select 1')])).rejects.toMatchObject(refused);
      const missing = open({ connect: { ...database.owner, database: 'missing' } });
      const begin = performance.now();
      await expect(missing.stream([keyed('select 1')], () => {})).rejects.toMatchObject({
        cause: { code: '3D000' },
      });
      expect(performance.now() - begin).toBeLessThan(3_000);
    });

    it('serves again when the server is back', async () => {
      let proxy = await startProxy(database.owner);
      const connect = proxy.through(database.owner);
      const pool = open({ connect });
      await pool.run([keyed('select 1')]);
      await proxy.close();
      await expect.poll(() => pool.stats.connections).toBe(0);
      const waiting = pool.run([keyed('select 1')]);
      await sleep(300);
      proxy = await startProxy(database.owner, {}, connect.port);
      expect(value(await waiting)).toBe('1');
      await proxy.close();
    });
  });

  describe('retirement', () => {
    const pid = async (pool: Pool): Promise<string | null | undefined> =>
      value(await pool.run([keyed('select pg_backend_pid()')]));

    it('closes what was idle for too long, but for as many as are to be kept', async () => {
      const lost: string[] = [];
      const pool = open({
        min: 1,
        retirement: { maxIdleMs: 100 },
        observe: ({ name }) => lost.push(name),
      });
      await Promise.all(Array.from({ length: 4 }, () => pool.run([plain('select pg_sleep(0.05)')])));
      expect(pool.stats.connections).toBeGreaterThan(1);
      await expect.poll(() => pool.stats.connections, { timeout: 5_000 }).toBe(1);
      expect(lost).not.toContain('db.connection-lost');
      expect(await pid(pool)).toBeDefined();
    });

    it('replaces what is old, when it has done what it has', async () => {
      const pool = open({ max: 1, retirement: { maxLifetimeMs: 300 } });
      const first = await pid(pool);
      const slow = await pool.run([plain('select pg_sleep(0.6), pg_backend_pid()')]);
      expect(values(slow[0])[0]?.[1]).toBe(first);
      await expect.poll(() => pid(pool), { timeout: 5_000 }).not.toBe(first);
    });

    it('replaces what has run many different statements, and loses none of them', async () => {
      const heard: string[] = [];
      const pool = open({ max: 2, observe: ({ name, message }) => heard.push(name, message) });
      const usual = keyed('select pg_backend_pid()');
      const first = value(await pool.run([usual]));
      for (let from = 0; from < 4_000; from += 100) {
        const answers = await Promise.all(
          Array.from({ length: 100 }, (_, i) =>
            pool.run([keyed(`select ${from + i} as a${from + i}`), usual]),
          ),
        );
        expect(answers.map(([one]) => values(one)[0]?.[0])).toEqual(
          Array.from({ length: 100 }, (_, i) => String(from + i)),
        );
      }
      expect(heard).toContain('a connection was replaced, as it had run many different statements');
      expect(heard).not.toContain('db.connection-lost');
      expect(value(await pool.run([usual]))).not.toBe(first);
    });

    it('closes as soon as all is done, also what has just been replaced', async () => {
      const evenly = vi.spyOn(Math, 'random').mockReturnValue(0);
      const pool = open({ max: 1 });
      await pool.run([keyed('select 0')]);
      evenly.mockRestore();
      for (let from = 1; from < 1_000; from += 111)
        await Promise.all(Array.from({ length: 111 }, (_, i) => pool.run([keyed(`select ${from + i}`)])));
      const last = pool.run([keyed('select 1000')]);
      const began = performance.now();
      await pool.close({ graceMs: 5_000 });
      expect(performance.now() - began).toBeLessThan(4_000);
      expect(value(await last)).toBe('1000');
    });

    it('keeps what runs the same statements, however many', async () => {
      const pool = open({ max: 1 });
      const first = await pid(pool);
      for (let i = 0; i < 4_000; i += 100)
        await Promise.all(Array.from({ length: 100 }, (_, n) => pool.run([keyed(`select ${n}`)])));
      expect(await pid(pool)).toBe(first);
    });

    it('loses nothing while connections are replaced under work', async () => {
      const pool = open({ max: 3, retirement: { maxLifetimeMs: 250 } });
      const end = performance.now() + 10_000;
      const pids = new Set<unknown>();
      const work = async (): Promise<void> => {
        while (pids.size <= 6 && performance.now() < end) pids.add(await pid(pool));
      };
      await Promise.all(Array.from({ length: 8 }, work));
      expect(pids.size).toBeGreaterThan(6);
    });
  });

  describe('closing', () => {
    it('waits for what is under way and takes nothing new', async () => {
      const pool = open();
      const nap = pool.run([plain('select pg_sleep(0.2), 1')]);
      const closing = pool.close();
      await expect(pool.run([keyed('select 1')])).rejects.toMatchObject({ kind: 'closed' });
      await expect(pool.transaction(async () => {})).rejects.toMatchObject({ kind: 'closed' });
      expect((await nap)[0]?.command).toBe('SELECT 1');
      await closing;
      expect(pool.stats.connections).toBe(0);
    });

    it('does not wait for ever', async () => {
      const pool = open();
      const nap = pool.run([plain('select pg_sleep(20)')]);
      await sleep(100);
      const begin = performance.now();
      const [result] = await Promise.allSettled([nap, pool.close({ graceMs: 100 })]);
      expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'lost' } });
      expect(performance.now() - begin).toBeLessThan(2_000);
    });
  });
});
