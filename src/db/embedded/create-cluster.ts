import {
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { quoteLiteral } from '../../sql/index.ts';
import { EmbeddedError } from './embedded-error.ts';
import { diskFull, explainFileError } from './explain-start.ts';
import type { Passwords } from './passwords.ts';
import { dataDirArgument, runProgram, type Site } from './program.ts';

/** Name of the one database of a cluster. */
export const databaseName = 'ashlar';

/**
 * Makes the data directory: complete and synced, or not at all. It is made beside its place, under another
 * name, and renamed at the end, so that a start that was cut short leaves nothing half-done that looks whole.
 */
export const createCluster = async (site: Site, passwords: Passwords): Promise<void> => {
  const { dataDir, account, build } = site;
  removeDrafts(dataDir);
  const draft: Site = { ...site, dataDir: `${dataDir}${draftMark}${process.pid}` };
  try {
    mkdirSync(draft.dataDir, { mode: 0o700 });
    if (account) chownSync(draft.dataDir, account.uid, account.gid);
    await initialise(draft, build.major);
    await setLogins(draft, passwords);
    await runOrFail(draft, 'initdb', ['-D', dataDirArgument(draft), '--sync-only']);
    renameSync(draft.dataDir, dataDir);
    syncFolder(dirname(dataDir));
  } catch (error) {
    rmSync(draft.dataDir, { recursive: true, force: true });
    const explained = explainFileError(error, dirname(dataDir));
    if (explained instanceof EmbeddedError) throw explained;
    const taken = ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
    const why = taken
      ? 'there are files in it that are no data of Postgres. They are left as they are: move them away, and start again.'
      : (error as Error).message;
    throw new EmbeddedError(
      'create-failed',
      `The data directory ${dataDir} could not be made: ${why}`,
      error,
    );
  }
};

const draftMark = '.new-';

const removeDrafts = (dataDir: string): void => {
  const parent = dirname(dataDir);
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${basename(dataDir)}${draftMark}`))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
};

const initialise = async (site: Site, major: number): Promise<void> => {
  const common = [
    '-D',
    dataDirArgument(site),
    '--username=postgres',
    '--encoding=UTF8',
    '--data-checksums',
    // Of no effect: pg_hba.conf is written before the first start.
    '--auth=trust',
    '--no-instructions',
    '--no-sync',
  ];
  if (major >= 17) {
    const builtin = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    await runOrFail(site, 'initdb', [...common, ...builtin]);
    return;
  }
  // Before 17 the locale is the system's, which may not have C.UTF-8.
  const { ok } = await runProgram(site, 'initdb', [...common, '--locale=C.UTF-8']);
  if (!ok) await runOrFail(site, 'initdb', [...common, '--locale=C']);
};

/**
 * Makes the database and its logins, or gives them (back) these passwords. Runs in single-user mode, where
 * there is no login yet, and where the passwords are seen by no other process.
 */
export const setLogins = async (site: Site, passwords: Passwords): Promise<void> => {
  const login = (role: keyof Passwords, attributes: string): string[] => [
    // A command is a line here, so errors ("already exists") leave the next untouched.
    ...(role === 'postgres' ? [] : [`create role ${role}`]),
    `alter role ${role} login ${attributes} password ${quoteLiteral(passwords[role])}`,
  ];
  const commands = [
    "set password_encryption = 'scram-sha-256'",
    ...login('postgres', 'superuser'),
    ...login('ashlar_owner', 'superuser'),
    ...login('authenticator', 'nosuperuser noinherit nocreatedb nocreaterole noreplication nobypassrls'),
    `create database ${databaseName} owner ashlar_owner strategy file_copy`,
  ];
  const args = ['--single', '-F', '-D', dataDirArgument(site), '-c', 'log_min_messages=error', 'template1'];
  const output = await runOrFail(site, 'postgres', args, `${commands.join('\n')}\n`);
  const errors = (output.match(/ERROR: .*/g) ?? []).filter((line) => !line.includes('already exists'));
  if (errors.length > 0) {
    throw new EmbeddedError('create-failed', `The logins could not be made: ${errors.join('; ')}`);
  }
};

const runOrFail = async (
  site: Site,
  program: 'initdb' | 'postgres',
  args: readonly string[],
  input?: string,
): Promise<string> => {
  const { ok, output } = await runProgram(site, program, args, input);
  if (ok) return output;
  if (/No space left on device|Disk quota exceeded/.test(output)) throw diskFull(dirname(site.dataDir));
  // initdb asks for the name of the user, which a number given to a container need not have.
  const nameless = output.includes('could not look up effective user ID');
  const help = nameless
    ? `\nThe user ${process.getuid?.()} has no name in /etc/passwd, and Postgres wants one. Add a line for it there, or start as another user, or as root.`
    : '';
  throw new EmbeddedError(
    'create-failed',
    `${program} failed in ${site.dataDir}:\n${output.trim().split('\n').slice(-10).join('\n')}${help}`,
  );
};

const syncFolder = (path: string): void => {
  // Windows has no such thing as syncing a folder.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};
