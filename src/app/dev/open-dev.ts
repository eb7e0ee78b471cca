import { basename, join } from 'node:path';
import { type Observe, packageVersion, problem } from '../../base/index.ts';
import { createPool, type Embedded, openSession, type Pool, startEmbedded } from '../../db/index.ts';
import type { Engine } from '../../engine/index.ts';
import { problemResponse, type Route } from '../../http/index.ts';
import { readMigrations } from '../../migrate/index.ts';
import { findSample, type SampleRequest } from '../docs/sample-request.ts';
import { explainListen } from '../explain-listen.ts';
import type { ModelKeeper } from '../model-keeper.ts';
import { type HttpServer, listen } from '../server.ts';
import { Undoing } from '../undoing.ts';
import { openDevApi } from './dev-api.ts';
import type { OnDevProgress } from './dev-progress.ts';
import { agent, makeDevRoutes, restPrefix } from './dev-routes.ts';
import { readDevSecret } from './dev-secret.ts';
import { findProject } from './find-project.ts';
import { prepareProject } from './prepare-project.ts';
import { printDbUrl } from './print-db-url.ts';
import { announceRunning, type Login } from './running-dev.ts';
import { watchProject } from './watch-project.ts';

export type DevOptions = {
  /** The project's folder. */
  readonly folder: string;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 4000; 0: any that is free. */
  readonly port?: number;
  /** Opens the database on this TCP port of 127.0.0.1. Default: a unix socket only. */
  readonly databasePort?: number;
  /** Served schemas, the default first. Default: public. */
  readonly schemas?: readonly string[];
  /** Whether changes of the files are applied as they are saved. Default: true. */
  readonly watch?: boolean;
  readonly onProgress: OnDevProgress;
  readonly observe: Observe;
};

/** A project that is being served. */
export type DevServer = {
  readonly folder: string;
  readonly url: string;
  /** The root of the REST API. */
  readonly rest: string;
  readonly docs: string;
  readonly anonKey: string;
  readonly serviceKey: string;
  /** The database, for the login that serves. */
  readonly db: string;
  /** Where the data is. */
  readonly dataDir: string;
  /** `18.4.0` */
  readonly postgres: string;
  /** How many migrations and seeds were applied at the start. */
  readonly applied: number;
  /** A request to try, and whether it needs the service key. */
  readonly sample: (SampleRequest & { readonly keyed: boolean }) | undefined;
  /** Resolves, with the reason, if Postgres ends by itself. */
  readonly lost: Promise<string>;
  /** Answers what is under way, and stops everything. */
  readonly close: () => Promise<void>;
};

const defaultPort = 4000;

/** Waits for both; if one fails, the other is stopped. */
const startBoth = async (
  starting: Promise<Embedded>,
  listening: Promise<HttpServer>,
): Promise<readonly [Embedded, HttpServer]> => {
  const [embedded, server] = await Promise.allSettled([starting, listening]);
  if (embedded.status === 'fulfilled' && server.status === 'fulfilled') return [embedded.value, server.value];
  if (embedded.status === 'fulfilled') await embedded.value.stop('fast');
  if (server.status === 'fulfilled') await server.value.close(0);
  // Who holds the folder is the better answer of the two.
  if (embedded.status === 'rejected') throw embedded.reason;
  throw (server as PromiseRejectedResult).reason;
};

/**
 * Serves a project's folder: starts its Postgres, brings the database to where the files want it, and serves
 * the API, which follows the files as they are saved. If anything of it fails, everything is stopped again.
 *
 * @throws AppFailure, MigrationStopped, EmbeddedError, ConnectionError
 * @example
 * const server = await openDev({ folder: 'examples/blog', port: 0, onProgress: () => {}, observe: () => {} });
 * await fetch(`${server.rest}/posts?limit=1`);
 * await server.close();
 */
export const openDev = async (options: DevOptions): Promise<DevServer> => {
  const undoing = new Undoing();
  try {
    return await open(options, undoing);
  } catch (error) {
    await undoing.run();
    throw error;
  }
};

const open = async (options: DevOptions, undoing: Undoing): Promise<DevServer> => {
  const { onProgress, observe, host = '127.0.0.1', port = defaultPort, schemas = ['public'] } = options;
  const folder = findProject(options.folder);
  const title = basename(folder);
  const files = readMigrations(folder);
  // Told below, when what was started meanwhile can be stopped.
  files.catch(() => {});
  let routes: readonly Route[] = [startingRoute];
  const starting = startEmbedded({
    folder,
    ...(options.databasePort === undefined ? {} : { port: options.databasePort }),
    onProgress: (step) => onProgress({ kind: 'postgres', step }),
  });
  const listening = explainListen(host, port, 'choose another one with --port', () =>
    listenAt(host, port, () => routes, observe),
  );
  const [embedded, server] = await startBoth(starting, listening);
  let closing = false;
  undoing.add(() => embedded.stop('fast'));
  const pool = createPool({ connect: embedded.server, min: 1, observe });
  undoing.add(() => pool.close({ graceMs: 2_000 }));
  undoing.add(() => server.close());

  const secret = await readDevSecret(folder);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  const api = openDevApi({
    pool,
    login: embedded.server.user,
    jwtSecret: secret.jwtSecret,
    title,
    schemas,
    listening: () => ({ host, port: server.port }),
    observe,
  });
  const applied = await prepare(embedded, await files, onProgress);
  await api.model.reload();
  undoing.add(await listenToChanges(pool, api.model));
  const devRoutes = makeDevRoutes({
    title,
    engine: api.engine,
    anonKey: secret.anonKey,
    schema: schemas[0] ?? 'public',
    url: () => url,
    ready: () => api.model.current() !== undefined,
  });
  routes = [api.route, ...devRoutes];
  const owner = embedded.owner as Login;
  undoing.add(announceRunning(folder, { pid: process.pid, owner, server: embedded.server as Login }));
  embedded.announce(url);
  if (options.watch !== false) {
    const watching = watchProject({
      folder,
      owner,
      serverLogin: embedded.server.user,
      model: api.model,
      onProgress,
    });
    undoing.add(() => watching.close());
  }
  return {
    folder,
    url,
    rest: `${url}${restPrefix}`,
    docs: `${url}/docs`,
    anonKey: secret.anonKey,
    serviceKey: secret.serviceKey,
    // What speaks TCP only is what the port was opened for.
    db: printDbUrl(embedded.port === undefined ? embedded.server : { ...embedded.server, host: '127.0.0.1' }),
    dataDir: embedded.dataDir,
    postgres: embedded.version,
    applied: applied.length,
    sample: sampleFor(api.engine, schemas[0] ?? 'public'),
    lost: embedded.exited.then(({ code, signal }) =>
      closing
        ? new Promise<string>(() => {})
        : `Postgres has ended by itself (${signal ?? `exit code ${code}`}). Its log is in ${join(folder, '.ashlar', 'log')}.`,
    ),
    close: () => {
      closing = true;
      return undoing.run();
    },
  };
};

/** Until the database is there. */
const startingRoute: Route = {
  prefix: '',
  handle: async () => problemResponse(problem('PGRST002'), agent),
};

const listenAt = (
  host: string,
  port: number,
  routes: () => readonly Route[],
  observe: Observe,
): Promise<HttpServer> =>
  listen({
    host,
    port,
    get routes() {
      return routes();
    },
    cors: { origins: [] },
    maxBody: undefined,
    traceHeader: undefined,
    agent,
    server: `ashlar/${packageVersion()}`,
    onInternalError: (error) =>
      observe({
        level: 'error',
        name: 'app.internal-error',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  });

const prepare = async (
  embedded: Embedded,
  files: Awaited<ReturnType<typeof readMigrations>>,
  onProgress: OnDevProgress,
): Promise<readonly string[]> => {
  const session = await openSession(embedded.owner);
  try {
    return await prepareProject(session, files, embedded.server.user, onProgress);
  } finally {
    await session.close();
  }
};

/** Our own event triggers speak on `ashlar`; SQL that was written for PostgREST on `pgrst`. */
const listenToChanges = async (pool: Pool, model: ModelKeeper): Promise<() => Promise<unknown>> => {
  const ears = await Promise.all(['ashlar', 'pgrst'].map((channel) => model.listen(pool, channel)));
  return () => Promise.all(ears.map((ear) => ear.close()));
};

const sampleFor = (engine: Engine, schema: string): DevServer['sample'] => {
  const open = findSample(engine.contractFor('anon'), schema);
  if (open !== undefined) return { ...open, keyed: false };
  const own = findSample(engine.contractFor('service_role'), schema);
  return own === undefined ? undefined : { ...own, keyed: true };
};
