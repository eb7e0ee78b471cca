import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseTarget, openDatabaseTarget } from './database-target.ts';
import type { Breakage } from './ledger.ts';
import { openProjectTarget, type ProjectTargetOptions } from './project-target.ts';
import { mountSmallDisk } from './small-disk.ts';
import type { Target } from './target.ts';

/** `performance.now()` */
type Moment = number;

/** A running API, and the harm that is done to it again and again. */
export type Striking = {
  readonly target: Target;
  /** Does the harm; resolves when it is done, with the moment from which all could be well again. */
  readonly strike: () => Promise<Moment>;
};

export type Scenario = {
  readonly name: string;
  readonly what: string;
  readonly allowed: Breakage;
  /** So many strikes make up a run of 1,000; what takes long by its nature is done less often. */
  readonly share: number;
  /** Rejects with `Unavailable` where this machine does not have what it takes. */
  readonly open: () => Promise<Striking>;
};

type ProjectHarm = 'killPostgres' | 'killServer' | 'killBoth' | 'killWorker' | 'stopServer' | 'rollWorkers';

const onProject =
  (harm: ProjectHarm, options: ProjectTargetOptions = {}) =>
  async (): Promise<Striking> => {
    const target = await openProjectTarget(options);
    const strike = async (): Promise<Moment> => {
      const begin = performance.now();
      await target[harm]();
      return begin;
    };
    return { target, strike };
  };

const onDatabase = (harm: (target: DatabaseTarget) => Promise<void>) => async (): Promise<Striking> => {
  const target = await openDatabaseTarget();
  const strike = async (): Promise<Moment> => {
    await harm(target);
    return performance.now();
  };
  return { target, strike };
};

const onFullDisk = async (): Promise<Striking> => {
  const disk = mountSmallDisk();
  try {
    const folder = join(disk.folder, 'project');
    mkdirSync(folder);
    const target = await openProjectTarget({ folder });
    return {
      target: {
        ...target,
        close: async () => {
          disk.free();
          await target.close();
          disk.close();
        },
      },
      strike: async () => {
        disk.fill();
        await sleep(between(200, 2_000));
        disk.free();
        return performance.now();
      },
    };
  } catch (error) {
    disk.close();
    throw error;
  }
};

const between = (low: number, high: number): number => low + Math.random() * (high - low);

export const scenarios: readonly Scenario[] = [
  {
    name: 'kill-postgres',
    what: 'SIGKILL for the Postgres that comes along',
    allowed: 'none',
    share: 1,
    open: onProject('killPostgres'),
  },
  {
    name: 'kill-postgres-dev',
    what: 'the same under "ashlar dev"',
    allowed: 'none',
    share: 0.1,
    open: onProject('killPostgres', { command: 'dev' }),
  },
  {
    name: 'kill-server',
    what: 'SIGKILL for the server, which is started again',
    allowed: 'broken',
    share: 1,
    open: onProject('killServer'),
  },
  {
    name: 'kill-both',
    what: 'SIGKILL for both at once, and the server is started again',
    allowed: 'broken',
    share: 1,
    open: onProject('killBoth'),
  },
  {
    name: 'kill-server-dev',
    what: 'SIGKILL for the server under "ashlar dev", which is started again',
    allowed: 'broken',
    share: 0.1,
    open: onProject('killServer', { command: 'dev' }),
  },
  {
    name: 'kill-both-dev',
    what: 'SIGKILL for both at once under "ashlar dev", and the server is started again',
    allowed: 'broken',
    share: 0.1,
    open: onProject('killBoth', { command: 'dev' }),
  },
  {
    name: 'kill-worker',
    what: 'SIGKILL for one of two processes that answer requests',
    allowed: 'broken',
    share: 0.1,
    open: onProject('killWorker', { workers: 2 }),
  },
  {
    name: 'stop-server',
    what: 'SIGTERM for the server, which ends in order and is started again',
    allowed: 'refused',
    share: 1,
    open: onProject('stopServer'),
  },
  {
    name: 'stop-postgrest',
    what: "the same in PostgREST's place",
    allowed: 'refused',
    share: 1,
    open: onDatabase((target) => target.stopServer()),
  },
  {
    name: 'roll',
    what: 'SIGHUP for the server, which puts new workers in the place of the old',
    allowed: 'none',
    share: 0.1,
    open: onProject('rollWorkers', { workers: 2 }),
  },
  {
    name: 'full-disk',
    what: 'the disk of the Postgres that comes along is full for a while',
    allowed: 'none',
    share: 0.1,
    open: onFullDisk,
  },
  {
    name: 'restart-database',
    what: 'a Postgres of its own is stopped in order and started again',
    allowed: 'none',
    share: 1,
    open: onDatabase((target) => target.restart('fast')),
  },
  {
    name: 'crash-database',
    what: 'a Postgres of its own goes down as in a power failure and is started again',
    allowed: 'none',
    share: 1,
    open: onDatabase((target) => target.restart('immediate')),
  },
  {
    name: 'kill-session',
    what: 'SIGKILL for one session of Postgres, whereupon it ends all of them and recovers',
    allowed: 'none',
    share: 1,
    open: onDatabase((target) => target.killSession()),
  },
  {
    name: 'reset',
    what: 'all connections to the database are reset (RST)',
    allowed: 'none',
    share: 1,
    open: onDatabase(async ({ cable }) => cable.reset()),
  },
  {
    name: 'byte-limit',
    what: 'each connection to the database breaks after some bytes, in the middle of an answer',
    allowed: 'none',
    share: 1,
    open: onDatabase(async ({ cable }) => {
      cable.cutAfter(Math.round(between(1, 2_000)));
      await sleep(between(50, 200));
      cable.cutAfter(undefined);
    }),
  },
  {
    name: 'latency',
    what: 'the way to the database takes up to 300 ms longer',
    allowed: 'none',
    share: 0.2,
    open: onDatabase(async ({ cable }) => {
      cable.slowDown(between(50, 300));
      await sleep(500);
      cable.slowDown(0);
    }),
  },
  {
    name: 'half-open',
    what: 'nothing passes any more on the connections to the database there are, and none is closed',
    allowed: 'none',
    share: 0.1,
    open: onDatabase(async ({ cable }) => cable.freeze()),
  },
  {
    name: 'cut-off',
    what: 'nothing passes to the database for a while, on new connections neither',
    allowed: 'none',
    share: 0.05,
    open: onDatabase(async ({ cable }) => {
      cable.freeze('new');
      await sleep(between(1_000, 12_000));
      cable.thaw();
    }),
  },
];
