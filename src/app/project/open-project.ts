import { type Observe, problem, Refusal } from '../../base/index.ts';
import { type ConnectOptions, createPool, type Pool } from '../../db/index.ts';
import { problemResponse, type Route } from '../../http/index.ts';
import type { Site } from '../../site/index.ts';
import type { Api, ApiOptions } from '../api.ts';
import { watchLoopLag } from '../door/loop-lag.ts';
import { type ModelKeeper, SCHEMA_CHANNEL } from '../model-keeper.ts';
import type { SettingValues } from '../settings/settings.ts';
import { Undoing } from '../undoing.ts';
import { askDatabase } from './ask-database.ts';
import { startKeySweeper } from './key-sweeper.ts';
import { openProjectApi, type ProjectApiOptions } from './project-api.ts';
import type { ProjectKeys } from './project-keys.ts';
import { projectPoolOptions } from './project-limits.ts';
import { agent, type DocsOptions, makeProjectRoutes } from './project-routes.ts';
import { findUnknownTables } from './project-tables.ts';

export type ProjectOptions = {
  readonly title: string;
  /** The login that serves. */
  readonly connect: ConnectOptions;
  readonly keys: ProjectKeys;
  readonly values: SettingValues;
  readonly txEnd: ApiOptions['txEnd'];
  /** Whether who is refused is told why, which is for development only. Default: false. */
  readonly explainsRefusals?: boolean;
  /** Whose API the documentation shows, where there is one. */
  readonly documentedRoles: DocsOptions['roles'];
  /** Where the server listens, and where it answers; known when it does. */
  readonly listening: () => { readonly host: string; readonly port: number; readonly url: string };
  /** The project's own pages. */
  readonly site: Site;
  readonly observe: Observe;
};

/** A project that answers requests in this process; the socket and the database are others' to keep. */
export type Project = {
  readonly engine: Api['engine'];
  readonly model: ModelKeeper;
  readonly pool: Pool;
  /** The same API once more, with something before its engine, such as what only explains requests. */
  readonly openApi: (wrapEngine: NonNullable<ApiOptions['wrapEngine']>) => Api;
  readonly routes: readonly Route[];
  /** Whether there is more to do than can be done soon. */
  readonly isOverloaded: () => boolean;
  /** Reads the schema, and follows its changes from then on. Until then requests get 503. */
  readonly start: () => Promise<void>;
  /** From now on it is not ready, so that those who watch send requests elsewhere. */
  readonly stop: () => void;
  readonly close: () => Promise<void>;
};

/** Our own event triggers speak on `ashlar`; SQL that was written for PostgREST on `pgrst`. */
const channels = [SCHEMA_CHANNEL, 'pgrst'] as const;

/** Answers with 503, not with a bug, while the schema has not been read. */
const guard = (route: Route): Route => ({
  ...route,
  handle: async (request) => {
    try {
      return await route.handle(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return problemResponse(error.problem, agent);
    }
  },
});

/** The answer to everything before there is a project. */
export const startingRoute: Route = {
  prefix: '',
  handle: async () =>
    problemResponse(
      problem('PGRST002', {
        message: 'The server is starting.',
        details: 'Its database is being made ready: the first time that takes some seconds.',
        hint: 'Try again shortly. What it waits for, if anything, stands where it was started.',
        headers: [['Retry-After', '1']],
      }),
      agent,
    ),
};

/**
 * Serves a project in this process: the API, its health and its documentation, as routes. `ashlar dev` and each
 * worker of `ashlar start` do so.
 *
 * @throws ConfigError where the keys are not good
 * @example
 * const project = openProject({ title: 'blog', connect: embedded.server, keys, values, … });
 * await project.start();
 * const server = await listen({ routes: project.routes, … });
 */
export const openProject = (options: ProjectOptions): Project => {
  const { title, connect, keys, values, listening, observe } = options;
  const undoing = new Undoing();
  const pool = createPool({ ...projectPoolOptions(values, connect), min: 1, observe });
  undoing.add(() => pool.close({ graceMs: 2_000 }));
  const sweeper = startKeySweeper(pool, observe);
  undoing.add(sweeper.close);
  const open = (more: Pick<ProjectApiOptions, 'model' | 'wrapEngine'> = {}) =>
    openProjectApi({
      ...more,
      pool,
      login: connect.user,
      keys: keys.keys,
      title,
      values,
      listening,
      observe,
      txEnd: options.txEnd,
      fullOwners: sweeper.full,
      explainsRefusals: options.explainsRefusals ?? false,
    });
  let api: ReturnType<typeof openProjectApi>;
  try {
    api = open();
  } catch (error) {
    void undoing.run();
    throw error;
  }
  const { engine, model, route } = api;
  const isReachable = askDatabase(pool);
  const lag = watchLoopLag();
  undoing.add(lag.stop);
  let stopping = false;
  const routes = makeProjectRoutes({
    title,
    engine,
    schema: values.schemas[0] ?? 'public',
    url: () => values.publicUrl?.replace(/\/$/, '') ?? listening().url,
    readiness: async () => ({
      schema: model.current() === undefined ? 'unread' : 'read',
      database: (await isReachable()) ? 'reachable' : 'unreachable',
      stopping,
    }),
    site: options.site,
    docs: values.docs ? { roles: options.documentedRoles, anonKey: keys.anonKey } : undefined,
  });
  return {
    engine,
    model,
    pool,
    openApi: (wrapEngine) => open({ model, wrapEngine }),
    routes: [route, ...routes].map(guard),
    isOverloaded: () => lag.ms > values.maxLag || pool.lagMs > values.maxWait,
    start: async () => {
      undoing.add(await listenToChanges(pool, model));
      const { index } = await model.reload();
      for (const { id, message, remedy } of findUnknownTables(values, index.model.relations))
        observe({ level: 'warn', name: `app.${id}`, message: `${message} (${remedy})` });
    },
    stop: () => {
      stopping = true;
    },
    close: () => undoing.run(),
  };
};

const listenToChanges = async (pool: Pool, model: ModelKeeper): Promise<() => Promise<unknown>> => {
  const ears = await Promise.all(channels.map((channel) => model.listen(pool, channel)));
  return () => Promise.all(ears.map((ear) => ear.close()));
};
