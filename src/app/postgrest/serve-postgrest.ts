import { isDeepStrictEqual } from 'node:util';
import { type Observation, packageVersion } from '../../base/index.ts';
import type { TokenCounts } from '../../credentials/index.ts';
import {
  type ConnectOptions,
  createPool,
  isConnectionError,
  type Pool,
  type Subscription,
} from '../../db/index.ts';
import type { Route } from '../../http/index.ts';
import type { Model } from '../../model/index.ts';
import { reportExposure } from '../checks/exposure.ts';
import { coalesce } from '../coalesce.ts';
import type { PostgrestConfig } from '../config/postgrest-config.ts';
import type { PostgrestValues } from '../config/postgrest-settings.ts';
import { LINGER_MS } from '../drain.ts';
import { explainListen } from '../explain-listen.ts';
import { internalError } from '../internal-error.ts';
import { SCHEMA_CHANNEL } from '../model-keeper.ts';
import { askDatabase } from '../project/ask-database.ts';
import { type HttpServer, type ListenOptions, listen } from '../server.ts';
import { Undoing } from '../undoing.ts';
import { makeAdminHandle } from './admin.ts';
import { checkConfig, type Generation, makeGeneration } from './generation.ts';
import { hearReloads } from './hear-reloads.ts';
import { adminListenOptions, mainListenOptions } from './listen-options.ts';
import { type ConfigPlace, findDatabase, loadConfig } from './load-config.ts';
import { type Logger, type LogSinks, makeLogger } from './logger.ts';
import { keepFixed, readConfig, withSession } from './read-config.ts';
import { retry } from './retry.ts';

export type PostgrestOptions = ConfigPlace &
  LogSinks & {
    /** The connection to the database was lost, and may not be opened anew. */
    readonly onFatal: (reason: string) => void;
    /** Gives up starting, with the signal's reason. */
    readonly signal?: AbortSignal;
  };

/** A server that does as PostgREST does. */
export type PostgrestServer = {
  /** Where it listens: `127.0.0.1:3000`, or the path of a socket. */
  readonly address: string;
  /**
   * Reads configuration and schema again. They go together: the configuration says which schemas are served,
   * and what roles set for their transactions is read with the schema.
   */
  readonly reload: () => Promise<void>;
  /** Answers what is under way, and stops. */
  readonly close: () => Promise<void>;
};

/**
 * Serves a database as PostgREST does: its settings, from file, environment and database, and at the root of
 * the server. Nothing is written to the database but what requests write.
 *
 * Waits for the database until it can be reached, unless it refuses the login. If its schema cannot be read,
 * requests get 503 until it can.
 *
 * @throws ConfigError, AppFailure, ConnectionError where the login is refused, the signal's reason
 * @example
 * const server = await servePostgrest({ path: 'postgrest.conf', environment: process.env, out: console.log, err: console.error, onFatal: () => process.exit(1) });
 */
export const servePostgrest = async (options: PostgrestOptions): Promise<PostgrestServer> => {
  const undoing = new Undoing();
  const running = new RunningServer(options, undoing);
  try {
    await running.start();
  } catch (error) {
    await undoing.run();
    throw error;
  }
  return running;
};

/** SQLSTATE classes of a login that another try will not change: it is refused, or there is no such database. */
const isHopeless = (error: unknown): boolean => {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  return typeof cause?.code === 'string' && /^(28|3D)/.test(cause.code);
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** How long answers under way may take when the server stops. */
const graceMs = 10_000;

/** What clients are asked to wait, in seconds, while the schema cannot be read. */
const retryAfter = '1';

class RunningServer implements PostgrestServer {
  readonly #options: PostgrestOptions;
  readonly #undoing: Undoing;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  readonly #tokens: TokenCounts = { requests: 0, hits: 0, evictions: 0 };
  readonly #counts = { loaded: 0, failed: 0, seconds: 0 };
  #config: PostgrestConfig;
  #server: HttpServer | undefined;
  /** Set by `start`, which comes before all else. */
  #connect!: ConnectOptions;
  #pool!: Pool;
  #generation!: Generation;
  #followed: Subscription | undefined;

  constructor(options: PostgrestOptions, undoing: Undoing) {
    this.#options = options;
    this.#undoing = undoing;
    this.#config = loadConfig(options);
    checkConfig(this.#config);
    this.#logger = makeLogger(() => this.#values['log-level'], options);
    options.signal?.addEventListener('abort', () => this.#closing.abort(options.signal?.reason), {
      signal: this.#closing.signal,
    });
    undoing.add(() => this.#closing.abort());
  }

  get #values(): PostgrestValues {
    return this.#config.values;
  }

  get address(): string {
    return this.#server?.address ?? '';
  }

  reload = coalesce(async () => {
    if (!(await this.#reloadConfig())) await this.#loadModel().catch(this.#tellUnread);
  });

  close = (): Promise<void> => this.#undoing.run();

  async start(): Promise<void> {
    const { announce } = this.#logger;
    announce(`Ashlar ${packageVersion()} starts in PostgREST mode.`);
    for (const { message } of this.#config.findings) announce(message);
    this.#connect = await findDatabase(this.#config, this.#options.environment);
    await this.#firstLogin();
    this.#pool = this.#openPool();
    this.#undoing.add(() => this.#pool.close({ graceMs: 5_000 }));
    // A schema that cannot be read because the pool is closed must not be tried again.
    this.#undoing.add(() => this.#followed?.close());
    this.#generation = this.#generate(this.#config);
    await this.#follow(this.#generation);
    await this.#listenAdmin();
    const unread = await this.#loadModel().then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    this.#server = await this.#listen();
    announce(`Listening on ${this.#server.address}.`);
    if (unread !== undefined) void this.#retryModel(unread.error);
    await this.#listenChannel();
  }

  #openPool(): Pool {
    return createPool({
      connect: this.#connect,
      max: this.#values['db-pool'],
      acquireTimeoutMs: this.#values['db-pool-acquisition-timeout'] * 1000,
      prepare: this.#values['db-prepared-statements'],
      retirement: {
        maxIdleMs: this.#values['db-pool-max-idletime'] * 1000,
        maxLifetimeMs: this.#values['db-pool-max-lifetime'] * 1000,
      },
      observe: this.#observe,
    });
  }

  #observe = (observation: Observation): void => {
    this.#logger.observe(observation);
    if (observation.name === 'db.connection-lost' && !this.#values['db-pool-automatic-recovery'])
      this.#options.onFatal(
        `The connection to the database was lost, and db-pool-automatic-recovery is off: ${observation.message}`,
      );
  };

  #onInternalError = (error: unknown): void => this.#observe(internalError('app.internal-error', error));

  // The configuration

  /** Logs in, however long that takes, and reads the settings of the database. */
  async #firstLogin(): Promise<void> {
    const { announce } = this.#logger;
    const logIn = (): Promise<PostgrestConfig> =>
      withSession(this.#connect, async (session) => {
        const [row] = await session.query('select version() as version');
        announce(`Connected to ${row?.version}.`);
        return readConfig(this.#options, session, announce);
      });
    this.#config = await retry(logIn, {
      mayHelp: (error) =>
        isConnectionError(error) && !isHopeless(error) && this.#values['db-pool-automatic-recovery'],
      onFailure: (error, seconds) => announce(`${messageOf(error)}. The next try is in ${seconds} s.`),
      signal: this.#closing.signal,
    });
  }

  #generate(config: PostgrestConfig): Generation {
    return makeGeneration(config, {
      pool: this.#pool,
      login: this.#connect.user,
      observe: this.#observe,
      logQuery: this.#logger.onQuery,
      tokens: this.#tokens,
    });
  }

  /** Reads the configuration anew; whether a new generation has come of it. */
  async #reloadConfig(): Promise<boolean> {
    const { announce } = this.#logger;
    const before = this.#config;
    try {
      const read = await withSession(this.#connect, (session) =>
        readConfig(this.#options, session, announce, before),
      );
      const after = keepFixed(before, read);
      if (isDeepStrictEqual([after.values, after.appSettings], [before.values, before.appSettings])) {
        announce('The configuration was read again; nothing has changed.');
        return false;
      }
      const generation = this.#generate(after);
      await this.#follow(generation);
      await generation.model.reload();
      this.#config = after;
      this.#generation = generation;
      this.#counts.loaded++;
      announce('The configuration was read again.');
      return true;
    } catch (error) {
      announce(`The configuration could not be read again, so the last one holds: ${messageOf(error)}`);
      return false;
    }
  }

  // The schema

  async #loadModel(): Promise<void> {
    const started = performance.now();
    const { model } = this.#generation;
    try {
      await model.reload();
    } catch (error) {
      this.#counts.failed++;
      throw error;
    }
    const milliseconds = performance.now() - started;
    this.#counts.loaded++;
    this.#counts.seconds = milliseconds / 1000;
    const read = model.current()?.index.model;
    this.#logger.announce(
      `The schema was read in ${Math.round(milliseconds)} ms: ${read?.relations.length} relations, ${read?.routines.length} functions.`,
    );
    if (read !== undefined) void this.#tellExposure(read);
  }

  /** What is open is found, and no more: here somebody else decides what may be. */
  async #tellExposure(model: Model): Promise<void> {
    const source = this.#pool;
    const { observe, announce } = this.#logger;
    await reportExposure(source, model, this.#values['db-schemas'], observe, announce).catch(
      (error: unknown) =>
        observe({
          level: 'warn',
          name: 'checks.unread',
          message: `What is open could not be looked at: ${messageOf(error)}`,
        }),
    );
  }

  /** Lets the database tell of changes where Ashlar has made it ready for that; elsewhere nothing is ever heard. */
  async #follow({ model }: Generation): Promise<void> {
    if (!this.#values['db-channel-enabled']) return;
    await this.#followed?.close();
    this.#followed = await model.listen(this.#pool, SCHEMA_CHANNEL).catch(() => undefined);
  }

  #tellUnread = (error: unknown): void =>
    this.#logger.announce(`The schema could not be read: ${messageOf(error)}`);

  /** Requests get 503 until it succeeds. */
  async #retryModel(first: unknown): Promise<void> {
    let failed: unknown = first;
    const load = async (): Promise<void> => {
      const error = failed;
      failed = undefined;
      if (error !== undefined) throw error;
      await this.#loadModel();
    };
    await retry(load, {
      mayHelp: () => true,
      onFailure: (error, seconds) => {
        this.#tellUnread(error);
        this.#logger.announce(`The next try is in ${seconds} s.`);
      },
      signal: this.#closing.signal,
    }).catch(() => {});
  }

  // The servers

  async #listen(): Promise<HttpServer> {
    const route: Route = {
      prefix: '',
      handle: async (request) => {
        const response = await this.#generation.route.handle(request);
        if (response.status !== 503) return response;
        const tells = response.headers.some(([name]) => name.toLowerCase() === 'retry-after');
        return tells
          ? response
          : { ...response, headers: [...response.headers, ['Retry-After', retryAfter]] };
      },
    };
    const settings = mainListenOptions(() => this.#values, {
      routes: [route],
      onInternalError: this.#onInternalError,
      onAnswered: this.#logger.onAnswered,
    });
    return this.#open(settings, 'server-port');
  }

  async #listenAdmin(): Promise<void> {
    const isReachable = askDatabase(this.#pool);
    const handle = makeAdminHandle({
      pool: this.#pool,
      poolSize: this.#values['db-pool'],
      model: () => this.#generation.model,
      live: () => this.#server !== undefined,
      ready: async () => this.#generation.model.current() !== undefined && (await isReachable()),
      tokens: this.#tokens,
      counts: () => this.#counts,
    });
    const settings = adminListenOptions(this.#values, {
      routes: [{ prefix: '', handle }],
      onInternalError: this.#onInternalError,
    });
    if (settings === undefined) return;
    const admin = await this.#open(settings, 'admin-server-port');
    this.#logger.announce(`The admin server listens on ${admin.address}.`);
  }

  async #open(settings: ListenOptions, setting: string): Promise<HttpServer> {
    const server = await explainListen(
      settings.host ?? '0.0.0.0',
      settings.port,
      `set another ${setting}`,
      () => listen(settings),
    );
    this.#undoing.add(() => server.close(graceMs, LINGER_MS));
    return server;
  }

  async #listenChannel(): Promise<void> {
    const { 'db-channel-enabled': enabled, 'db-channel': channel } = this.#values;
    if (!enabled) return;
    const { announce } = this.#logger;
    const reloads = hearReloads(this.reload, announce);
    this.#undoing.add(reloads.close);
    try {
      await this.#pool.listen(channel, reloads.hear, { onReconnect: () => reloads.hear('') });
      announce(`Listening to notifications on the channel "${channel}".`);
    } catch (error) {
      announce(
        `The channel "${channel}" cannot be listened to, so NOTIFY does not reload the schema: ${messageOf(error)}`,
      );
    }
  }
}
