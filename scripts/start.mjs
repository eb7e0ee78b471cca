import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findNode, InstallFailed, installMissing, projectFolder, runNode } from './launcher/index.mjs';

const usage = `npm start -- [--example NAME] [options of "ashlar dev"]

Serves one of the examples, installing what is missing first.

  --example NAME   a folder of examples/ (default: careers)
  --help           this text

Everything else is passed on, for instance: npm start -- --example blog --port 4100 --json
npm prints two lines of its own before the output; "npm start --silent -- --json" leaves only the server's.
`;

const defaultExample = 'careers';

process.exitCode = await start(process.argv.slice(2));

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
async function start(args) {
  const { example, help, rest } = readArguments(args);
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  // npm takes for its own what stands before the two dashes.
  if (process.env.npm_config_example !== undefined) {
    process.stderr.write('Put -- before --example, so that npm passes it on: npm start -- --example NAME\n');
    return 2;
  }
  const examples = listExamples();
  if (!examples.includes(example)) {
    const known = examples.length === 0 ? 'there are none yet' : `there are: ${examples.join(', ')}`;
    process.stderr.write(`No example is called "${example}" in examples/; ${known}.\n`);
    return 2;
  }
  try {
    const node = await findNode();
    await installMissing(projectFolder, 'dependencies', { node });
    const main = join(projectFolder, 'src/cli/main.ts');
    const { code, signal } = await runNode(node, [
      main,
      'dev',
      join(projectFolder, 'examples', example),
      ...rest,
    ]);
    // To die of the same signal is how the shell and npm learn of it.
    if (signal !== null) process.kill(process.pid, signal);
    return code;
  } catch (error) {
    if (!(error instanceof InstallFailed)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** @param {readonly string[]} args */
function readArguments(args) {
  let example = defaultExample;
  let help = false;
  /** @type {string[]} */
  const rest = [];
  const words = args.values();
  for (const word of words) {
    if (word === '--example') example = words.next().value ?? '';
    else if (word.startsWith('--example=')) example = word.slice('--example='.length);
    else if (word === '--help' || word === '-h') help = true;
    else rest.push(word);
  }
  return { example, help, rest };
}

/** @returns {string[]} */
function listExamples() {
  try {
    return readdirSync(join(projectFolder, 'examples'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}
