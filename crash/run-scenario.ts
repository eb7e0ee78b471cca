import { setTimeout as sleep } from 'node:timers/promises';
import { Ledger, type LedgerCounts } from './ledger.ts';
import type { Scenario } from './scenarios.ts';
import { startWriters } from './writers.ts';

export type Report = {
  readonly name: string;
  readonly strikes: number;
  readonly counts: LedgerCounts;
  /** From each strike (or the end of a harm that lasts) to the first write after it that was acknowledged, in ms. */
  readonly recoveries: readonly number[];
  /** What must not happen, and did. */
  readonly violations: readonly string[];
};

export type RunOptions = {
  readonly strikes: number;
  /** Default 4. */
  readonly writers?: number;
  /** A strike comes at any moment of the first so many ms in which all is well. Default 400. */
  readonly calmMs?: number;
  /** Whether to stop before all strikes were done. */
  readonly isOver?: () => boolean;
  readonly onStrike?: (done: number) => void;
};

const hopelessMs = 60_000;

/** Does the harm as often as is asked while clients write, and holds their books against the database at the end. */
export const runScenario = async (scenario: Scenario, options: RunOptions): Promise<Report> => {
  const { strikes, writers: count = 4, calmMs = 400, isOver, onStrike } = options;
  const ledger = new Ledger(scenario.allowed);
  const recoveries: number[] = [];
  const { target, strike } = await scenario.open();
  try {
    const writers = startWriters(target.root, ledger, count);
    const untilWritten = (): Promise<void> => {
      const hopeless = sleep(hopelessMs, undefined, { ref: false }).then(() => {
        throw new Error(`Nothing was written for ${hopelessMs / 1000} s.`);
      });
      return Promise.race([writers.untilWritten(), target.broken, hopeless]);
    };
    try {
      await untilWritten();
      for (let done = 1; done <= strikes && !isOver?.(); done++) {
        // At any moment of what goes on.
        await sleep(10 + Math.random() * calmMs);
        const since = await strike();
        await untilWritten();
        recoveries.push(performance.now() - since);
        onStrike?.(done);
      }
    } finally {
      await writers.stop();
    }
    ledger.check(await target.rows());
  } finally {
    await target.close();
  }
  const { counts, violations } = ledger;
  return { name: scenario.name, strikes: recoveries.length, counts, recoveries, violations };
};
