import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withFirstOnPath } from './path.mjs';

/** npm could not install a folder's dependencies. The message says what to do. */
export class InstallFailed extends Error {
  /** @override */
  name = 'InstallFailed';
}

// `npm install` and not `npm ci`: a lock file names the builds of every platform, and `ci` refuses a lock from
// which a registry's mirror left some out. `--no-save` keeps both files as they were committed.
const npmArguments = [
  'install',
  '--no-save',
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

/**
 * Installs the dependencies of the package in `folder` unless its `node_modules` already matches its
 * `package.json` and `package-lock.json`. When nothing is missing this costs two small reads and a hash.
 *
 * @param {string} folder an absolute path with a package.json
 * @param {string} what what is installed, for the progress line: "dependencies"
 * @param {{ node?: string, tell?: (line: string) => void }} [options] the Node that npm is run with, the one that
 *   runs now by default; and what receives the progress line, standard error by default
 * @returns {Promise<boolean>} whether anything was installed
 * @throws {InstallFailed}
 */
export async function installMissing(folder, what, { node = process.execPath, tell = tellUser } = {}) {
  const modules = join(folder, 'node_modules');
  const stamp = join(modules, '.ashlar-installed');
  const wanted = fingerprint(folder);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;

  tell(`installing ${what} (once) …`);
  // Gone before npm starts, so that an interrupted installation is seen as one the next time.
  rmSync(stamp, { force: true });
  const { code, output } = await runNpm(node, folder);
  if (code !== 0) throw new InstallFailed(explain(folder, what, output));
  mkdirSync(modules, { recursive: true });
  writeFileSync(stamp, wanted);
  return true;
}

/** @param {string} folder */
function fingerprint(folder) {
  // The platform belongs to it: a folder shared with a container holds the other system's binaries.
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const name of ['package.json', 'package-lock.json']) {
    const file = join(folder, name);
    if (existsSync(file)) hash.update(readFileSync(file));
    hash.update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} line */
function tellUser(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * @param {string} node
 * @param {string} folder
 * @returns {Promise<{ code: number, output: string }>}
 */
function runNpm(node, folder) {
  // npm silently leaves out optional packages, binaries among them, that want a newer Node than it runs on. So it
  // is run with the Node that will use them. It tells the scripts it runs where it is itself; where no npm started
  // us, the one on PATH has to do.
  const own = process.env.npm_execpath;
  const [command, ...first] = own !== undefined && /^npm/.test(basename(own)) ? [node, own] : ['npm'];
  return new Promise((resolve) => {
    const npm = spawn(command, [...first, ...npmArguments], {
      cwd: folder,
      env: withFirstOnPath(dirname(node)),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: first.length === 0 && process.platform === 'win32',
    });
    let output = '';
    npm.stdout.on('data', (chunk) => {
      output += chunk;
    });
    npm.stderr.on('data', (chunk) => {
      output += chunk;
    });
    npm.once('error', (error) => resolve({ code: 1, output: `npm could not be started: ${error.message}` }));
    npm.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * @param {string} folder
 * @param {string} what
 * @param {string} output
 */
function explain(folder, what, output) {
  return [
    `npm could not install ${what} in ${folder}. It said:`,
    '',
    ...output
      .trim()
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    'The first start needs a registry: check the network, a proxy (npm config get proxy) and the registry',
    '(npm config get registry), then run the same command again. Once installed, no network is needed.',
  ].join('\n');
}
