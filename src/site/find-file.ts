import { realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** What is not visible (RFC 8615 has the one exception), and what file systems read as something else. */
const hidden = /^\.(?!well-known$)|[\\:/\p{Cc}]|[. ]$/u;

/**
 * The names that a path of a URL is made of, decoded; undefined: it is not the path of a file that may be seen.
 * A slash at the end gives an empty last name.
 *
 * @param path as it came, percent-encoded
 * @example splitPath('/assets/a%20b.js') // ['assets', 'a b.js']
 * @example splitPath('/..%2fsecret') // undefined
 */
export const splitPath = (path: string): readonly string[] | undefined => {
  if (!path.startsWith('/')) return undefined;
  const names: string[] = [];
  for (const segment of path.slice(1).split('/')) {
    let name: string;
    try {
      name = decodeURIComponent(segment);
    } catch {
      return undefined;
    }
    if (hidden.test(name)) return undefined;
    names.push(name);
  }
  return names.slice(0, -1).includes('') ? undefined : names;
};

/**
 * Where a file or folder is, by its names below a folder. What is reached through a symbolic link is not there:
 * it may lead anywhere.
 *
 * @param root as `realpath` gives it
 */
export const findFile = async (root: string, names: readonly string[]): Promise<string | undefined> => {
  const path = join(root, ...names);
  try {
    return (await realpath(path)) === path ? path : undefined;
  } catch {
    return undefined;
  }
};
