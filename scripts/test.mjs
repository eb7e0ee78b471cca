import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findNode,
  InstallFailed,
  installMissing,
  postgres15Folder,
  projectFolder,
  refineFolder,
  runNode,
} from './launcher/index.mjs';
import { addTallies, closingLines, oneTest, testRun } from './test/closing.mjs';
import { tallyVariable } from './test/tally-reporter.mjs';

// `npm test` is everything; `npm test -- ARGUMENTS` is Vitest alone with these arguments.
const tally = addTallies(await runAll(process.argv.slice(2)));
process.stdout.write(`\n${closingLines(tally).join('\n')}\n`);
process.exitCode = tally.failed === 0 ? 0 : 1;

/**
 * @param {readonly string[]} args
 * @returns {Promise<import('./test/tally-reporter.mjs').Tally[]>}
 */
async function runAll(args) {
  /** @type {string} */
  let node;
  try {
    node = await findNode();
    await installMissing(projectFolder, 'dependencies', { node });
    await installMissing(postgres15Folder, 'Postgres 15, for the tests', { node });
    await installMissing(refineFolder, "refine's data provider, for the tests", { node });
  } catch (error) {
    if (!(error instanceof InstallFailed)) throw error;
    process.stderr.write(`${error.message}\n`);
    return [oneTest(false)];
  }

  const tallies = [];
  if (args.length === 0) {
    for (const step of [
      {
        title: 'format and lint',
        args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
      },
      { title: 'types', args: ['node_modules/typescript/bin/tsc', '--project', '.'] },
    ]) {
      process.stdout.write(`\n${step.title}\n`);
      const { code, stopped } = await runNode(node, step.args, { cwd: projectFolder });
      process.stdout.write(`${step.title}: ${code === 0 ? 'passed' : `failed (exit code ${code})`}\n`);
      tallies.push(oneTest(code === 0));
      if (stopped) {
        process.stdout.write('\nStopped: the rest was not run.\n');
        return [...tallies, oneTest(false)];
      }
    }
    process.stdout.write('\ntests\n');
  }
  return [...tallies, await runVitest(node, args)];
}

/**
 * @param {string} node
 * @param {readonly string[]} args
 */
async function runVitest(node, args) {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-test-'));
  try {
    const file = join(folder, 'tally.json');
    const reporters = ['--reporter=default', '--reporter=./scripts/test/tally-reporter.mjs'];
    const { code } = await runNode(node, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], {
      cwd: projectFolder,
      env: { [tallyVariable]: file },
    });
    const reported = readTally(file);
    if (reported === null)
      process.stdout.write(`\nThe test run ended with exit code ${code} and no report.\n`);
    return testRun(reported, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @returns {import('./test/tally-reporter.mjs').Tally | null}
 */
function readTally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
