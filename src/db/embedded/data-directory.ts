import {
  closeSync,
  existsSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { Build } from './build.ts';
import { EmbeddedError } from './embedded-error.ts';

/** Whether there is a cluster in it. */
export const hasCluster = (dataDir: string): boolean => existsSync(join(dataDir, 'PG_VERSION'));

/** Refuses data that this build or this user cannot open. */
export const checkCluster = (dataDir: string, build: Build): void => {
  const major = Number.parseInt(readFileSync(join(dataDir, 'PG_VERSION'), 'utf8'), 10);
  if (major !== build.major) {
    throw new EmbeddedError(
      'foreign-data',
      `The data in ${dataDir} was made by Postgres ${major}, and this is Postgres ${build.major}, which cannot read it. Make a backup with the version that made it, and restore it here.`,
    );
  }
  const { uid } = statSync(dataDir);
  const own = process.getuid?.() ?? uid;
  if (own !== 0 && own !== uid) {
    throw new EmbeddedError(
      'foreign-data',
      `The data in ${dataDir} belongs to user ${uid}, and this process runs as user ${own}. Run it as that user, or give the data to this one (chown -R ${own} ${dataDir}).`,
    );
  }
};

/**
 * Writes a file of the cluster, whole or not at all, if it is not as it should be. The folder belongs to the user
 * that Postgres runs as, and we may be root: a link that was laid there must not be followed.
 */
export const writeClusterFile = (
  dataDir: string,
  name: string,
  text: string,
  account: Account | undefined,
): void => {
  const path = join(dataDir, name);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    if (account) fchownSync(file, account.uid, account.gid);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
};

/** What `postmaster.pid` tells of the Postgres that has the data, or had it. */
export type Postmaster = { readonly pid: number; readonly ready: boolean };

/** Undefined: no Postgres has it, or one is just beginning. Source: Postgres, miscadmin.h (LOCK_FILE_LINE_…). */
export const readPostmaster = (dataDir: string): Postmaster | undefined => {
  let text: string;
  try {
    text = readFileSync(join(dataDir, 'postmaster.pid'), 'latin1');
  } catch {
    return undefined;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
};
