import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = join(import.meta.dirname, '../peers/node_modules');

type Exports = string | { readonly [condition: string]: Exports };

/** What a module that is imported gets of an entry of `exports`. */
const entryOf = (exports: Exports): string =>
  typeof exports === 'string'
    ? exports
    : entryOf(exports.node ?? exports.import ?? (exports.default as Exports));

/**
 * A package of a peer, from the folder where they are installed apart from the project. Its types are not there to
 * those who have not installed it.
 *
 * @param path below the package, as its `exports` name it
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export const load = async (name: string, path = '.'): Promise<any> => {
  const manifest = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as {
    readonly main?: string;
    readonly exports?: { readonly [path: string]: Exports };
  };
  const entry = manifest.exports?.[path];
  const file = entry === undefined ? (manifest.main ?? 'index.js') : entryOf(entry);
  return import(pathToFileURL(join(folder, name, file)).href);
};
