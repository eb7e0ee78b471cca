/** @typedef {import('./tally-reporter.mjs').Tally} Tally */

/** @type {Tally} */
export const nothing = { passed: 0, failed: 0, skipped: 0, reasons: {} };

/**
 * The tally of a step that is one test in itself, such as the type check.
 *
 * @param {boolean} passed
 * @returns {Tally}
 */
export function oneTest(passed) {
  return { ...nothing, passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
}

/**
 * The tally of a test run: what its reporter counted, and one failure more where the run failed without
 * any failure having been counted (no report at all, no test found, a failed set-up).
 *
 * @param {Tally | null} reported null when the run died before it could report
 * @param {number} code the run's exit code
 * @returns {Tally}
 */
export function testRun(reported, code) {
  const tally = reported ?? nothing;
  const uncounted = reported === null || (code !== 0 && tally.failed === 0);
  return uncounted ? { ...tally, failed: tally.failed + 1 } : tally;
}

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function addTallies(tallies) {
  const sum = { ...nothing, reasons: { ...nothing.reasons } };
  for (const tally of tallies) {
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped += tally.skipped;
    for (const [reason, count] of Object.entries(tally.reasons)) {
      sum.reasons[reason] = (sum.reasons[reason] ?? 0) + count;
    }
  }
  return sum;
}

/**
 * The closing lines of a run: each reason for skipping with its count, most frequent first, and the sum.
 *
 * @param {Tally} tally
 * @returns {string[]} for instance `['skipped 2: no chromium', '40 passed, 0 failed, 2 skipped']`
 */
export function closingLines(tally) {
  const reasons = Object.entries(tally.reasons).sort(([, a], [, b]) => b - a);
  const skipped = tally.skipped === 0 ? '' : `, ${tally.skipped} skipped`;
  return [
    ...reasons.map(([reason, count]) => `skipped ${count}: ${reason}`),
    `${tally.passed} passed, ${tally.failed} failed${skipped}`,
  ];
}
