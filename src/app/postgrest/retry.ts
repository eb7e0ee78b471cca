import { setTimeout as pause } from 'node:timers/promises';

const firstPauseMs = 1_000;
const longestPauseMs = 32_000;

export type RetryOptions = {
  /** Whether another try may help. */
  readonly mayHelp: (error: unknown) => boolean;
  /** Told of a failure that another try follows, in so many seconds. */
  readonly onFailure: (error: unknown, seconds: number) => void;
  /** Gives up, with the signal's reason. */
  readonly signal: AbortSignal;
};

/**
 * Tries until it succeeds, with pauses of 1 s, 2 s, 4 s … up to 32 s.
 *
 * @throws the error of a try after which no other may help
 */
export const retry = async <T>(work: () => Promise<T>, options: RetryOptions): Promise<T> => {
  const { mayHelp, onFailure, signal } = options;
  for (let delay = firstPauseMs; ; delay = Math.min(longestPauseMs, 2 * delay)) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!mayHelp(error)) throw error;
      onFailure(error, delay / 1000);
    }
    await pause(delay, undefined, { signal });
  }
};
