import { describe, expect, test } from 'vitest';
import { quantile } from '../crash/quantile.ts';
import { runScenario } from '../crash/run-scenario.ts';
import { scenarios } from '../crash/scenarios.ts';
import { Unavailable } from '../crash/small-disk.ts';

/**
 * How often each harm is done here, and to how many servers at a time: they wait most of the time for programs to
 * start. `npm run crash` does the same up to 1,000 times. What takes seconds by its nature (a dead connection has to be
 * told from a slow statement; "ashlar start" starts several programs) is shown to work here, and measured there.
 */
const plan: { readonly [scenario: string]: { readonly strikes: number; readonly servers: number } } = {
  'kill-postgres': { strikes: 50, servers: 1 },
  'kill-postgres-dev': { strikes: 3, servers: 1 },
  'kill-server': { strikes: 3, servers: 1 },
  'kill-server-dev': { strikes: 47, servers: 1 },
  'kill-both': { strikes: 3, servers: 1 },
  'kill-both-dev': { strikes: 47, servers: 2 },
  'kill-worker': { strikes: 2, servers: 1 },
  'stop-server': { strikes: 5, servers: 1 },
  'stop-postgrest': { strikes: 10, servers: 1 },
  roll: { strikes: 2, servers: 1 },
  'full-disk': { strikes: 3, servers: 1 },
  'restart-database': { strikes: 10, servers: 1 },
  'crash-database': { strikes: 10, servers: 1 },
  'kill-session': { strikes: 10, servers: 1 },
  reset: { strikes: 50, servers: 1 },
  'byte-limit': { strikes: 50, servers: 1 },
  latency: { strikes: 5, servers: 1 },
  'half-open': { strikes: 2, servers: 1 },
  'cut-off': { strikes: 1, servers: 1 },
};

describe.concurrent('while clients write and read, nothing acknowledged is lost, nothing is done twice, no answer is wrong:', () => {
  for (const scenario of scenarios) {
    const planned = plan[scenario.name];
    if (planned === undefined) continue;
    const { strikes, servers } = planned;
    test(`${scenario.what}, ${strikes} times`, { timeout: 700_000 }, async (context) => {
      let left = strikes;
      const reports = await Promise.all(
        Array.from({ length: servers }, () =>
          runScenario(scenario, { strikes, writers: 2, calmMs: 100, isOver: () => left-- <= 0 }),
        ),
      ).catch((error: unknown) =>
        error instanceof Unavailable ? context.skip(error.message) : Promise.reject(error),
      );
      const recoveries = reports.flatMap((report) => report.recoveries);
      const ms = (share: number): string => `${Math.round(quantile(recoveries, share))} ms`;
      console.log(
        `${scenario.name}: ${strikes} times, back after ${ms(0.5)} (median), ${ms(0.99)} (99th percentile)`,
      );
      expect(reports.flatMap(({ violations }) => violations.slice(0, 20))).toEqual([]);
      expect(recoveries).toHaveLength(strikes);
      for (const { counts } of reports) expect(counts.done).toBeGreaterThan(0);
    });
  }
});
