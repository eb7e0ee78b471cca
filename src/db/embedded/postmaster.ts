import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPostmaster } from './data-directory.ts';
import { EmbeddedError } from './embedded-error.ts';
import { markProcess } from './process-mark.ts';
import { dataDirArgument, type Site, startProgram } from './program.ts';

/**
 * `smart` waits for all clients to leave, `fast` ends their sessions (open transactions are rolled back),
 * `immediate` is like a power failure, from which the next start recovers.
 */
export type StopMode = 'smart' | 'fast' | 'immediate';

/** How a Postgres ended. */
export type PostmasterExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A Postgres that runs. */
export type RunningPostmaster = {
  readonly pid: number;
  readonly stop: (mode: StopMode) => Promise<PostmasterExit>;
  readonly exited: Promise<PostmasterExit>;
};

/** Directories beside the data. */
type Places = { readonly logDir: string; readonly socketDir: string };

const stopSignals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;
const pollMs = 2;
const sharedMemoryWaitMs = 15_000;
const orphanWaitMs = 30_000;
/** A fast shutdown that takes longer hangs on something; recovery at the next start is the lesser evil. */
const fastStopMs = 60_000;
const rotateAt = 8 * 1024 * 1024;

/** Starts Postgres and waits until it takes connections. */
export const startPostmaster = async (
  site: Site,
  args: readonly string[],
  places: Places,
): Promise<RunningPostmaster> => {
  const begin = Date.now();
  for (;;) {
    const attempt = await tryStart(site, args, places);
    if ('pid' in attempt) return attempt;
    // A process of the last run (a backend of a killed postmaster) still has it, and is about to see that it is alone.
    const passing = attempt.log.includes('pre-existing shared memory block');
    if (!passing || Date.now() - begin > sharedMemoryWaitMs)
      throw explainFailure(site.dataDir, attempt.log, args);
    await sleep(200);
  }
};

const tryStart = async (
  site: Site,
  args: readonly string[],
  places: Places,
): Promise<RunningPostmaster | { readonly log: string }> => {
  const log = openLog(places.logDir);
  const child = startProgram(
    site,
    'postgres',
    ['-D', dataDirArgument(site), ...args],
    ['ignore', log.file, log.file],
  );
  closeSync(log.file);
  let exit: PostmasterExit | undefined;
  let failure: Error | undefined;
  const exited = new Promise<PostmasterExit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
    child.once('error', (error) => {
      failure = error;
      exit ??= { code: null, signal: null };
      resolve(exit);
    });
  });
  const stopOnExit = (): void => {
    if (!exit) signalPostmaster(site, child, 'fast');
  };
  process.once('exit', stopOnExit);
  const watchdog = child.pid === undefined ? undefined : startWatchdog(site, child.pid, places.socketDir);
  void exited.then(() => {
    process.removeListener('exit', stopOnExit);
    watchdog?.dismiss();
  });

  while (!exit) {
    const postmaster = readPostmaster(site.dataDir);
    if (postmaster?.pid === child.pid && postmaster?.ready) break;
    await sleep(pollMs);
  }
  if (failure)
    throw new EmbeddedError('start-failed', `Postgres could not be run: ${failure.message}`, failure);
  if (exit) return { log: log.readNew() };
  return {
    pid: child.pid as number,
    exited,
    stop: async (mode) => {
      if (!exit) signalPostmaster(site, child, mode);
      if (mode !== 'fast') return exited;
      const hanging = setTimeout(() => signalPostmaster(site, child, 'immediate'), fastStopMs);
      return exited.finally(() => clearTimeout(hanging));
    },
  };
};

const signalPostmaster = (site: Site, child: ChildProcess, mode: StopMode): void => {
  if (process.platform !== 'win32') {
    child.kill(stopSignals[mode]);
    return;
  }
  // Windows has no signals; Postgres listens for them on a pipe, which pg_ctl knows.
  const pgCtl = join(site.build.native, 'bin', 'pg_ctl.exe');
  spawnSync(pgCtl, ['kill', stopSignals[mode].slice(3), String(child.pid)], { windowsHide: true });
};

/**
 * Stops Postgres when we are gone without having done so (SIGKILL, out of memory), and removes the directory of its
 * socket: a shell waits at the end of a pipe from us, which the kernel closes then. A line in the pipe tells
 * that all is well.
 */
const startWatchdog = (
  site: Site,
  pid: number,
  socketDir: string,
): { readonly dismiss: () => void } | undefined => {
  if (process.platform === 'win32') return undefined;
  const shell = spawn('/bin/sh', ['-c', watchdogScript, 'ashlar-watchdog', String(pid), socketDir], {
    cwd: site.dataDir,
    ...site.account,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  (shell.stdin as unknown as { unref?: () => void }).unref?.();
  return { dismiss: () => shell.stdin.end('done\n') };
};

const watchdogScript = `
read -r word && exit 0
if read -r pid < postmaster.pid && [ "$pid" = "$1" ]; then
  kill -INT "$pid"
  tries=0
  while kill -0 "$pid" && [ $tries -lt 300 ]; do sleep 0.2; tries=$((tries + 1)); done
fi
rmdir "$2"`;

/**
 * Ends a Postgres that was left running on the data by a process that is gone (the caller holds the folder's
 * claim, so no one has a right to it). What is not verifiably Postgres on this data is left alone.
 */
export const stopOrphan = async (dataDir: string, onWait: () => void): Promise<void> => {
  const orphan = readPostmaster(dataDir);
  const mark = orphan && markProcess(orphan.pid);
  if (!orphan || !mark || !isPostgresOn(orphan.pid, dataDir)) return;
  onWait();
  const isThere = (): boolean => {
    const now = markProcess(orphan.pid);
    return now !== undefined && now.start === mark.start;
  };
  process.kill(orphan.pid, 'SIGINT');
  const begin = Date.now();
  let urged = false;
  while (isThere()) {
    if (!urged && Date.now() - begin > orphanWaitMs) {
      urged = true;
      process.kill(orphan.pid, 'SIGQUIT');
    }
    await sleep(10);
  }
};

const isPostgresOn = (pid: number, dataDir: string): boolean => {
  if (process.platform === 'linux') {
    try {
      // Postgres never leaves its data directory.
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
    } catch {
      return false;
    }
  }
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  return typeof stdout === 'string' && stdout.includes('postgres') && stdout.includes(dataDir);
};

const openLog = (logDir: string): { readonly file: number; readonly readNew: () => string } => {
  mkdirSync(logDir, { recursive: true, mode: 0o700 });
  const path = join(logDir, 'postgres.log');
  if (existsSync(path) && statSync(path).size > rotateAt) renameSync(path, join(logDir, 'postgres.1.log'));
  const file = openSync(path, 'a', 0o600);
  const begin = statSync(path).size;
  return { file, readNew: () => readFileSync(path).subarray(begin).toString('utf8') };
};

const explainFailure = (dataDir: string, log: string, args: readonly string[]): EmbeddedError => {
  const tail = log.trim().split('\n').slice(-12).join('\n');
  if (/could not bind IPv4 address .*(in use|EADDRINUSE)/i.test(log)) {
    const port = args.find((arg) => arg.startsWith('port='))?.slice('port='.length);
    return new EmbeddedError(
      'port-taken',
      `Postgres cannot listen on port ${port}: something else does. Choose another port, or none.`,
    );
  }
  return new EmbeddedError('start-failed', `Postgres did not start on ${dataDir}. It said:\n${tail}`);
};
