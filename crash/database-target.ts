import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Embedded, openSession, startEmbedded } from '../src/db/index.ts';
import { type Program, startProgram } from '../test/setup/program.ts';
import { type Proxy as Cable, startProxy } from '../test/setup/proxy.ts';
import { freePort } from './free-port.ts';
import { readRows } from './read-rows.ts';
import type { Target } from './target.ts';

/** A server on a Postgres that is not its own, with a cable between them that can be broken. */
export type DatabaseTarget = Target & {
  readonly cable: Cable;
  /** Stops Postgres and starts it again; `immediate` is like a power failure. */
  readonly restart: (mode: 'fast' | 'immediate') => Promise<void>;
  /** SIGKILL for the process of one of the server's sessions, whereupon Postgres ends all of them and recovers. */
  readonly killSession: () => Promise<void>;
  /** SIGTERM for the server, which is started again when it has ended. */
  readonly stopServer: () => Promise<void>;
};

const roles = `
  create role anon nologin;
  grant anon to authenticator;
  grant usage on schema public to anon;`;

/** Tries until it succeeds. */
const untilDone = async <T>(work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch {
      await sleep(10);
    }
  }
};

export const openDatabaseTarget = async (): Promise<DatabaseTarget> => {
  const folder = mkdtempSync(join(tmpdir(), 'crash-'));
  const databasePort = await freePort();
  const port = await freePort();
  const startPostgres = (): Promise<Embedded> => startEmbedded({ folder, port: databasePort });
  let postgres = await startPostgres();
  const session = await openSession(postgres.owner);
  await session.query(roles);
  await session.query(readFileSync(join(import.meta.dirname, 'ledger.sql'), 'utf8'));
  await session.close();
  const cable = await startProxy({ ...postgres.server, host: '127.0.0.1', port: databasePort });
  const { user, password, database } = postgres.server;
  const { promise: broken, reject: onBroken } = Promise.withResolvers<never>();
  broken.catch(() => {});
  let ended = false;
  let server: Program;
  const startServer = async (): Promise<void> => {
    const started = startProgram(['start', '--postgrest'], {
      cwd: folder,
      env: {
        PGRST_DB_URI: `postgresql://${user}:${password}@127.0.0.1:${cable.port}/${database}`,
        PGRST_DB_ANON_ROLE: 'anon',
        PGRST_SERVER_HOST: '127.0.0.1',
        PGRST_SERVER_PORT: String(port),
        PGRST_LOG_LEVEL: 'crit',
      },
    });
    server = started;
    void started.exited.then(({ code }) => {
      if (!ended) onBroken(new Error(`The server has ended (${code}):\n${started.err()}`));
    });
    await started.said('Listening on');
  };
  await startServer();
  return {
    root: `http://127.0.0.1:${port}`,
    rows: () => readRows(postgres.owner),
    broken,
    cable,
    restart: async (mode) => {
      await postgres.stop(mode);
      postgres = await startPostgres();
    },
    killSession: async () => {
      // It may still recover from the last time.
      const watcher = await untilDone(() => openSession(postgres.owner));
      const [row] = await watcher.query(
        `select pid from pg_stat_activity where usename = 'authenticator' order by random() limit 1`,
      );
      if (row?.pid) process.kill(Number(row.pid), 'SIGKILL');
      // Its own connection ends with all the others.
      await untilDone(() =>
        watcher.query('select 1').then(
          () => Promise.reject(new Error('still there')),
          () => {},
        ),
      );
      await watcher.close().catch(() => {});
    },
    stopServer: async () => {
      ended = true;
      server.child.kill('SIGTERM');
      const { code } = await server.exited;
      if (code !== 0) onBroken(new Error(`The server ended with ${code} on SIGTERM.`));
      ended = false;
      await startServer();
    },
    close: async () => {
      ended = true;
      await server.stop();
      await cable.close();
      await postgres.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
