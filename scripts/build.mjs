import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findNode, installMissing, projectFolder, runNode } from './launcher/index.mjs';

// Builds the package's `dist` from `src`: JavaScript from TypeScript, everything else copied as it is, and the types
// of what others import, which the table of settings prints.
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
  const { printTypes } = await import(pathToFileURL(join(target, 'app/settings/print-types.js')).href);
  writeFileSync(join(target, 'ashlar.d.ts'), printTypes());
  writeFileSync(join(target, 'test.d.ts'), testTypes());
  chmodSync(join(target, 'cli/main.js'), 0o755);
  // Standard error, because `npm pack` prints the package's name on standard output.
  process.stderr.write(`built dist (${assets.length} assets beside the code)\n`);
}
process.exitCode = code;

/** The types of `ashlar/test`: a file of nothing but types, and what is there of them. */
function testTypes() {
  const types = readFileSync(join(source, 'app/policy-test/api.ts'), 'utf8');
  const values = { as: 'As', given: 'GivenRows', useProject: 'UseProject' };
  return `${types}\n${Object.entries(values)
    .map(([name, type]) => `export declare const ${name}: ${type};\n`)
    .join('')}`;
}

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
