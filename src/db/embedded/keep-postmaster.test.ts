import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type KeepEvent, type KeepTimes, keepPostmaster } from './keep-postmaster.ts';
import type { PostmasterExit, RunningPostmaster, StopMode } from './postmaster.ts';

/** A Postgres that ends when the test says so. */
type Fake = RunningPostmaster & {
  readonly die: (exit?: PostmasterExit) => void;
  readonly stops: StopMode[];
};

const makeFake = (pid: number): Fake => {
  const { promise, resolve } = Promise.withResolvers<PostmasterExit>();
  const stops: StopMode[] = [];
  return {
    pid,
    exited: promise,
    die: (exit = { code: null, signal: 'SIGKILL' }) => resolve(exit),
    stops,
    stop: async (mode) => {
      stops.push(mode);
      resolve({ code: 0, signal: null });
      return promise;
    },
  };
};

const times: KeepTimes = { livedMs: 0, firstDelayMs: 1, longestDelayMs: 4, giveUpMs: 50 };

const keep = async (
  start: (signal: AbortSignal, count: number) => Promise<RunningPostmaster>,
  how: Partial<KeepTimes> = {},
) => {
  const events: KeepEvent[] = [];
  let count = 0;
  const kept = await keepPostmaster(
    (signal) => start(signal, ++count),
    (event) => events.push(event),
    { ...times, ...how },
  );
  return { kept, events, count: () => count };
};

describe('a Postgres that is kept running', () => {
  test('is started again when it ends by itself, each time', async () => {
    const lives: Fake[] = [];
    const { kept, events } = await keep(async (_signal, count) => {
      lives.push(makeFake(count));
      return lives.at(-1) as Fake;
    });
    for (const life of [1, 2, 3]) {
      expect(kept.pid).toBe(life);
      lives.at(-1)?.die();
      await expect.poll(() => kept.pid).toBe(life + 1);
    }
    expect(events.map(({ kind }) => kind)).toEqual(['ended', 'back', 'ended', 'back', 'ended', 'back']);
    expect(events[0]).toMatchObject({ exit: { signal: 'SIGKILL' } });
  });

  test('stays stopped when it is stopped, in the way that was asked for', async () => {
    const life = makeFake(1);
    const { kept, events, count } = await keep(async () => life);
    expect(await kept.stop('smart')).toEqual({ code: 0, signal: null });
    expect(await kept.exited).toEqual({ code: 0, signal: null });
    expect([life.stops, events, count()]).toEqual([['smart'], [], 1]);
  });

  test('is tried again while it cannot be started, and tells each reason once', async () => {
    const first = makeFake(1);
    const { kept, events } = await keep(
      async (_signal, count) => {
        if (count === 1) return first;
        if (count < 5) throw new Error(count < 4 ? 'no room' : 'no socket');
        return makeFake(count);
      },
      { giveUpMs: 10_000 },
    );
    first.die();
    await expect.poll(() => kept.pid).toBe(5);
    expect(events.map((event) => ('error' in event ? event.error.message : event.kind))).toEqual([
      'ended',
      'no room',
      'no socket',
      'back',
    ]);
  });

  test('is given up, with the reason, where it cannot be started for long', async () => {
    const first = makeFake(1);
    const { kept } = await keep(async (_signal, count) => {
      if (count > 1) throw new Error('no room');
      return first;
    });
    first.die({ code: 2, signal: null });
    expect(await kept.exited).toMatchObject({ code: 2, failure: { message: 'no room' } });
  });

  test('is given up where it starts and ends at once, again and again', async () => {
    const { kept, count } = await keep(
      async (_signal, pid) => {
        const life = makeFake(pid);
        setTimeout(() => life.die({ code: 1, signal: null }), 1);
        return life;
      },
      { livedMs: 1_000 },
    );
    expect(await kept.exited).toMatchObject({
      failure: { message: expect.stringContaining('ends again and again') },
    });
    expect(count()).toBeGreaterThan(3);
  });

  test('can be stopped while it is being started again', async () => {
    const first = makeFake(1);
    let aborted = false;
    const { kept } = await keep(async (signal, count) => {
      if (count === 1) return first;
      await new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('stopped'));
        }),
      );
      return makeFake(count);
    });
    first.die();
    await sleep(10);
    expect(await kept.stop('fast')).toEqual({ code: null, signal: 'SIGKILL' });
    expect(aborted).toBe(true);
  });

  test('is stopped even if it comes up at the moment at which it is stopped', async () => {
    const lives = [makeFake(1), makeFake(2)];
    const coming = Promise.withResolvers<void>();
    const { kept } = await keep(async (_signal, count) => {
      if (count === 2) await coming.promise;
      return lives[count - 1] as Fake;
    });
    lives[0]?.die();
    await sleep(10);
    const stopped = kept.stop('fast');
    coming.resolve();
    expect(await stopped).toEqual({ code: 0, signal: null });
    expect(lives[1]?.stops).toEqual(['fast']);
  });
});
