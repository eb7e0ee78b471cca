import { writeFileSync } from 'node:fs';

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed tests, and what failed outside of one: a file, a hook, an unhandled error
 * @property {number} skipped
 * @property {Record<string, number>} reasons why tests were skipped, and how many for each
 */

/** Where the reporter leaves its count: the name of an environment variable that holds a file's path. */
export const tallyVariable = 'TEST_TALLY';

/**
 * Counts a run's tests.
 *
 * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
 * @param {number} unhandledErrors
 * @returns {Tally}
 */
export function countTests(modules, unhandledErrors) {
  /** @type {Tally} */
  const tally = { passed: 0, failed: unhandledErrors, skipped: 0, reasons: {} };
  for (const module of modules) {
    for (const group of [module, ...module.children.allSuites()]) {
      if (group.errors().length > 0) tally.failed++;
    }
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') tally.passed++;
      else if (result.state === 'skipped') {
        const reason =
          result.note ?? (test.options.mode === 'todo' ? 'still to be written' : 'no reason given');
        tally.skipped++;
        tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
      }
      // A test that is still pending at the end of the run never finished.
      else tally.failed++;
    }
  }
  return tally;
}

/** A Vitest reporter that writes the tally of a run for scripts/test.mjs. */
export default class TallyReporter {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env[tallyVariable];
    if (file !== undefined) writeFileSync(file, JSON.stringify(countTests(modules, unhandledErrors.length)));
  }
}
