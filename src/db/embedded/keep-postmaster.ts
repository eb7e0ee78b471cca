import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedError } from './embedded-error.ts';
import type { PostmasterExit, RunningPostmaster } from './postmaster.ts';

/** What happens to a Postgres that is kept running. */
export type KeepEvent =
  /** It has ended by itself, and is being started again. */
  | { readonly kind: 'ended'; readonly exit: PostmasterExit }
  /** It could not be started, for a reason that was not told yet; the next try is soon. */
  | { readonly kind: 'not-started'; readonly error: Error }
  /** It takes connections again, `downMs` after it had ended. */
  | { readonly kind: 'back'; readonly downMs: number };

export type KeepTimes = {
  /** A Postgres that lived for so long has not died of its start. */
  readonly livedMs: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** With no start that held for so long, it is given up. */
  readonly giveUpMs: number;
};

const usualTimes: KeepTimes = { livedMs: 200, firstDelayMs: 50, longestDelayMs: 1_000, giveUpMs: 60_000 };

/**
 * Starts Postgres, and starts it again whenever it ends by itself: at once the first time, then after pauses that
 * become longer. What is given stands for all of its lives: its `pid` is that of the present one, and `exited`
 * resolves when it was stopped, or given up (then with the `failure`).
 *
 * @param start rejects if Postgres does not start; the signal aborts when it need not any more
 */
export const keepPostmaster = async (
  start: (signal: AbortSignal) => Promise<RunningPostmaster>,
  onEvent: (event: KeepEvent) => void,
  times: KeepTimes = usualTimes,
): Promise<RunningPostmaster> => {
  const stopping = new AbortController();
  const { signal } = stopping;
  let current = await start(signal);
  let startedAt = performance.now();
  /** Starts since the last that held. */
  let vain = 0;
  /** Since when none holds. */
  let troubleSince = 0;
  let told: string | undefined;

  const pause = async (): Promise<void> => {
    if (vain === 0) return;
    const delay = Math.min(times.longestDelayMs, times.firstDelayMs * 2 ** (vain - 1));
    await sleep(delay, undefined, { signal }).catch(() => {});
  };

  /** Starts it again; gives why it was given up, undefined: it runs. */
  const restart = async (endedAt: number): Promise<Error | undefined> => {
    for (;;) {
      await pause();
      if (signal.aborted) return undefined;
      try {
        current = await start(signal);
      } catch (error) {
        if (signal.aborted) return undefined;
        const failure = error instanceof Error ? error : new Error(String(error));
        if (performance.now() - troubleSince >= times.giveUpMs) return failure;
        vain++;
        if (failure.message !== told) onEvent({ kind: 'not-started', error: failure });
        told = failure.message;
        continue;
      }
      startedAt = performance.now();
      onEvent({ kind: 'back', downMs: startedAt - endedAt });
      return undefined;
    }
  };

  const keep = async (): Promise<PostmasterExit> => {
    for (;;) {
      const exit = await current.exited;
      if (signal.aborted) return exit;
      const endedAt = performance.now();
      onEvent({ kind: 'ended', exit });
      const held = endedAt - startedAt >= times.livedMs;
      if (held || troubleSince === 0) {
        vain = 0;
        troubleSince = endedAt;
        told = undefined;
      } else if (endedAt - troubleSince >= times.giveUpMs) {
        return { ...exit, failure: endsAgain(exit) };
      } else {
        vain++;
      }
      const failure = await restart(endedAt);
      if (failure !== undefined) return { ...exit, failure };
      // It may have come up at the very moment at which it was not wanted any more.
      if (signal.aborted) return current.stop('fast');
    }
  };

  const exited = keep();
  return {
    get pid() {
      return current.pid;
    },
    exited,
    stop: async (mode) => {
      stopping.abort();
      await current.stop(mode);
      return exited;
    },
  };
};

const endsAgain = ({ code, signal }: PostmasterExit): EmbeddedError =>
  new EmbeddedError(
    'start-failed',
    `Postgres starts, and ends again and again at once (the last time with ${signal ?? `exit code ${code}`}).`,
  );
