import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Identity, type Observation, packageVersion } from '../../base/index.ts';
import {
  type ConnectOptions,
  createPool,
  isConnectionError,
  isPgError,
  openSession,
  type Session,
} from '../../db/index.ts';
import type { RequestHeaders, Route } from '../../http/index.ts';
import { coalesce } from '../coalesce.ts';
import type { PostgrestConfig } from '../config/postgrest-config.ts';
import {
  type PostgrestValues,
  postgrestSettingNames,
  postgrestSettings,
} from '../config/postgrest-settings.ts';
import { explainListen } from '../explain-listen.ts';
import { type HttpServer, type ListenOptions, listen } from '../server.ts';
import { makeAdminHandle } from './admin.ts';
import { readDatabaseSettings } from './database-settings.ts';
import { agent, checkConfig, type Generation, makeGeneration } from './generation.ts';
import { type ConfigPlace, findDatabase, loadConfig } from './load-config.ts';
import { type LogSinks, makeLogger } from './logger.ts';

export type PostgrestOptions = ConfigPlace &
  LogSinks & {
    /** The server cannot go on: the database refuses us, or the connection was lost and may not be opened anew. */
    readonly onFatal: (reason: string) => void;
  };

/** A server that does as PostgREST does. */
export type PostgrestServer = {
  /** Where it listens: `127.0.0.1:3000`, or the path of a socket. */
  readonly address: string;
  readonly reloadSchema: () => Promise<void>;
  readonly reloadConfig: () => Promise<void>;
  /** Answers what is under way, and stops. */
  readonly close: () => Promise<void>;
};

const longestPauseMs = 32_000;
/** A burst of notifications is one. */
const settleMs = 50;

/** SQLSTATE classes of a login that another try will not change: it is refused, or there is no such database. */
const isHopeless = (error: unknown): boolean => {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  return typeof cause?.code === 'string' && /^(28|3D)/.test(cause.code);
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The values of a later reading, where a change may take effect without a new start. */
const keepFixed = (before: PostgrestConfig, after: PostgrestConfig): PostgrestConfig => {
  const entries = postgrestSettingNames.map((name) => [
    name,
    (postgrestSettings[name].reloadable ? after : before).values[name],
  ]);
  return { ...after, values: Object.fromEntries(entries) as PostgrestValues };
};

const hostOf = (host: string): string | undefined => {
  switch (host) {
    case '*':
    case '*4':
    case '*6':
      return undefined;
    case '!4':
      return '0.0.0.0';
    case '!6':
      return '::';
    default:
      return host;
  }
};

/**
 * Serves a database as PostgREST does: its settings, from file, environment and database, and at the root of
 * the server. Nothing is written to the database but what requests write.
 *
 * Starts to listen when the schema was read, or could not be read for a reason that may pass; then requests
 * get 503 until it could.
 *
 * @throws ConfigError; what `net.Server#listen` throws; ConnectionError where the login is refused
 * @example
 * const server = await servePostgrest({ path: 'postgrest.conf', environment: process.env, out: console.log, err: console.error, onFatal: () => process.exit(1) });
 */
export const servePostgrest = async (options: PostgrestOptions): Promise<PostgrestServer> => {
  const running = new RunningServer(options);
  try {
    await running.start();
  } catch (error) {
    await running.close();
    throw error;
  }
  return running;
};

class RunningServer implements PostgrestServer {
  readonly #options: PostgrestOptions;
  /** Roles of requests under way, for the log. */
  readonly #roles = new WeakMap<RequestHeaders, string>();
  readonly #logger: ReturnType<typeof makeLogger>;
  #config: PostgrestConfig;
  #connect: ConnectOptions | undefined;
  #pool: ReturnType<typeof createPool> | undefined;
  #generation: Generation | undefined;
  #server: HttpServer | undefined;
  #admin: HttpServer | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #hearTimer: NodeJS.Timeout | undefined;
  #heardSchema = false;
  readonly #counts = { loaded: 0, failed: 0, seconds: 0 };
  readonly #closing = new AbortController();

  constructor(options: PostgrestOptions) {
    this.#options = options;
    this.#config = loadConfig(options);
    checkConfig(this.#config);
    this.#logger = makeLogger(() => this.#config.values['log-level'], options);
  }

  get address(): string {
    return this.#server?.address ?? '';
  }

  async start(): Promise<void> {
    const { announce } = this.#logger;
    announce(`Ashlar ${packageVersion()} starts in PostgREST mode.`);
    this.#tellFindings();
    this.#connect = await findDatabase(this.#config, this.#options.environment);
    await this.#firstSession();
    this.#pool = this.#openPool(this.#connect);
    this.#generation = this.#generate(this.#config);
    await this.#listenAdmin();
    const loaded = await this.#loadModel();
    this.#server = await this.#listen();
    announce(`Listening on ${this.#server.address}.`);
    if (!loaded) this.#retryModel();
    await this.#listenChannel();
  }

  reloadSchema = coalesce(async () => {
    if (!(await this.#reloadConfig())) await this.#loadModel();
  });

  reloadConfig = coalesce(async () => {
    await this.#reloadConfig();
  });

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#hearTimer);
    await this.#server?.close();
    await this.#pool?.close({ graceMs: 5_000 });
    await this.#admin?.close(1_000);
  }

  #observe = (observation: Observation): void => {
    this.#logger.observe(observation);
    if (observation.name === 'db.connection-lost' && !this.#config.values['db-pool-automatic-recovery'])
      this.#options.onFatal(
        `The connection to the database was lost, and db-pool-automatic-recovery is off: ${observation.message}`,
      );
  };

  #tellFindings(): void {
    for (const { message } of this.#config.findings) this.#logger.announce(message);
  }

  #openPool(connect: ConnectOptions): ReturnType<typeof createPool> {
    const { values } = this.#config;
    return createPool({
      connect,
      max: values['db-pool'],
      acquireTimeoutMs: values['db-pool-acquisition-timeout'] * 1000,
      prepare: values['db-prepared-statements'],
      observe: this.#observe,
    });
  }

  /** Logs in for the first time, however long that takes, and reads the settings of the database. */
  async #firstSession(): Promise<void> {
    for (let delay = 1_000; ; delay = Math.min(longestPauseMs, 2 * delay)) {
      try {
        await this.#withSession((session) => this.#readDatabase(session));
        return;
      } catch (error) {
        if (!isConnectionError(error) || isHopeless(error)) throw error;
        if (!this.#config.values['db-pool-automatic-recovery']) throw error;
        this.#logger.announce(`${error.message}. The next try is in ${delay / 1000} s.`);
        await pause(delay, undefined, { signal: this.#closing.signal });
      }
    }
  }

  async #withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await openSession(this.#connect as ConnectOptions);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  async #readDatabase(session: Session): Promise<void> {
    const [row] = await session.query('select version() as version');
    this.#logger.announce(`Connected to ${row?.version}.`);
    this.#config = await this.#readConfig(session);
  }

  /** What file, environment and database say now. What the database says wrongly is told, and left out. */
  async #readConfig(session: Session): Promise<PostgrestConfig> {
    const config = loadConfig(this.#options);
    if (!config.values['db-config']) return config;
    try {
      return loadConfig(this.#options, await readDatabaseSettings(session, config.values['db-pre-config']));
    } catch (error) {
      if (!isPgError(error)) throw error;
      this.#logger.announce(`The settings of the database could not be read: ${error.message}`);
      return config;
    }
  }

  #generate(config: PostgrestConfig): Generation {
    return makeGeneration(
      config,
      this.#pool as ReturnType<typeof createPool>,
      (this.#connect as ConnectOptions).user,
      this.#observe,
      (headers, identity: Identity) => this.#roles.set(headers, identity.role),
    );
  }

  /** Reads the configuration anew; whether a new generation has come of it. */
  async #reloadConfig(): Promise<boolean> {
    const before = this.#config;
    try {
      const read = await this.#withSession((session) => this.#readConfig(session));
      const after = keepFixed(before, read);
      if (isDeepStrictEqual([after.values, after.appSettings], [before.values, before.appSettings])) {
        this.#logger.announce('The configuration was read again; nothing has changed.');
        return false;
      }
      const generation = this.#generate(after);
      await generation.model.reload();
      this.#config = after;
      this.#generation = generation;
      this.#counts.loaded++;
      this.#logger.announce('The configuration was read again.');
      return true;
    } catch (error) {
      this.#logger.announce(
        `The configuration could not be read again, so the last one holds: ${messageOf(error)}`,
      );
      return false;
    }
  }

  async #loadModel(): Promise<boolean> {
    const started = performance.now();
    try {
      await this.#generation?.model.reload();
      this.#counts.loaded++;
      this.#counts.seconds = (performance.now() - started) / 1000;
      const model = this.#generation?.model.current()?.index.model;
      this.#logger.announce(
        `The schema was read in ${Math.round(performance.now() - started)} ms: ${model?.relations.length} relations, ${model?.routines.length} functions.`,
      );
      return true;
    } catch (error) {
      this.#counts.failed++;
      this.#logger.announce(`The schema could not be read: ${messageOf(error)}`);
      return false;
    }
  }

  #retryModel(delay = 1_000): void {
    this.#retryTimer = setTimeout(async () => {
      if (!(await this.#loadModel())) this.#retryModel(Math.min(longestPauseMs, 2 * delay));
    }, delay);
  }

  #listen(): Promise<HttpServer> {
    const { values } = this.#config;
    const current = (): PostgrestValues => this.#config.values;
    const route: Route = {
      prefix: '',
      handle: (request) => (this.#generation as Generation).route.handle(request),
    };
    const settings: ListenOptions = {
      host: hostOf(values['server-host']),
      port: values['server-port'],
      ...socketOf(values['server-unix-socket'], values['server-unix-socket-mode']),
      reusePort: values['server-reuseport'],
      routes: [route],
      get cors() {
        return { origins: current()['server-cors-allowed-origins'].filter((origin) => origin !== '') };
      },
      get traceHeader() {
        return current()['server-trace-header'];
      },
      maxBody: undefined,
      agent,
      server: `ashlar/${packageVersion()}`,
      onInternalError: this.#onInternalError,
      onAnswered: (answered) => this.#logger.onAnswered(answered, this.#roles.get(answered.headers)),
    };
    const host = settings.host ?? '0.0.0.0';
    return explainListen(host, settings.port, 'set another server-port', () => listen(settings));
  }

  async #listenAdmin(): Promise<void> {
    const { values } = this.#config;
    const socket = socketOf(values['admin-server-unix-socket'], values['admin-server-unix-socket-mode']);
    const port = values['admin-server-port'];
    if (port === undefined && !('socket' in socket)) return;
    const handle = makeAdminHandle({
      pool: this.#pool as ReturnType<typeof createPool>,
      poolSize: values['db-pool'],
      model: () => (this.#generation as Generation).model,
      live: () => this.#server !== undefined,
      ready: () => this.#generation?.model.current() !== undefined,
      counts: () => this.#counts,
    });
    const host = hostOf(values['admin-server-host'] ?? values['server-host']);
    const settings: ListenOptions = {
      host,
      port: port ?? 0,
      ...socket,
      routes: [{ prefix: '', handle }],
      cors: { origins: [] },
      maxBody: 0,
      traceHeader: undefined,
      agent,
      server: `ashlar/${packageVersion()}`,
      onInternalError: this.#onInternalError,
    };
    this.#admin = await explainListen(host ?? '0.0.0.0', port ?? 0, 'set another admin-server-port', () =>
      listen(settings),
    );
    this.#logger.announce(`The admin server listens on ${this.#admin.address}.`);
  }

  async #listenChannel(): Promise<void> {
    const { 'db-channel-enabled': enabled, 'db-channel': channel } = this.#config.values;
    if (!enabled || this.#pool === undefined) return;
    const pool = this.#pool;
    try {
      await pool.listen(channel, (payload) => this.#hear(payload), { onReconnect: () => this.#hear('') });
      this.#logger.announce(`Listening to notifications on the channel "${channel}".`);
    } catch (error) {
      this.#logger.announce(
        `The channel "${channel}" cannot be listened to, so NOTIFY does not reload the schema: ${messageOf(error)}`,
      );
    }
  }

  /** `reload schema` reads the configuration, too, as it says which schemas are served. */
  #hear(payload: string): void {
    if (payload !== '' && payload !== 'reload schema' && payload !== 'reload config') return;
    this.#logger.announce(
      `Notified on the channel "${this.#config.values['db-channel']}": ${payload || 'reload'}.`,
    );
    if (payload !== 'reload config') this.#heardSchema = true;
    clearTimeout(this.#hearTimer);
    this.#hearTimer = setTimeout(() => {
      const reload = this.#heardSchema ? this.reloadSchema : this.reloadConfig;
      this.#heardSchema = false;
      void reload();
    }, settleMs);
  }

  #onInternalError = (error: unknown): void =>
    this.#observe({
      level: 'error',
      name: 'app.internal-error',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
}

const socketOf = (path: string | undefined, mode: number): Pick<ListenOptions, 'socket'> =>
  path === undefined ? {} : { socket: { path, mode } };
