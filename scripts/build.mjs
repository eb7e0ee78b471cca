import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { findNode, installMissing, projectFolder, runNode } from './launcher/index.mjs';

// Builds the package's `dist` from `src`: JavaScript from TypeScript, everything else copied as it is.
const source = join(projectFolder, 'src');
const target = join(projectFolder, 'dist');

const node = await findNode();
await installMissing(projectFolder, 'dependencies', { node });
rmSync(target, { recursive: true, force: true });

const { code } = await runNode(
  node,
  ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.build.json'],
  { cwd: projectFolder },
);
if (code === 0) {
  const assets = listAssets(source);
  for (const file of assets) {
    const copy = join(target, relative(source, file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
  chmodSync(join(target, 'cli/main.js'), 0o755);
  // Standard error, because `npm pack` prints the package's name on standard output.
  process.stderr.write(`built dist (${assets.length} assets beside the code)\n`);
}
process.exitCode = code;

/**
 * The files that code reads at run time: all that are neither TypeScript nor material of tests.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function listAssets(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ['fixtures', '__snapshots__'].includes(entry.name) ? [] : listAssets(path);
    return /\.(ts|md|snap)$/.test(entry.name) ? [] : [path];
  });
}
