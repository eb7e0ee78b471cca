import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectOptions } from '../src/db/index.ts';
import { type Program, startProgram } from '../test/setup/program.ts';
import { freePort } from './free-port.ts';
import { readRows } from './read-rows.ts';
import type { Target } from './target.ts';

/** A project with the Postgres that comes along, served by a program of its own. */
export type ProjectTarget = Target & {
  /** SIGKILL for Postgres; resolves when the server starts it again. */
  readonly killPostgres: () => Promise<void>;
  /** SIGKILL for the server, which is started again at once, as a service manager would. */
  readonly killServer: () => Promise<void>;
  readonly killBoth: () => Promise<void>;
  /** SIGKILL for one of the processes that answer requests; resolves when there is another in its place. */
  readonly killWorker: () => Promise<void>;
  /** SIGTERM for the server, which is started again when it has ended. */
  readonly stopServer: () => Promise<void>;
  /** SIGHUP for the server; resolves when all workers are new. */
  readonly rollWorkers: () => Promise<void>;
};

export type ProjectTargetOptions = {
  /** Default: `start`. */
  readonly command?: 'dev' | 'start';
  /** Default: 1. */
  readonly workers?: number;
  /** Where the project is made; it is removed at the end. Default: a new one. */
  readonly folder?: string;
};

const patienceMs = 60_000;

export const openProjectTarget = async (options: ProjectTargetOptions = {}): Promise<ProjectTarget> => {
  const { command = 'start', workers = 1, folder = mkdtempSync(join(tmpdir(), 'crash-')) } = options;
  mkdirSync(join(folder, 'migrations'));
  copyFileSync(join(import.meta.dirname, 'ledger.sql'), join(folder, 'migrations', '0001_ledger.sql'));
  const port = await freePort();
  const args = {
    dev: ['dev', folder, '--port', String(port), '--no-watch'],
    start: [
      ...['start', folder, '--port', String(port), '--migrate'],
      ...['--workers', String(workers), '--log-level', 'error'],
    ],
  }[command];
  const { promise: broken, reject: onBroken } = Promise.withResolvers<never>();
  broken.catch(() => {});
  let server: Program;
  let ended = false;

  const start = (): void => {
    const started = startProgram(args, { env: { ASHLAR_JWT_SECRET: 'n0t-f0r-pr0duction-Xy7!pQ2#mL9$vB4' } });
    server = started;
    void started.exited.then(({ code, signal }) => {
      // Whoever ended it has put another in its place, or wanted it.
      if (server !== started || ended) return;
      onBroken(new Error(`The server has ended (${signal ?? code}):\n${started.out()}${started.err()}`));
    });
  };
  const replace = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    ended = true;
    // Not the end of its output, which workers have too, who may take a moment longer.
    const exited = once(server.child, 'exit');
    server.child.kill(signal);
    const [code] = await exited;
    if (signal === 'SIGTERM' && code !== 0) onBroken(new Error(`The server ended with ${code} on SIGTERM.`));
    ended = false;
    start();
  };
  const isReady = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    const end = performance.now() + patienceMs;
    while (!(await condition())) {
      if (performance.now() > end) throw new Error('What was waited for did not happen.');
      await Promise.race([sleep(20), broken]);
    }
  };
  /** Undefined while none has the data. */
  const postgresPid = (): number | undefined => {
    try {
      return Number.parseInt(readFileSync(join(folder, '.ashlar', 'data', 'postmaster.pid'), 'utf8'), 10);
    } catch {
      return undefined;
    }
  };
  const killPostgres = (): number => {
    const pid = postgresPid();
    if (pid === undefined) throw new Error('There is no Postgres to kill.');
    process.kill(pid, 'SIGKILL');
    return pid;
  };
  const workerPids = (): readonly number[] =>
    execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(
        ([, parent, ...words]) =>
          Number(parent) === server.child.pid && /worker\.[jt]s/.test(words.join(' ')),
      )
      .map(([pid]) => Number(pid));
  const areNew = (before: readonly number[]) => (): boolean => {
    const now = workerPids();
    return now.length >= workers && !now.some((pid) => before.includes(pid));
  };

  start();
  await until(isReady);
  return {
    root: `http://127.0.0.1:${port}/rest/v1`,
    rows: () => {
      const running = JSON.parse(readFileSync(join(folder, '.ashlar', 'running.json'), 'utf8'));
      return readRows((running as { readonly owner: ConnectOptions }).owner);
    },
    broken,
    killPostgres: async () => {
      const pid = killPostgres();
      // For a moment its sessions go on without it, and what they acknowledge is as good as ever.
      await until(() => postgresPid() !== pid);
    },
    killServer: () => replace('SIGKILL'),
    killBoth: async () => {
      killPostgres();
      await replace('SIGKILL');
    },
    killWorker: async () => {
      await until(() => workerPids().length >= workers);
      const pids = workerPids();
      const victim = pids[Math.floor(Math.random() * pids.length)] ?? 0;
      process.kill(victim, 'SIGKILL');
      await until(() => workerPids().length >= workers && !workerPids().includes(victim));
    },
    stopServer: () => replace('SIGTERM'),
    rollWorkers: async () => {
      const before = workerPids();
      server.child.kill('SIGHUP');
      await until(areNew(before));
    },
    close: async () => {
      ended = true;
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
