import { describe, expect, test } from 'vitest';
import { addTallies, closingLines, nothing, oneTest, testRun } from './closing.mjs';

describe('the closing lines', () => {
  test('end with the sum of everything', () => {
    const sum = addTallies([oneTest(true), oneTest(false), { ...nothing, passed: 5, failed: 1 }]);
    expect(closingLines(sum)).toEqual(['6 passed, 2 failed']);
  });

  test('name each reason for skipping with its count, most frequent first', () => {
    const sum = addTallies([
      { ...nothing, skipped: 1, reasons: { 'no nginx': 1 } },
      { ...nothing, passed: 1, skipped: 3, reasons: { 'no chromium': 2, 'no nginx': 1 } },
      { ...nothing, skipped: 1, reasons: { 'no nginx': 1 } },
    ]);
    expect(closingLines(sum)).toEqual([
      'skipped 3: no nginx',
      'skipped 2: no chromium',
      '1 passed, 0 failed, 5 skipped',
    ]);
  });

  test('count a test run without a report as a failure', () => {
    expect(testRun(null, 0)).toEqual({ ...nothing, failed: 1 });
    expect(testRun(null, 137)).toEqual({ ...nothing, failed: 1 });
  });

  test('count a failure that no test accounts for', () => {
    expect(testRun({ ...nothing, passed: 3 }, 1)).toEqual({ ...nothing, passed: 3, failed: 1 });
    expect(testRun({ ...nothing, passed: 3, failed: 2 }, 1)).toEqual({ ...nothing, passed: 3, failed: 2 });
    expect(testRun({ ...nothing, passed: 3 }, 0)).toEqual({ ...nothing, passed: 3 });
  });
});
