import { basename, join } from 'node:path';
import { type Embedded, openSession, startEmbedded } from '../../db/index.ts';
import type { Engine } from '../../engine/index.ts';
import type { Route } from '../../http/index.ts';
import type { MigrationFolder } from '../../migrate/index.ts';
import type { Log } from '../../observe/index.ts';
import { findSample, type SampleRequest } from '../docs/sample-request.ts';
import { LINGER_MS } from '../drain.ts';
import { explainListen } from '../explain-listen.ts';
import { openProject, type Project, startingRoute } from '../project/open-project.ts';
import { findProjectKeys } from '../project/project-keys.ts';
import { restPrefix } from '../project/project-routes.ts';
import { projectServeOptions } from '../project/project-serve-options.ts';
import { openProjectSite } from '../project/project-site.ts';
import { type HttpServer, listen } from '../server.ts';
import { withDefaults } from '../settings/read-settings.ts';
import type { SettingValues } from '../settings/settings.ts';
import { Undoing } from '../undoing.ts';
import type { OnDevProgress } from './dev-progress.ts';
import { makeExplainRoute } from './explain-route.ts';
import { findProject } from './find-project.ts';
import { prepareProject, tellFindings } from './prepare-project.ts';
import { prepareWhenWell } from './prepare-when-well.ts';
import { printDbUrl } from './print-db-url.ts';
import { announceRunning, type Login } from './running-dev.ts';
import { watchProject } from './watch-project.ts';

export type DevOptions = {
  /** The project's folder. */
  readonly folder: string;
  readonly onProgress: OnDevProgress;
  readonly log: Log;
  /**
   * Where it is given, a migration that fails at the start is waited for until it is mended; it ends that. Undefined:
   * what fails is thrown.
   */
  readonly signal?: AbortSignal | undefined;
} & Partial<SettingValues>;

/** A project that is being served. */
export type DevServer = {
  readonly folder: string;
  readonly url: string;
  /** Whether the project has a page of its own at `url`. */
  readonly hasPage: boolean;
  /** The root of the REST API. */
  readonly rest: string;
  readonly docs: string;
  /** Undefined: tokens are signed by others. */
  readonly anonKey: string | undefined;
  readonly serviceKey: string | undefined;
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
  /** Resolves, with the reason, if Postgres ends by itself and cannot be started again. */
  readonly lost: Promise<string>;
  /** Answers what is under way, and stops everything. */
  readonly close: () => Promise<void>;
};

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
 * const server = await openDev({ folder: 'examples/blog', port: 0, onProgress: () => {}, log: silentLog });
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
  const { onProgress, log } = options;
  const values = withDefaults('dev', options);
  const { host, port, schemas, pgPort } = values;
  const folder = findProject(options.folder);
  const title = basename(folder);
  const site = openProjectSite(folder, values);
  let routes: readonly Route[] = [startingRoute];
  let project: Project | undefined;
  let started = false;
  const starting = startEmbedded({
    folder,
    ...(pgPort === undefined ? {} : { port: pgPort }),
    onProgress: (step) => onProgress({ kind: 'postgres', step }),
    keep: (event) => onProgress({ kind: 'kept', event }),
  });
  const listening = explainListen(host, port, 'choose another one with --port', () =>
    listen(
      Object.assign(
        projectServeOptions(
          values,
          {
            routes: () => routes,
            isStarting: () => !started,
            isOverloaded: () => project?.isOverloaded() === true,
          },
          log,
        ),
        { host, port },
      ),
    ),
  );
  const [embedded, server] = await startBoth(starting, listening);
  let closing = false;
  undoing.add(() => embedded.stop('fast'));
  undoing.add(() => project?.close());
  undoing.add(() => server.close(values.shutdownGrace * 1000, LINGER_MS));
  const keys = await findProjectKeys(folder, values);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  project = openProject({
    title,
    connect: embedded.server,
    keys,
    values,
    txEnd: 'commit-allow-override',
    explainsRefusals: true,
    documentedRoles: ['anon', 'authenticated', 'service_role'],
    listening: () => ({ host, port: server.port, url }),
    site,
    observe: log.observe,
  });
  const waiting = { folder, onProgress, signal: values.watch ? options.signal : undefined };
  const applied = await prepareWhenWell(waiting, (files) => prepare(embedded, files, schemas, onProgress));
  await project.start();
  routes = [...project.routes, makeExplainRoute(project)];
  started = true;
  const owner = embedded.owner as Login;
  undoing.add(announceRunning(folder, { pid: process.pid, owner, server: embedded.server as Login }));
  embedded.announce(url);
  if (values.watch) {
    const watching = watchProject({
      folder,
      owner,
      serverLogin: embedded.server.user,
      schemas,
      model: project.model,
      onProgress,
    });
    undoing.add(() => watching.close());
  }
  return {
    folder,
    url,
    hasPage: await site.hasHome(),
    rest: `${url}${restPrefix}`,
    docs: `${url}/docs`,
    anonKey: keys.anonKey,
    serviceKey: keys.serviceKey,
    // What speaks TCP only is what the port was opened for.
    db: printDbUrl(embedded.port === undefined ? embedded.server : { ...embedded.server, host: '127.0.0.1' }),
    dataDir: embedded.dataDir,
    postgres: embedded.version,
    applied: applied.length,
    sample: sampleFor(project.engine, schemas[0] ?? 'public'),
    lost: embedded.exited.then(({ failure }) =>
      closing
        ? new Promise<string>(() => {})
        : `Postgres has ended by itself, and could not be started again. ${failure?.message ?? ''}\nIts log is in ${join(folder, '.ashlar', 'log')}.`,
    ),
    close: () => {
      closing = true;
      return undoing.run();
    },
  };
};

const prepare = async (
  embedded: Embedded,
  files: MigrationFolder,
  schemas: readonly string[],
  onProgress: OnDevProgress,
): Promise<readonly string[]> => {
  const session = await openSession(embedded.owner);
  try {
    const applied = await prepareProject(session, files, embedded.server.user, onProgress);
    await tellFindings(session, files, schemas, onProgress);
    return applied;
  } finally {
    await session.close();
  }
};

const sampleFor = (engine: Engine, schema: string): DevServer['sample'] => {
  const open = findSample(engine.contractFor('anon'), schema);
  if (open !== undefined) return { ...open, keyed: false };
  const own = findSample(engine.contractFor('service_role'), schema);
  return own === undefined ? undefined : { ...own, keyed: true };
};
