import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/setup/database.ts';
import { startProxy } from '../../test/setup/proxy.ts';
import { createPool, type Pool } from './pool.ts';
import type { Statement } from './statement.ts';

const plain = (text: string): Statement => ({ text, key: undefined, params: [] });
const keyed = (text: string): Statement => ({ text, key: text, params: [] });

describe('a transaction', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool({ connect: database.owner, max: 3 });
    await pool.run([plain('create table entries (name text, unique (name) deferrable initially deferred)')]);
  });
  afterAll(async () => {
    await pool.close();
    await database.drop();
  });

  const has = async (name: string): Promise<boolean> => {
    const [outcome] = await pool.run([{ ...keyed('select 1 from entries where name = $1'), params: [name] }]);
    return outcome?.rows.length !== 0;
  };

  it('commits what was done when its work is done, and gives what the work gives', async () => {
    const result = await pool.transaction(async ({ run }) => {
      await run([keyed(`insert into entries values ('kept')`)]);
      expect(await has('kept')).toBe(false);
      const [outcome] = await run([keyed('select count(*) from entries')]);
      return String(outcome?.rows[0]);
    });
    expect(result).toBe('1');
    expect(await has('kept')).toBe(true);
  });

  it('rolls back when its work throws, and rejects with what was thrown', async () => {
    const work = pool.transaction(async ({ run }) => {
      await run([keyed(`insert into entries values ('thrown')`)]);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await has('thrown')).toBe(false);
  });

  it('rejects when a statement failed, even if its work took no notice', async () => {
    const work = pool.transaction(async ({ run }) => {
      await run([keyed(`insert into entries values ('failed')`)]);
      await run([keyed('select 1 / 0')]).catch(() => {});
      return 'all is well';
    });
    await expect(work).rejects.toMatchObject({ code: '22012', statement: 0 });
    expect(await has('failed')).toBe(false);
  });

  it('goes on behind a savepoint that was rolled back to', async () => {
    await pool.transaction(async ({ run }) => {
      await run([keyed('savepoint before')]);
      await run([keyed(`insert into entries values ('undone')`), keyed('select 1 / 0')]).catch(() => {});
      await run([keyed('rollback to savepoint before')]);
      await run([keyed(`insert into entries values ('after')`)]);
    });
    expect(await has('undone')).toBe(false);
    expect(await has('after')).toBe(true);
  });

  it('rejects when COMMIT fails', async () => {
    const work = pool.transaction(async ({ run }) => {
      await run([keyed(`insert into entries values ('twice')`)]);
      await run([keyed(`insert into entries values ('twice')`)]);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await has('twice')).toBe(false);
  });

  it('tells the index of the statement that failed, as the caller counts', async () => {
    const work = pool.transaction(({ run }) => run([keyed('select 1'), keyed('select 1 / 0')]));
    await expect(work).rejects.toMatchObject({ code: '22012', statement: 1 });
  });

  it('takes the mode it is told', async () => {
    const work = pool.transaction(({ run }) => run([keyed(`insert into entries values ('read')`)]), {
      mode: 'isolation level serializable read only',
    });
    await expect(work).rejects.toMatchObject({ code: '25006' });
  });

  it('runs nothing outside of itself when BEGIN is refused', async () => {
    const work = pool.transaction(
      async ({ run }) => {
        const both = [
          run([keyed(`insert into entries values ('a')`)]),
          run([keyed(`insert into entries values ('b')`)]),
        ];
        await Promise.allSettled(both);
        await Promise.all(both);
      },
      { mode: 'nonsense' },
    );
    await expect(work).rejects.toMatchObject({ code: '42601' });
    expect(await has('a')).toBe(false);
    expect(await has('b')).toBe(false);
  });

  it('runs what is asked together, one after the other', async () => {
    const counts = await pool.transaction(({ run }) => {
      const insert = keyed(`insert into entries values (gen_random_uuid()::text)`);
      return Promise.all([1, 2, 3].map(() => run([insert, keyed('select count(*) from entries')])));
    });
    const [first, second, third] = counts.map(([, outcome]) => Number(String(outcome?.rows[0])));
    expect([second, third]).toEqual([(first as number) + 1, (first as number) + 2]);
  });

  it('runs nothing that is asked after its end, nor what was left unawaited when it failed', async () => {
    let late: (() => Promise<unknown>) | undefined;
    const work = pool.transaction(async ({ run }) => {
      late = () => run([keyed(`insert into entries values ('late')`)]);
      await run([keyed('select 1')]);
      void run([keyed(`insert into entries values ('unawaited')`)]).catch(() => {});
      throw new Error('stop');
    });
    await expect(work).rejects.toThrow('stop');
    await expect(late?.()).rejects.toThrow('The transaction is over.');
    await sleep(50);
    expect(await has('late')).toBe(false);
    expect(await has('unawaited')).toBe(false);
  });

  it('says so when one of its own statements ended it', async () => {
    const work = pool.transaction(async ({ run }) => {
      await run([plain('commit')]);
      await run([keyed(`insert into entries values ('outside')`)]);
    });
    await expect(work).rejects.toThrow('was ended by one of its own statements');
    expect(await has('outside')).toBe(false);
  });

  it('resets the session where it is asked to', async () => {
    const alone = createPool({ connect: database.owner, max: 1 });
    const setting = keyed(`select current_setting('my.mark', true)`);
    await alone.run([setting]);
    await alone.transaction(
      ({ run }) => run([plain(`set my.mark = 'left'`), plain('create temp table t ()')]),
      {
        discard: true,
      },
    );
    const [outcome] = await alone.run([setting]);
    expect(String(outcome?.rows[0])).toBe('');
    const [tables] = await alone.run([keyed(`select count(*) from pg_class where relname = 't'`)]);
    expect(String(tables?.rows[0])).toBe('0');
    await alone.close();
  });

  it('is one round trip from BEGIN to the first answer, and one for COMMIT', async () => {
    let writes = 0;
    const proxy = await startProxy(database.owner, { onClientBytes: () => writes++ });
    const counted = createPool({ connect: proxy.through(database.owner), max: 1 });
    await counted.run([keyed('select 1')]);
    writes = 0;
    await counted.transaction(({ run }) => run([keyed('select 1')]));
    expect(writes).toBe(2);
    await counted.close();
    await proxy.close();
  });

  it('is cancelled and rolled back when the signal aborts', async () => {
    const controller = new AbortController();
    const work = pool.transaction(
      async ({ run }) => {
        await run([keyed(`insert into entries values ('aborted')`)]);
        setTimeout(() => controller.abort(new Error('no time')), 50);
        await run([keyed('select pg_sleep(20)')]);
      },
      { signal: controller.signal },
    );
    await expect(work).rejects.toThrow('no time');
    expect(await has('aborted')).toBe(false);
  });

  it('rejects when the connection is lost, and the pool goes on', async () => {
    const work = pool.transaction(async ({ run, processId }) => {
      await run([keyed('select 1')]);
      await pool.run([{ ...keyed('select pg_terminate_backend($1)'), params: [String(processId)] }]);
      await run([keyed('select 2')]);
    });
    await expect(work).rejects.toMatchObject({ kind: 'lost' });
    expect(await has('nothing')).toBe(false);
    await expect.poll(() => pool.stats.inFlight).toBe(0);
  });

  it('rejects when the connection was lost between two of its statements', async () => {
    const work = pool.transaction(async ({ run, processId }) => {
      await run([keyed('select 1')]);
      await pool.run([{ ...keyed('select pg_terminate_backend($1)'), params: [String(processId)] }]);
      // Long enough for the loss to have been noticed.
      await new Promise((resolve) => setTimeout(resolve, 100));
      await run([keyed('select 2')]);
    });
    await expect(work).rejects.toMatchObject({ kind: 'lost' });
  });

  it('gives its connection back, however it ended', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) =>
        pool.transaction(async ({ run }) => {
          await run([keyed(i % 2 ? 'select 1' : 'select 1 / 0')]);
        }),
      ),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(20);
    await expect.poll(() => pool.stats.idle).toBe(pool.stats.connections);
  });
});
