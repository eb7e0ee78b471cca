import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome, Pool, RunOptions, Statement } from '../db/index.ts';
import type { Job } from './job.ts';
import { KeyReads } from './key-reads.ts';

/** What a read of a key gives: the key, and how often it had been written when the statement ran. */
const row = (key: string, value: number): Buffer => Buffer.from(`${key}=${value}`);

type Sent = { readonly finish: () => void };

/** A database of numbers by key, whose statements are sent and answered by hand. A read of `bad` fails. */
class HandPool {
  readonly values = new Map<string, number>();
  readonly unsent: (() => void)[] = [];
  readonly sent: Sent[] = [];
  /** How many statements were sent. */
  count = 0;

  run = (statements: readonly Statement[], { amend }: RunOptions = {}): Promise<Outcome[]> =>
    new Promise((resolve, reject) => {
      this.unsent.push(() => {
        const main = (amend?.() ?? statements).at(-1) as Statement;
        this.count++;
        const [param] = main.params as [string];
        const many = main.text === 'many';
        const keys = many
          ? param
              .slice(1, -1)
              .split(',')
              .map((key) => key.slice(1, -1))
          : [param];
        const rows = keys.flatMap((key, i) => {
          const value = this.values.get(key);
          if (value === undefined) return [];
          return [many ? [Buffer.from(String(i + 1)), row(key, value)] : [row(key, value)]];
        });
        const finish = (): void =>
          keys.includes('bad')
            ? reject(new Error('bad key'))
            : resolve([{ rows, command: `SELECT ${rows.length}`, columns: undefined }]);
        this.sent.push({ finish });
      });
    });

  send = (): void => {
    for (const send of this.unsent.splice(0)) send();
  };
}

const jobOf = (key: string): Job =>
  ({
    cached: { key: 'plan', manyKeys: 'many' },
    preamble: [],
    main: { text: 'one', key: 'one', params: [key] },
  }) as unknown as Job;

const open = () => {
  const pool = new HandPool();
  const reads = new KeyReads(pool as unknown as Pool);
  const read = (settings: string, key: string) => {
    const job = jobOf(key);
    const runAlone = () => pool.run([job.main]);
    return reads
      .run({ job, settings, signal: undefined, runAlone, maxBytes: 1000 })
      .then(([outcome]) => outcome?.rows.map(([value]) => String(value)) ?? []);
  };
  return { pool, read };
};

const settle = async (pool: HandPool): Promise<void> => {
  while (pool.unsent.length > 0 || pool.sent.length > 0) {
    pool.send();
    for (const { finish } of pool.sent.splice(0)) finish();
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('reads by key', () => {
  test('that wait to be sent become one statement, and each gets its own row', async () => {
    const { pool, read } = open();
    for (const key of ['a', 'b', 'c', 'd']) pool.values.set(key, 1);
    const reads = Promise.all(['a', 'b', 'none', 'c', 'd'].map((key) => read('x', key)));
    await settle(pool);
    expect(await reads).toEqual([['a=1'], ['b=1'], [], ['c=1'], ['d=1']]);
    expect(pool.count).toBe(2);
  });

  test('of other settings have nothing to do with each other', async () => {
    const { pool, read } = open();
    pool.values.set('a', 1);
    const reads = Promise.all(['x', 'y', 'z'].map((settings) => read(settings, 'a')));
    await settle(pool);
    await reads;
    expect(pool.count).toBe(3);
  });

  test('that fail fail alone', async () => {
    const { pool, read } = open();
    for (const key of ['a', 'b', 'c']) pool.values.set(key, 1);
    const reads = Promise.allSettled(['a', 'b', 'bad', 'c'].map((key) => read('x', key)));
    await settle(pool);
    expect(
      (await reads).map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
    ).toEqual([['a=1'], ['b=1'], 'Error: bad key', ['c=1']]);
  });

  test('do not miss a write that was acknowledged before they came, whatever the order of things', async () => {
    const event = fc.tuple(fc.constantFrom('read', 'read', 'write', 'send', 'finish', 'tick'), fc.nat(11));
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 150 }), async (history) => {
        const { pool, read } = open();
        const keys = ['a', 'b', 'c', 'd'];
        for (const key of keys) pool.values.set(key, 0);
        const reads: Promise<void>[] = [];
        for (const [what, pick] of history) {
          const key = keys[pick % 4] as string;
          if (what === 'write') pool.values.set(key, (pool.values.get(key) ?? 0) + 1);
          else if (what === 'read') {
            const known = pool.values.get(key) ?? 0;
            reads.push(
              read(String(pick % 3), key).then((rows) => {
                expect(rows).toHaveLength(1);
                const [whose, value] = String(rows[0]).split('=');
                expect(whose).toBe(key);
                expect(Number(value)).toBeGreaterThanOrEqual(known);
              }),
            );
          } else if (what === 'send') pool.send();
          else if (what === 'finish') pool.sent.splice(pick % Math.max(1, pool.sent.length), 1)[0]?.finish();
          else await Promise.resolve();
        }
        await settle(pool);
        await Promise.all(reads);
      }),
    );
  });
});
