import type { Header } from '../http/index.ts';

/** The stages of a request that `Server-Timing` tells of. */
export type Stage = 'jwt' | 'parse' | 'plan' | 'transaction' | 'response';

/** Measures the stages of one request. */
export type Timing = {
  /** The stage is over. */
  readonly mark: (stage: Stage) => void;
  readonly header: () => Header | undefined;
};

const STAGES: readonly Stage[] = ['jwt', 'parse', 'plan', 'transaction', 'response'];

const OFF: Timing = { mark: () => {}, header: () => undefined };

/**
 * Begins to measure (Server Timing, W3C: durations in milliseconds). Planning is part of the
 * transaction's stage where the plan is known already.
 */
export const startTiming = (enabled: boolean): Timing => {
  if (!enabled) return OFF;
  const durations = new Map<Stage, number>();
  let last = performance.now();
  return {
    mark: (stage) => {
      const now = performance.now();
      durations.set(stage, now - last);
      last = now;
    },
    header: () => [
      'Server-Timing',
      STAGES.map((stage) => `${stage};dur=${(durations.get(stage) ?? 0).toFixed(1)}`).join(', '),
    ],
  };
};
