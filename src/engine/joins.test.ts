import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CancelSignal } from '../base/index.ts';
import { Joins } from './joins.ts';

/** A promise that is settled by hand. */
const defer = <T>() => {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
};

describe('joins', () => {
  test('the first read runs at once, those that come meanwhile share one more', async () => {
    const joins = new Joins<number>();
    const runs = [defer<number>(), defer<number>()];
    let started = 0;
    const read = () => joins.run('a', () => (runs[started++] as (typeof runs)[0]).promise);
    const [first, second, third] = [read(), read(), read()];
    expect(started).toBe(1);
    runs[0]?.resolve(1);
    expect(await first).toBe(1);
    runs[1]?.resolve(2);
    expect(await second).toBe(2);
    expect(await third).toBe(2);
    expect(started).toBe(2);
    expect(joins.size).toBe(0);
  });

  test('reads of different keys have nothing to do with each other', async () => {
    const joins = new Joins<string>();
    expect(await Promise.all([joins.run('a', async () => 'a'), joins.run('b', async () => 'b')])).toEqual([
      'a',
      'b',
    ]);
  });

  test('one that fails fails those that had joined it, and the next runs all the same', async () => {
    const joins = new Joins<number>();
    const first = defer<number>();
    const failed = joins.run('a', () => first.promise);
    const next = joins.run('a', async () => 2);
    first.reject(new Error('broken'));
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe(2);
    expect(joins.size).toBe(0);
  });

  test('a run that fails while it starts is a rejection, and leaves nothing behind', async () => {
    const joins = new Joins<number>();
    await expect(joins.run('a', () => Promise.reject(new Error('early')))).rejects.toThrow('early');
    expect(joins.size).toBe(0);
  });

  test('a run is abandoned when the last of those who wait for it leaves', async () => {
    const joins = new Joins<number>();
    const answer = defer<number>();
    const abandoned: boolean[] = [];
    const read = (signal: AbortSignal) =>
      joins.run(
        'a',
        (left) => {
          const run = abandoned.push(false) - 1;
          return Promise.race([
            answer.promise,
            new Promise<never>((_, reject) => {
              left?.addEventListener('abort', () => {
                abandoned[run] = true;
                reject(left.reason);
              });
            }),
          ]);
        },
        signal,
      );
    const callers = Array.from({ length: 3 }, () => new AbortController());
    const [first, ...others] = callers.map(({ signal }) => read(signal));
    callers[0]?.abort('left');
    await expect(first).rejects.toBe('left');
    expect(abandoned[0]).toBe(true);
    answer.resolve(1);
    await new Promise((resolve) => setImmediate(resolve));
    callers[1]?.abort('left, too');
    await expect(others[1]).resolves.toBe(1);
    expect(abandoned).toEqual([true, false]);
  });

  test('who leaves before the next run has begun has not joined it', async () => {
    const joins = new Joins<number>();
    const first = defer<number>();
    const running = joins.run('a', () => first.promise);
    const caller = new AbortController();
    const seen: boolean[] = [];
    const next = joins.run(
      'a',
      async (left) => {
        seen.push(left?.aborted === true);
        return 2;
      },
      caller.signal,
    );
    caller.abort('left');
    await expect(next).rejects.toBe('left');
    first.resolve(1);
    await running;
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([true]);
  });

  test('who comes after another has left, and before the run has begun, has joined it', async () => {
    const joins = new Joins<number>();
    const first = defer<number>();
    const running = joins.run('a', () => first.promise);
    const start = async (abandoned: CancelSignal | undefined) => {
      if (abandoned?.aborted) throw abandoned.reason;
      return 2;
    };
    const caller = new AbortController();
    const left = joins.run('a', start, caller.signal);
    caller.abort('left');
    await expect(left).rejects.toBe('left');
    const stayed = joins.run('a', start, new AbortController().signal);
    first.resolve(1);
    await running;
    expect(await stayed).toBe(2);
    expect(joins.size).toBe(0);
  });

  test('no read misses a write that was acknowledged before it came, whatever the order of things', async () => {
    // A register is written and read by many at random moments; each run sees the register as it was at
    // some moment between its start and its end. A read must see at least the last write before it came.
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('read', 'write', 'finish', 'tick'), fc.nat(7)), { maxLength: 120 }),
        async (history) => {
          const joins = new Joins<number>();
          let register = 0;
          const running: { readonly finish: (value: number) => void; readonly seen: number }[] = [];
          const reads: Promise<void>[] = [];
          for (const [event, pick] of history) {
            if (event === 'write') register++;
            else if (event === 'read') {
              const known = register;
              const key = String(pick % 2);
              reads.push(
                joins
                  .run(key, () => {
                    const run = defer<number>();
                    running.push({ finish: run.resolve, seen: register });
                    return run.promise;
                  })
                  .then((value) => expect(value).toBeGreaterThanOrEqual(known)),
              );
            } else if (event === 'finish') {
              const [run] = running.splice(pick % Math.max(1, running.length), 1);
              run?.finish(run.seen);
            } else await Promise.resolve();
          }
          while (running.length > 0 || joins.size > 0) {
            for (const run of running.splice(0)) run.finish(run.seen);
            await new Promise((resolve) => setImmediate(resolve));
          }
          await Promise.all(reads);
        },
      ),
    );
  });
});
