const usualSignals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Waits for the wish to stop: a signal, or a call. */
export type StopWish = {
  /** Resolves with the signal, or with the reason that was given to `stop`. */
  readonly stopped: Promise<string>;
  readonly stop: (reason: string) => void;
  /** Whether it was wished. */
  readonly wished: () => boolean;
  /** Stops to listen to signals. */
  readonly dispose: () => void;
};

/**
 * Listens to the signals that ask a program to stop. A second SIGINT is for one that takes too long: it ends the
 * process at once.
 */
export const untilStopped = (stopSignals = usualSignals): StopWish => {
  const { promise, resolve } = Promise.withResolvers<string>();
  let wished = false;
  const stop = (reason: string): void => {
    wished = true;
    resolve(reason);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (wished && signal === 'SIGINT') process.exit(130);
    stop(signal);
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  return {
    stopped: promise,
    stop,
    wished: () => wished,
    dispose: () => {
      for (const signal of stopSignals) process.off(signal, onSignal);
    },
  };
};
