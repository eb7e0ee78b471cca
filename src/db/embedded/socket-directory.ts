import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from './account.ts';

/** What the kernels take for the path of a unix socket, less the final zero: 107 on Linux, 103 on macOS. */
const longestPath = 103;

/**
 * Makes the directory for the socket of the cluster at `dataDir`: short (a folder of 300 characters would not
 * fit into a socket's address), and private to the user that Postgres runs as. Its name follows from the
 * folder; where someone else has taken that name it gets a random one.
 */
export const makeSocketDirectory = (dataDir: string, account: Account | undefined): string => {
  const uid = account?.uid ?? process.getuid?.() ?? 0;
  const hash = createHash('sha256').update(`${uid}:${dataDir}`).digest('hex').slice(0, 12);
  // Not TMPDIR where it can be helped: on macOS and in sandboxes it is long.
  const base = existsSync('/tmp') ? '/tmp' : tmpdir();
  let path = join(base, `ashlar-${hash}`);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isPrivate(path, uid)) return path;
    path = mkdtempSync(join(base, 'ashlar-'));
  }
  chmodSync(path, 0o700);
  if (account) chownSync(path, account.uid, account.gid);
  if (path.length + '/.s.PGSQL.65535'.length > longestPath) {
    rmdirSync(path);
    throw new RangeError(`The path of a socket in ${base} would be too long. Set TMPDIR to a shorter one.`);
  }
  return path;
};

const isPrivate = (path: string, uid: number): boolean => {
  const entry = lstatSync(path);
  return entry.isDirectory() && entry.uid === uid && (entry.mode & 0o077) === 0;
};

/** Removes what a Postgres that is gone has left there. The lock on the data is not here. */
export const emptySocketDirectory = (path: string): void => {
  for (const name of readdirSync(path))
    if (name.startsWith('.s.PGSQL.')) rmSync(join(path, name), { force: true });
};

/** Removes the directory with what is left in it. */
export const removeSocketDirectory = (path: string): void => {
  try {
    emptySocketDirectory(path);
    rmdirSync(path);
  } catch {
    // Someone removed it before us, or put something there that is not ours to remove.
  }
};
