import { availableParallelism } from 'node:os';
import { ignoreObservations, type Observe } from '../base/index.ts';
import type { ConnectOptions } from './connect-options.ts';
import { Connection, type ConnectionEvents, type ConnectionLimits } from './connection.ts';
import { ConnectionError } from './connection-error.ts';
import { Exchange, type ExchangeWishes, type OnRows, type RowTaker } from './exchange.ts';
import { type KnownStatement, StatementBook } from './known-statement.ts';
import { Listener, type ListenOptions, type Subscription } from './listener.ts';
import { checkParams } from './params.ts';
import type { PgErrorFields } from './pg-error.ts';
import type { Outcome, Statement } from './statement.ts';
import { runTransaction, type Transaction, type TransactionOptions } from './transaction.ts';

export type PoolOptions = {
  readonly connect: ConnectOptions;
  /** Connections opened at once and kept. Default 0. */
  readonly min?: number;
  /** Default 10. */
  readonly max?: number;
  /** Exchanges in flight on one connection, at most. Default 8. */
  readonly depth?: number;
  /** A connection whose first exchange takes longer gets no more while another can take it. Default 5 ms. */
  readonly stallMs?: number;
  /** How long work waits for a connection. Default 10,000 ms. */
  readonly acquireTimeoutMs?: number;
  /** False for poolers in transaction mode: nothing is prepared under a name. Default true. */
  readonly prepare?: boolean;
  /** Statements kept prepared per connection. Default 250. */
  readonly maxPrepared?: number;
  readonly observe?: Observe;
  /** What the server says beside: warnings, RAISE NOTICE. */
  readonly onNotice?: (notice: PgErrorFields) => void;
};

export type RunOptions = {
  /** Gives up: work not yet sent is dropped; work alone on its connection is cancelled; else its result is. */
  readonly signal?: AbortSignal | undefined;
  /** Fails with a ConnectionError `too-long` if the rows have more bytes than that. */
  readonly maxBytes?: number | undefined;
  /** It may take long: it gets an idle connection and nothing is sent behind it. */
  readonly slow?: boolean;
  readonly onNotice?: ((notice: PgErrorFields) => void) | undefined;
};

export type StreamOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly onNotice?: ((notice: PgErrorFields) => void) | undefined;
};

/** How busy a pool is. */
export type PoolStats = {
  readonly connections: number;
  readonly idle: number;
  readonly inFlight: number;
  /** Exchanges and holders that wait for a connection. */
  readonly waiting: number;
};

type Waiting = {
  readonly since: number;
  resolve: (connection: Connection) => void;
  readonly reject: (error: unknown) => void;
};

const noWishes: ExchangeWishes = {};
/** An exchange that takes longer is not quick. */
const slowMs = 3;
const firstDelayMs = 50;
const longestDelayMs = 2_000;

/**
 * Connections to one database as one user, and the work that waits for them.
 *
 * Most work is an *exchange*: statements sent with one Sync, one implicit transaction, one round trip.
 * Several exchanges share a connection, each behind the other, so that a connection is never idle for
 * the time of a round trip; what may be slow, or needs the session for itself, has a connection alone.
 *
 * @example
 * const pool = createPool({ connect: embedded.server });
 * const [, found] = await pool.run([
 *   { text: "select set_config('role', $1, true)", key: 'role', params: ['web_anon'], rows: 'ignore' },
 *   { text: 'select title from posts where id = $1', key: 'web_anon:post', params: ['7'] },
 * ]);
 * found.rows[0]?.[0]?.toString(); // 'Hello'
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #max: number;
  readonly #min: number;
  readonly #depth: number;
  readonly #stallMs: number;
  /** So many connections share the quick work; the others are for what is slow. */
  readonly #quick: number;
  readonly #acquireTimeoutMs: number;
  readonly #limits: ConnectionLimits;
  readonly #observe: Observe;
  readonly #events: ConnectionEvents;
  readonly #book = new StatementBook();

  #connections: Connection[] = [];
  #opening = 0;
  readonly #queue: Exchange[] = [];
  readonly #waiting: Waiting[] = [];
  /** Connections that one holder has to itself. */
  #exclusives = 0;
  #acquireTimer: NodeJS.Timeout | undefined;
  #connectFailures = 0;
  #lastConnectError: unknown;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #listener: Listener | undefined;
  /** Takes no more work. */
  #closing: Promise<void> | undefined;
  /** Has done, or given up, what it had. */
  #closed = false;
  #onDrained: (() => void) | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#max = Math.max(1, options.max ?? 10);
    this.#min = Math.min(this.#max, options.min ?? 0);
    this.#depth = Math.max(1, options.depth ?? 8);
    this.#stallMs = options.stallMs ?? 5;
    this.#quick = Math.min(this.#max, 2 * availableParallelism());
    this.#acquireTimeoutMs = options.acquireTimeoutMs ?? 10_000;
    this.#limits = {
      maxPrepared: options.prepare === false ? 0 : (options.maxPrepared ?? 250),
      connectTimeoutMs: this.#acquireTimeoutMs,
    };
    this.#observe = options.observe ?? ignoreObservations;
    this.#events = {
      onReady: (connection) => this.#serve(connection),
      onClose: (connection, reason, unsent) => this.#onClose(connection, reason, unsent),
      onNotice: (notice) => options.onNotice?.(notice),
      onNotification: () => {},
    };
    this.#replenish();
  }

  /**
   * Runs the statements as one exchange: one round trip, one implicit transaction. Resolves only when
   * the transaction is over, so what it tells has been committed. Rejects with a `PgError` (nothing was
   * done, unless the statements themselves committed), a `ConnectionError`, or the signal's reason.
   */
  run(statements: readonly Statement[], options: RunOptions = {}): Promise<Outcome[]> {
    if (options.slow) return this.#runAlone(statements, options);
    if (this.#closing) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      const exchange = this.#prepareExchange(statements, options, resolve, reject);
      if (!exchange) return;
      exchange.since = performance.now();
      const connection = this.#queue.length === 0 ? this.#pick(exchange) : undefined;
      if (connection) connection.assign(exchange);
      else this.#enqueue(exchange);
    });
  }

  /**
   * Runs the statements as `run` does, on a connection of their own, and hands the rows of the last one
   * over as they come; the server is not read further while their taker is busy. If it fails, or the
   * signal aborts, the statement is cancelled.
   */
  stream(
    statements: readonly Statement[],
    taker: OnRows | RowTaker,
    options: StreamOptions = {},
  ): Promise<Outcome[]> {
    const taking = typeof taker === 'function' ? { onRows: taker } : { taker };
    return this.#runAlone(statements, { ...options, ...taking });
  }

  /**
   * Runs `work` between BEGIN and COMMIT on a connection of its own; ROLLBACK if it throws, or if a
   * statement failed (then it rejects with that error, even if `work` swallowed it).
   */
  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const connection = await this.#acquire(options.signal);
    return runTransaction(connection, work, options, (statements, wishes) =>
      this.#runOn(connection, statements, wishes),
    ).finally(() => this.#release(connection));
  }

  /**
   * Hears what is sent on a channel (NOTIFY), on a connection that is shared by all channels, kept open and
   * opened anew when it breaks; what is sent in between is not heard, which `onReconnect` tells.
   * Resolves when the channel is being listened to.
   */
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    options: ListenOptions = {},
  ): Promise<Subscription> {
    if (this.#closing) return Promise.reject(closedError());
    this.#listener ??= new Listener(this.#options.connect, this.#observe);
    return this.#listener.listen(channel, onPayload, options);
  }

  /** How busy the pool is. */
  get stats(): PoolStats {
    let idle = 0;
    let inFlight = 0;
    for (const connection of this.#connections) {
      inFlight += connection.load;
      if (connection.load === 0 && !connection.exclusive) idle++;
    }
    return {
      connections: this.#connections.length,
      idle,
      inFlight,
      waiting: this.#queue.length + this.#waiting.length,
    };
  }

  /** Takes no more work, waits up to `graceMs` (default 10,000) for what is under way, and closes. */
  close(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.graceMs ?? 10_000);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    await this.#listener?.close();
    if (!this.#drained()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        this.#onDrained = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#closed = true;
    clearTimeout(this.#acquireTimer);
    clearTimeout(this.#reconnectTimer);
    this.#rejectWaiting(closedError());
    await Promise.all(
      this.#connections.map((connection) => {
        if (connection.load > 0 || connection.exclusive) connection.destroy();
        return connection.end();
      }),
    );
  }

  #drained(): boolean {
    const { inFlight, waiting } = this.stats;
    return inFlight === 0 && waiting === 0 && this.#exclusives === 0;
  }

  // Exchanges

  #prepareExchange(
    statements: readonly Statement[],
    options: ExchangeWishes & { readonly signal?: AbortSignal | undefined },
    resolve: (outcomes: Outcome[]) => void,
    reject: (error: unknown) => void,
  ): Exchange | undefined {
    const { signal } = options;
    if (signal?.aborted) {
      reject(signal.reason);
      return undefined;
    }
    checkParams(statements);
    const known: (KnownStatement | undefined)[] = [];
    let alone = false;
    for (let i = 0; i < statements.length; i++) {
      const statement = statements[i] as Statement;
      const entry = statement.key === undefined ? undefined : this.#book.use(statement.key, statement.text);
      // Without a key it may be anything; it must not leave others inside its transaction.
      if (!entry || entry.control) alone = true;
      known.push(entry);
    }
    const { onRows, taker, onNotice, maxBytes } = options;
    const wishes = alone || onRows || taker || onNotice || maxBytes ? { ...options, alone } : noWishes;
    if (!signal) return new Exchange(statements, known, wishes, resolve, reject);
    const onAbort = (): void => this.#abandon(exchange, signal.reason);
    const exchange = new Exchange(
      statements,
      known,
      wishes,
      (outcomes) => {
        signal.removeEventListener('abort', onAbort);
        resolve(outcomes);
      },
      (error) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
    signal.addEventListener('abort', onAbort, { once: true });
    return exchange;
  }

  /** The signal aborted: drops, cancels or disowns the exchange, by how far it has come. */
  #abandon(exchange: Exchange, reason: unknown): void {
    const { carrier, state } = exchange;
    const index = state === 'waiting' ? this.#queue.indexOf(exchange) : -1;
    if (index >= 0) this.#queue.splice(index, 1);
    if (state === 'assigned') carrier?.withdraw(exchange);
    if (state === 'sent' && carrier?.hasOnly(exchange)) void carrier.cancel();
    exchange.fail(reason);
  }

  async #runAlone(
    statements: readonly Statement[],
    options: RunOptions & { readonly onRows?: OnRows; readonly taker?: RowTaker },
  ): Promise<Outcome[]> {
    const connection = await this.#acquire(options.signal);
    try {
      return await this.#runOn(connection, statements, options);
    } finally {
      this.#release(connection);
    }
  }

  #runOn(
    connection: Connection,
    statements: readonly Statement[],
    options: ExchangeWishes & { readonly signal?: AbortSignal | undefined },
  ): Promise<Outcome[]> {
    return new Promise((resolve, reject) => {
      const exchange = this.#prepareExchange(statements, options, resolve, reject);
      if (exchange) connection.assign(exchange);
    });
  }

  /**
   * The connection for the exchange; undefined: better wait. Quick work is kept together on a few connections:
   * what goes and comes back in one write and one read costs a good third less, here and in Postgres, than when it
   * is spread (measured). What may be slow, or was never seen, gets an idle connection where there is one, and
   * nothing is put behind it.
   */
  #pick(exchange: Exchange): Connection | undefined {
    const now = exchange.since;
    const slow = mayBeSlow(exchange);
    exchange.slow = slow;
    const connections = this.#connections;
    let best: Connection | undefined;
    let bestLoad = this.#depth;
    for (let i = 0; i < connections.length; i++) {
      if (i === this.#quick && best && !slow) break;
      const connection = connections[i] as Connection;
      const { load } = connection;
      if (load >= bestLoad || !this.#takes(connection)) continue;
      if (load === 0) return connection;
      if (now - connection.headSince < this.#stallMs) {
        best = connection;
        bestLoad = load;
      }
    }
    const scarce = !best || slow || connections.length < this.#quick;
    if (scarce && this.#opening === 0) this.#grow();
    return best;
  }

  /** Whether work may be put on the connection, as far as its nature is concerned. */
  #takes(connection: Connection): boolean {
    return (
      connection.slowLoad === 0 &&
      !connection.exclusive &&
      !connection.reserved &&
      !connection.blocked &&
      connection.open
    );
  }

  #enqueue(exchange: Exchange): void {
    this.#queue.push(exchange);
    this.#grow();
    this.#armAcquireTimer();
  }

  /** A connection can take work: give it what waits. */
  #serve(connection: Connection): void {
    if (connection.exclusive || !connection.open) return;
    if (this.#waiting.length > 0 && this.#exclusives < this.#maxExclusives) {
      if (connection.load === 0) {
        this.#hand(connection);
        return;
      }
      if (connection.reserved) return;
    }
    connection.reserved = false;
    const queue = this.#queue;
    while (queue.length > 0 && connection.load < this.#depth && this.#takes(connection)) {
      const exchange = queue.shift() as Exchange;
      // Judged now, and not when it came: what it waited for may have shown that it is quick.
      exchange.slow = mayBeSlow(exchange);
      connection.assign(exchange);
    }
    if (this.#onDrained && this.#drained()) this.#onDrained();
  }

  // Connections of one's own

  /** One connection is always left to the others, if there is more than one. */
  get #maxExclusives(): number {
    return Math.max(1, this.#max - 1);
  }

  #acquire(signal: AbortSignal | undefined): Promise<Connection> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#closing) return reject(closedError());
      const waiting: Waiting = { since: performance.now(), resolve, reject };
      this.#waiting.push(waiting);
      if (signal) {
        const onAbort = (): void => {
          const index = this.#waiting.indexOf(waiting);
          if (index < 0) return;
          this.#waiting.splice(index, 1);
          this.#unreserve();
          reject(signal.reason);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.resolve = (connection) => {
          signal.removeEventListener('abort', onAbort);
          resolve(connection);
        };
      }
      if (this.#exclusives < this.#maxExclusives) {
        const idle = this.#connections.find((c) => c.open && !c.exclusive && c.load === 0);
        if (idle) return this.#hand(idle);
        if (!this.#grow()) this.#reserve();
      }
      this.#armAcquireTimer();
    });
  }

  #hand(connection: Connection): void {
    const waiting = this.#waiting.shift() as Waiting;
    connection.reserved = false;
    connection.exclusive = true;
    this.#exclusives++;
    this.#unreserve();
    waiting.resolve(connection);
  }

  /** Keeps new work off the connection that will be idle first. */
  #reserve(): void {
    let best: Connection | undefined;
    for (const connection of this.#connections) {
      if (connection.exclusive || connection.reserved || !connection.open) continue;
      if (!best || connection.load < best.load) best = connection;
    }
    if (best) best.reserved = true;
  }

  /** Gives back what was kept for those who wait, when none does or none may have more. */
  #unreserve(): void {
    if (this.#waiting.length > 0 && this.#exclusives < this.#maxExclusives) return;
    for (const connection of this.#connections) {
      if (connection.reserved) this.#serve(connection);
    }
  }

  #release(connection: Connection): void {
    connection.exclusive = false;
    this.#exclusives--;
    if (connection.closed) this.#grow();
    else this.#serve(connection);
    if (this.#onDrained && this.#drained()) this.#onDrained();
  }

  // Opening and closing

  /** Opens a connection if there may be more; whether one is coming. */
  #grow(): boolean {
    if (this.#connections.length + this.#opening >= this.#max) return false;
    if (this.#reconnectTimer) return true;
    this.#opening++;
    Connection.open(this.#options.connect, this.#limits, this.#events).then(
      (connection) => this.#onOpen(connection),
      (error) => this.#onConnectFailure(error),
    );
    return true;
  }

  /** Opens as many as are to be kept, and one more if work waits. */
  #replenish(): void {
    if (this.#closed) return;
    if (this.#queue.length > 0 || this.#waiting.length > 0) this.#grow();
    if (this.#closing) return;
    while (this.#connections.length + this.#opening < this.#min && !this.#reconnectTimer) this.#grow();
  }

  #onOpen(connection: Connection): void {
    this.#opening--;
    this.#connectFailures = 0;
    if (this.#closed) {
      void connection.end();
      return;
    }
    if (!connection.closed) this.#connections.push(connection);
    this.#serve(connection);
  }

  #onConnectFailure(error: unknown): void {
    this.#opening--;
    this.#lastConnectError = error;
    const message = describeConnectFailure(this.#options.connect, error);
    this.#observe({ level: 'warn', name: 'db.connect-failed', message });
    if (this.#closed) return;
    if (this.#connections.length === 0 && isPermanent(error)) {
      this.#rejectWaiting(new ConnectionError('connect-failed', message, error));
    }
    // No more connections to be had, it may be: then one of those we have must become free.
    if (this.#waiting.length > 0) this.#reserve();
    const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** this.#connectFailures++);
    this.#reconnectTimer ??= setTimeout(
      () => {
        this.#reconnectTimer = undefined;
        this.#replenish();
      },
      delay * (0.75 + Math.random() / 4),
    );
  }

  #onClose(connection: Connection, reason: ConnectionError, unsent: readonly Exchange[]): void {
    this.#connections = this.#connections.filter((other) => other !== connection);
    if (this.#closed || connection.exclusive) {
      for (const exchange of unsent) exchange.fail(reason);
      return;
    }
    this.#observe({ level: 'warn', name: 'db.connection-lost', message: reason.message });
    for (const exchange of unsent) exchange.state = 'waiting';
    this.#queue.unshift(...unsent);
    if (unsent.length > 0) this.#armAcquireTimer();
    this.#replenish();
  }

  #rejectWaiting(error: ConnectionError): void {
    for (const exchange of this.#queue.splice(0)) exchange.fail(error);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    this.#unreserve();
  }

  #armAcquireTimer(): void {
    if (this.#acquireTimer) return;
    const oldest = Math.min(this.#queue[0]?.since ?? Infinity, this.#waiting[0]?.since ?? Infinity);
    if (oldest === Infinity) return;
    const delay = oldest + this.#acquireTimeoutMs - performance.now();
    this.#acquireTimer = setTimeout(() => this.#rejectOverdue(), Math.max(1, delay));
    this.#acquireTimer.unref();
  }

  #rejectOverdue(): void {
    this.#acquireTimer = undefined;
    const due = performance.now() - this.#acquireTimeoutMs;
    const queue = this.#queue;
    while (queue[0] && queue[0].since <= due) queue.shift()?.fail(this.#overdue());
    while (this.#waiting[0] && this.#waiting[0].since <= due) this.#waiting.shift()?.reject(this.#overdue());
    this.#unreserve();
    this.#armAcquireTimer();
  }

  #overdue(): ConnectionError {
    const seconds = this.#acquireTimeoutMs / 1000;
    if (this.#connections.length === 0 && this.#lastConnectError) {
      const message = describeConnectFailure(this.#options.connect, this.#lastConnectError);
      return new ConnectionError('connect-failed', message, this.#lastConnectError);
    }
    return new ConnectionError(
      'acquire-timeout',
      `None of ${this.#connections.length} connections to the database became free within ${seconds} s. Look for slow statements, or raise the pool's size.`,
    );
  }
}

/** Opens a pool; connections follow when there is work, `min` of them at once. */
export const createPool = (options: PoolOptions): Pool => new Pool(options);

/** Whether trying again soon cannot help: a wrong password or database. */
const isPermanent = (error: unknown): boolean => {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && (/^28...$/.test(code) || code === '3D000');
};

const describeConnectFailure = (connect: ConnectOptions, error: unknown): string =>
  `Could not connect to the database ${connect.database} at ${connect.host}:${connect.port} as ${connect.user}: ${
    error instanceof Error ? error.message || (error as { code?: string }).code : String(error)
  }`;

/** Whether the exchange has a statement that was slow lately, or has never been seen. */
const mayBeSlow = ({ known }: Exchange): boolean => {
  for (let i = 0; i < known.length; i++) {
    const cost = known[i]?.cost;
    if (cost === undefined || cost > slowMs) return true;
  }
  return false;
};

const closedError = (): ConnectionError => new ConnectionError('closed', 'The pool is closed.');
