import { createHash } from 'node:crypto';
import {
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
import { EmbeddedError } from './embedded-error.ts';

/** What the kernels take for the path of a unix socket, less the final zero: 107 on Linux, 103 on macOS. */
const longestPath = 103;

/**
 * Makes the directory for the socket of the cluster at `dataDir`: short (a folder of 300 characters would not
 * fit into a socket's address), and private to the user that Postgres runs as. Its name follows from the
 * folder; where someone else has taken that name it gets a random one.
 */
export const makeSocketDirectory = (dataDir: string, account: Account | undefined): string => {
  const hash = createHash('sha256')
    .update(`${ownerOf(account)}:${dataDir}`)
    .digest('hex')
    .slice(0, 12);
  // Not TMPDIR where it can be helped: on macOS and in sandboxes it is long.
  const base = existsSync('/tmp') ? '/tmp' : tmpdir();
  const path = takeName(base, `ashlar-${hash}`, account);
  if (path.length + '/.s.PGSQL.65535'.length > longestPath) {
    rmdirSync(path);
    throw new EmbeddedError(
      'no-socket',
      `The path of a socket in ${base} would be longer than the ${longestPath} characters that a socket's address takes. Set TMPDIR to a shorter one.`,
    );
  }
  return path;
};

const ownerOf = (account: Account | undefined): number => account?.uid ?? process.getuid?.() ?? 0;

/** Makes the directory of that name, takes it if it is there and ours, or else makes one of another name. */
const takeName = (base: string, name: string, account: Account | undefined): string => {
  const path = join(base, name);
  try {
    if (makeDirectory(path, account) || isPrivate(path, account)) return path;
    const other = mkdtempSync(join(base, 'ashlar-'));
    if (account) chownSync(other, account.uid, account.gid);
    return other;
  } catch (error) {
    throw new EmbeddedError(
      'no-socket',
      `The directory for the socket of Postgres cannot be made: ${(error as Error).message}. See that ${base} is there and can be written to, and is not full.`,
      error,
    );
  }
};

/** Whether it was made; false: there is something of that name. */
const makeDirectory = (path: string, account: Account | undefined): boolean => {
  try {
    mkdirSync(path, { mode: 0o700 });
    if (account) chownSync(path, account.uid, account.gid);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const isPrivate = (path: string, account: Account | undefined): boolean => {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  return entry?.isDirectory() === true && entry.uid === ownerOf(account) && (entry.mode & 0o077) === 0;
};

/**
 * Makes it ready for a start: there, and without what a Postgres that is gone has left. The watchdog of that one may
 * have removed it, or be about to.
 */
export const restoreSocketDirectory = (path: string, account: Account | undefined): void => {
  if (!makeDirectory(path, account) && !isPrivate(path, account)) {
    throw new EmbeddedError(
      'no-socket',
      `The directory of the socket, ${path}, was removed, and someone else has taken its name. Start again: another name is taken then.`,
    );
  }
  emptySocketDirectory(path);
};

/** Removes what a Postgres that is gone has left there. The lock on the data is not here. */
const emptySocketDirectory = (path: string): void => {
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
