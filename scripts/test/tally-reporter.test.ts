import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tallyVariable } from './tally-reporter.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ashlar-tally-'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs test files written for the occasion in a Vitest of their own. */
async function tallyOf(files: Record<string, string>) {
  const imports = "import { beforeAll, describe, test } from 'vitest';\n";
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), imports + text);
  const tally = join(folder, 'tally.json');
  const code = await new Promise((done) => {
    const args = ['run', '--root', folder, `--reporter=${resolve('scripts/test/tally-reporter.mjs')}`];
    const env = { ...process.env, [tallyVariable]: tally };
    execFile(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], { env }, (error) =>
      done(error?.code ?? 0),
    );
  });
  return { code, tally: JSON.parse(readFileSync(tally, 'utf8')) };
}

describe('the tally of a test run', () => {
  test('counts what passed and what was skipped, with the reasons', async () => {
    const { code, tally } = await tallyOf({
      'a.test.js': "test('a', () => {}); test('b', (ctx) => ctx.skip('no chromium')); test.todo('c');",
      'b.test.js': "test.skip('d', () => {}); test('e', (ctx) => ctx.skip('no chromium'));",
    });
    expect(code).toBe(0);
    expect(tally).toEqual({
      passed: 1,
      failed: 0,
      skipped: 4,
      reasons: { 'no chromium': 2, 'no reason given': 1, 'still to be written': 1 },
    });
  });

  test.each([
    ['a test', "test('a', () => { throw new Error('x'); });", { failed: 1 }],
    ['a file', "throw new Error('x');", { failed: 1 }],
    ['a hook', "beforeAll(() => { throw new Error('x'); }); test('a', () => {});", { failed: 1, skipped: 1 }],
    [
      'a hook of a group',
      "describe('g', () => { beforeAll(() => { throw new Error('x'); }); test('a', () => {}); });",
      { failed: 1, skipped: 1 },
    ],
    [
      'a promise nobody waits for',
      "test('a', () => { Promise.reject(new Error('x')); });",
      { failed: 1, passed: 1 },
    ],
  ])('counts %s that fails', async (_, text, expected) => {
    const { code, tally } = await tallyOf({ 'a.test.js': text });
    expect(code).toBe(1);
    expect(tally).toMatchObject({ passed: 0, skipped: 0, ...expected });
  });
});
