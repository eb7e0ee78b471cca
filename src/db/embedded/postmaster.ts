import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPostmaster } from './data-directory.ts';
import { EmbeddedError } from './embedded-error.ts';
import { explainStart } from './explain-start.ts';
import { markProcess } from './process-mark.ts';
import { dataDirArgument, type Site, startProgram } from './program.ts';
import { restoreSocketDirectory } from './socket-directory.ts';

/**
 * `smart` waits for all clients to leave, `fast` ends their sessions (open transactions are rolled back),
 * `immediate` is like a power failure, from which the next start recovers.
 */
export type StopMode = 'smart' | 'fast' | 'immediate';

/** How a Postgres ended. */
export type PostmasterExit = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started again, where that was tried. */
  readonly failure?: Error;
};

/** A Postgres that runs. */
export type RunningPostmaster = {
  readonly pid: number;
  readonly stop: (mode: StopMode) => Promise<PostmasterExit>;
  readonly exited: Promise<PostmasterExit>;
};

/** Directories beside the data, and whether the process may end while it runs. */
type Places = { readonly logDir: string; readonly socketDir: string; readonly background?: boolean };

const stopSignals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;
const pollMs = 2;
/** How long a start waits for what is left of the last run: its processes, and a directory that they remove. */
const leftoversWaitMs = 15_000;
/** Processes that have not seen by then that their postmaster is gone are busy, and are told. */
const orphanedAfterMs = 1_000;
const orphanWaitMs = 30_000;
/** A fast shutdown that takes longer hangs on something; recovery at the next start is the lesser evil. */
const fastStopMs = 60_000;
const rotateAt = 8 * 1024 * 1024;

/**
 * Starts Postgres and waits until it takes connections.
 *
 * @param signal aborts when it need not start any more: what has begun to is stopped
 * @throws EmbeddedError, by what Postgres says
 */
export const startPostmaster = async (
  site: Site,
  args: readonly string[],
  places: Places,
  signal?: AbortSignal,
): Promise<RunningPostmaster> => {
  const begin = Date.now();
  let told = false;
  for (;;) {
    if (signal?.aborted)
      throw new EmbeddedError('start-failed', 'Postgres was stopped before it had started.');
    const attempt = await tryStart(site, args, places, signal);
    if ('pid' in attempt) return attempt;
    const waited = Date.now() - begin;
    if (signal?.aborted) continue;
    if (!isPassing(attempt.log, site.dataDir) || waited > leftoversWaitMs)
      throw explainFailure(site, attempt.log, args, places);
    if (!told && waited > orphanedAfterMs) {
      told = true;
      endOrphanedBackends(site.dataDir);
    }
    await sleep(50);
  }
};

/**
 * Whether a start failed for what is left of the last run, and will be gone: processes of a killed postmaster that
 * are about to see that they are alone, the postmaster itself if nobody has collected it yet, and a watchdog that
 * removes the directory of the socket.
 */
const isPassing = (log: string, dataDir: string): boolean =>
  log.includes('pre-existing shared memory block') ||
  (/lock file "postmaster\.pid" already exists/.test(log) && !isHeld(dataDir)) ||
  /could not create lock file "[^"]*\.s\.PGSQL[^"]*": No such file or directory/.test(log);

const tryStart = async (
  site: Site,
  args: readonly string[],
  places: Places,
  signal: AbortSignal | undefined,
): Promise<RunningPostmaster | { readonly log: string }> => {
  if (process.platform !== 'win32') restoreSocketDirectory(places.socketDir, site.account);
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

  const onAbort = (): void => signalPostmaster(site, child, 'fast');
  signal?.addEventListener('abort', onAbort);
  while (!exit) {
    const postmaster = readPostmaster(site.dataDir);
    if (postmaster?.pid === child.pid && postmaster?.ready) break;
    await sleep(pollMs);
  }
  signal?.removeEventListener('abort', onAbort);
  if (places.background) child.unref();
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

/**
 * Ends the processes that a killed postmaster left busy: they look for it only when they wait, and keep the next one
 * from starting. They are told to quit as their postmaster would tell them after a crash.
 */
const endOrphanedBackends = (dataDir: string): void => {
  // Elsewhere there is no way to know for sure which those are.
  if (process.platform !== 'linux') return;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || !isPostgresOn(pid, dataDir) || !isProgram(pid, 'postgres')) continue;
    try {
      process.kill(pid, 'SIGQUIT');
    } catch {
      // It has seen by itself that it is alone.
    }
  }
};

/** Whether the process that `postmaster.pid` names is alive; one that is dead and not yet collected is not. */
const isHeld = (dataDir: string): boolean => {
  const holder = readPostmaster(dataDir);
  return holder !== undefined && markProcess(holder.pid) !== undefined;
};

const isProgram = (pid: number, program: string): boolean => {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)) === program;
  } catch {
    return false;
  }
};

const openLog = (logDir: string): { readonly file: number; readonly readNew: () => string } => {
  mkdirSync(logDir, { recursive: true, mode: 0o700 });
  const path = join(logDir, 'postgres.log');
  if (existsSync(path) && statSync(path).size > rotateAt) renameSync(path, join(logDir, 'postgres.1.log'));
  const file = openSync(path, 'a', 0o600);
  const begin = statSync(path).size;
  return { file, readNew: () => readFileSync(path).subarray(begin).toString('utf8') };
};

const explainFailure = (site: Site, log: string, args: readonly string[], places: Places): EmbeddedError =>
  explainStart({
    dataDir: site.dataDir,
    socketDir: places.socketDir,
    port: args.find((arg) => arg.startsWith('port='))?.slice('port='.length),
    log,
  });
