import { availableParallelism } from 'node:os';
import { type CancelSignal, ignoreObservations, type Observe } from '../base/index.ts';
import type { ConnectOptions } from './connect-options.ts';
import { Connection, type ConnectionEvents, type ConnectionLimits } from './connection.ts';
import { ConnectionError } from './connection-error.ts';
import { Exchange, type ExchangeWishes, type OnOverflow, type OnRows, type RowTaker } from './exchange.ts';
import { expectMs, type KnownStatement, StatementBook } from './known-statement.ts';
import { Listener, type ListenOptions, type Subscription } from './listener.ts';
import { checkParams } from './params.ts';
import type { PgErrorFields } from './pg-error.ts';
import { Pulse } from './pulse.ts';
import { type RetirementOptions, watchAges } from './retirement.ts';
import type { Outcome, Statement } from './statement.ts';
import { runTransaction, type Transaction, type TransactionOptions } from './transaction.ts';

export type PoolOptions = {
  readonly connect: ConnectOptions;
  /** Connections opened at once and kept. Default 0. */
  readonly min?: number;
  /** Default 10. */
  readonly max?: number;
  /** Exchanges in flight on one connection, at most. Default 32. */
  readonly depth?: number;
  /** A connection whose first exchange takes longer gets no more while another can take it. Default 5 ms. */
  readonly stallMs?: number;
  /**
   * Connections that rows are streamed on at once, at most: as they keep a connection for as long as their taker takes,
   * some are always left to others. Default: three quarters.
   */
  readonly maxStreams?: number;
  /** How long work waits for a connection. Default 10,000 ms. */
  readonly acquireTimeoutMs?: number;
  /**
   * How long an answer may be due before the server is asked, on another connection, whether it is at work on it. If
   * it is not, the connection is given up. Default 2,000 ms.
   */
  readonly silenceMs?: number;
  /** False for poolers in transaction mode: nothing is prepared under a name. Default true. */
  readonly prepare?: boolean;
  /** Statements kept prepared per connection. Default 250. */
  readonly maxPrepared?: number;
  /** When connections are closed, though nothing is wrong with them. Default: they stay. */
  readonly retirement?: RetirementOptions;
  readonly observe?: Observe;
  /** What the server says beside: warnings, RAISE NOTICE. */
  readonly onNotice?: (notice: PgErrorFields) => void;
};

export type RunOptions = {
  /** Gives up: work not yet sent is dropped; work alone on its connection is cancelled; else its result is. */
  readonly signal?: CancelSignal | undefined;
  /** Fails with a ConnectionError `too-long` if the rows have more bytes than that, unless `onOverflow` is there. */
  readonly maxBytes?: number | undefined;
  /** Gets the rows of the statement that has more of them than `maxBytes`; what it gives takes the others. */
  readonly onOverflow?: OnOverflow | undefined;
  /**
   * Called once, just before the statements are sent: what it gives is sent instead, as many statements that are
   * prepared as these are. Until then others may be let in.
   */
  readonly amend?: (() => readonly Statement[] | undefined) | undefined;
  /** It may take long: it gets an idle connection and nothing is sent behind it. */
  readonly slow?: boolean;
  /** The first so many statements are of no interest to the caller: outcomes and errors are counted from behind them. */
  readonly preamble?: number;
  readonly onNotice?: ((notice: PgErrorFields) => void) | undefined;
};

export type StreamOptions = {
  readonly signal?: CancelSignal | undefined;
  readonly onNotice?: ((notice: PgErrorFields) => void) | undefined;
};

/** How busy a pool is. */
export type PoolStats = {
  readonly connections: number;
  readonly idle: number;
  readonly inFlight: number;
  /** Exchanges and holders that wait for a connection. */
  readonly waiting: number;
  /** How often work has waited too long for a connection, since the pool was made. */
  readonly timeouts: number;
};

type Waiting = {
  readonly since: number;
  /** It is going to stream, and as many may as may at once. */
  readonly streams: boolean;
  resolve: (connection: Connection) => void;
  readonly reject: (error: unknown) => void;
};

const noWishes: ExchangeWishes = {};
const RETIRED = {
  idle: 'an idle connection was closed',
  old: 'a connection was replaced, as it was old',
  worn: 'a connection was replaced, as it had run many different statements',
} as const;
/** An exchange that takes longer is not quick. */
const slowMs = 3;
/**
 * What keeps the server busy for less than twice the way there and back is tiny. That way depends on the machine; it is
 * part of what is measured of a statement that comes alone.
 */
const shortestTinyMs = 0.1;
const longestTinyMs = 0.2;
/** Tiny work is put behind other work that is done in this time. */
const togetherMs = 2;
const firstDelayMs = 50;
/** Short, as requests wait: a server that was restarted is used again as soon as it is there. */
const longestDelayMs = 500;
/** To knock at a socket of this machine costs next to nothing. */
const longestLocalDelayMs = 60;
/** A failure that lasts is told again after so long. */
const tellEveryMs = 10_000;
/** How long a login may take. */
const longestLoginMs = 5_000;
/** How long work waits while the server cannot be reached: what is back by then has cost nobody more than time. */
const unreachableMs = 5_000;

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
  readonly #maxStreams: number;
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
  /** The way to the server and back, and next to nothing to do there: the shortest lately. */
  #tripMs = shortestTinyMs / 2;
  readonly #queue: Exchange[] = [];
  readonly #waiting: Waiting[] = [];
  /** Connections that one holder has to itself. */
  #exclusives = 0;
  /** Those of them that rows are streamed on. */
  #streams = 0;
  #timeouts = 0;
  #acquireTimer: NodeJS.Timeout | undefined;
  #connectFailures = 0;
  #lastConnectError: unknown;
  /** The failure that was observed last: the same one is not told with each try. */
  #told: { readonly message: string; readonly at: number } | undefined;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #listener: Listener | undefined;
  readonly #ages: ReturnType<typeof watchAges>;
  readonly #pulse: Pulse;
  /** Takes no more work. */
  #closing: Promise<void> | undefined;
  /** Has done, or given up, what it had. */
  #closed = false;
  #onDrained: (() => void) | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#max = Math.max(1, options.max ?? 10);
    this.#maxStreams = Math.max(
      1,
      Math.min(this.#max, options.maxStreams ?? Math.floor((this.#max * 3) / 4)),
    );
    this.#min = Math.min(this.#max, options.min ?? 0);
    this.#depth = Math.max(1, options.depth ?? 32);
    this.#stallMs = options.stallMs ?? 5;
    this.#quick = Math.min(this.#max, 2 * availableParallelism());
    this.#acquireTimeoutMs = options.acquireTimeoutMs ?? 10_000;
    this.#limits = {
      maxPrepared: options.prepare === false ? 0 : (options.maxPrepared ?? 250),
      connectTimeoutMs: Math.min(this.#acquireTimeoutMs, longestLoginMs),
    };
    this.#observe = options.observe ?? ignoreObservations;
    this.#events = {
      onReady: (connection) => this.#serve(connection),
      onClose: (connection, reason, unsent) => this.#onClose(connection, reason, unsent),
      onTrip: (ms) => {
        this.#tripMs = Math.min(ms, this.#tripMs * 1.01);
      },
      onNotice: (notice) => options.onNotice?.(notice),
      onNotification: () => {},
    };
    this.#pulse = new Pulse({
      connect: options.connect,
      silenceMs: options.silenceMs ?? 2_000,
      connections: () => this.#connections,
      observe: this.#observe,
    });
    this.#ages = watchAges(
      options.retirement ?? {},
      () => this.#connections,
      (connection, why) => this.#retire(connection, why),
    );
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
      const { amend } = options;
      if (amend)
        exchange.amend = () => {
          const others = amend();
          if (others) exchange.replace(others, this.#bookOf(others));
        };
      exchange.since = performance.now();
      const connection = this.#queue.length === 0 ? this.#pick(exchange, exchange.since) : undefined;
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
    const { streams = false } = options;
    const connection = await this.#acquire(options.signal, streams);
    return runTransaction(connection, work, options, (statements, wishes) =>
      this.#runOn(connection, statements, wishes),
    ).finally(() => this.#release(connection, streams));
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
      timeouts: this.#timeouts,
    };
  }

  /**
   * How long the oldest of the work that could begin has waited for a connection, in ms; what waits to stream waits
   * for others that stream, and work for a server that is down waits for that.
   */
  get lagMs(): number {
    if (this.#queue.length === 0 && this.#waiting.length === 0) return 0;
    if (this.#unreachable) return 0;
    const waiting = this.#waiting.find(({ streams }) => !streams);
    const since = Math.min(this.#queue[0]?.since ?? Infinity, waiting?.since ?? Infinity);
    return since === Infinity ? 0 : performance.now() - since;
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
    this.#pulse.stop();
    this.#ages.stop();
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

  /** To whoever closes the pool. */
  #tellDrained(): void {
    if (this.#onDrained && this.#drained()) this.#onDrained();
  }

  #drained(): boolean {
    const { inFlight, waiting } = this.stats;
    return inFlight === 0 && waiting === 0 && this.#exclusives === 0;
  }

  // Exchanges

  #prepareExchange(
    statements: readonly Statement[],
    options: ExchangeWishes & { readonly signal?: CancelSignal | undefined },
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
      if ((!entry || entry.control) && !options.eager) alone = true;
      known.push(entry);
    }
    const { onRows, taker, onNotice, maxBytes, eager, preamble } = options;
    const wishes =
      alone || eager || onRows || taker || onNotice || maxBytes || preamble
        ? { ...options, alone }
        : noWishes;
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

  /** What is known of the statements that have a key. */
  #bookOf(statements: readonly Statement[]): readonly (KnownStatement | undefined)[] {
    const known: (KnownStatement | undefined)[] = [];
    for (let i = 0; i < statements.length; i++) {
      const { key, text } = statements[i] as Statement;
      known.push(key === undefined ? undefined : this.#book.use(key, text));
    }
    return known;
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
    const streams = options.taker !== undefined || options.onRows !== undefined;
    const connection = await this.#acquire(options.signal, streams);
    try {
      return await this.#runOn(connection, statements, options);
    } finally {
      this.#release(connection, streams);
    }
  }

  #runOn(
    connection: Connection,
    statements: readonly Statement[],
    options: ExchangeWishes & { readonly signal?: CancelSignal | undefined },
  ): Promise<Outcome[]> {
    return new Promise((resolve, reject) => {
      const exchange = this.#prepareExchange(statements, options, resolve, reject);
      if (exchange) connection.assign(exchange);
    });
  }

  /**
   * The connection for the exchange; undefined: better wait. Tiny work is kept together on as few connections as do
   * it soon: what goes and comes back in one write and one read costs a good third less, here and in Postgres, than
   * when it is spread (docs/decisions/connections.md). Other quick work is spread over a few connections. What may be
   * slow, or was never seen, gets an idle connection where there is one, and nothing is put behind it.
   */
  #pick(exchange: Exchange, now: number): Connection | undefined {
    judge(exchange);
    const { slow, expected } = exchange;
    const tiny = !slow && expected <= this.#tinyMs;
    const connections = this.#connections;
    let best: Connection | undefined;
    for (let i = 0; i < connections.length; i++) {
      if (i === this.#quick && best && !slow) break;
      const connection = connections[i] as Connection;
      const { load } = connection;
      if (load >= this.#depth || !this.#takes(connection)) continue;
      if (load === 0) return connection;
      if (now - connection.headSince >= this.#stallMs) continue;
      if (tiny && connection.backlog + expected <= togetherMs) return connection;
      if (!best || connection.backlog < best.backlog) best = connection;
    }
    const scarce = !best || slow || connections.length < this.#quick;
    if (scarce && this.#opening === 0) this.#grow();
    return best;
  }

  get #tinyMs(): number {
    return Math.min(longestTinyMs, Math.max(shortestTinyMs, 2 * this.#tripMs));
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
    if (connection.worn && connection.open) {
      // Which comes back here.
      this.#retire(connection, 'worn');
      return;
    }
    if (connection.retiring && connection.load === 0 && !connection.exclusive) void connection.end();
    if (connection.exclusive || !connection.open) {
      this.#tellDrained();
      return;
    }
    const turn = this.#waiting.length === 0 ? -1 : this.#turn();
    if (turn >= 0) {
      if (connection.load === 0) {
        this.#hand(connection, turn);
        return;
      }
      if (connection.reserved) return;
    }
    connection.reserved = false;
    if (this.#queue.length > 0) this.#spread();
    this.#tellDrained();
  }

  /** Gives what waits to the connections that would get it if it came now: not all of it to the first that is free. */
  #spread(): void {
    const queue = this.#queue;
    const now = performance.now();
    while (queue.length > 0) {
      // Judged now, and not when it came: what it waited for may have shown that it is quick.
      const connection = this.#pick(queue[0] as Exchange, now);
      if (!connection) return;
      connection.assign(queue.shift() as Exchange);
    }
  }

  // Connections of one's own

  /** One connection is always left to the others, if there is more than one. */
  get #maxExclusives(): number {
    return Math.max(1, this.#max - 1);
  }

  /** Whose turn it is of those who wait for a connection of their own; -1: nobody's. */
  #turn(): number {
    if (this.#exclusives >= this.#maxExclusives) return -1;
    if (this.#streams < this.#maxStreams) return this.#waiting.length === 0 ? -1 : 0;
    return this.#waiting.findIndex(({ streams }) => !streams);
  }

  #acquire(signal: CancelSignal | undefined, streams: boolean): Promise<Connection> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#closing) return reject(closedError());
      const waiting: Waiting = { since: performance.now(), streams, resolve, reject };
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
      const turn = this.#turn();
      if (turn >= 0) {
        const idle = this.#connections.find((c) => c.open && !c.exclusive && c.load === 0);
        if (idle) return this.#hand(idle, turn);
        if (!this.#grow()) this.#reserve();
      }
      this.#armAcquireTimer();
    });
  }

  #hand(connection: Connection, turn: number): void {
    const [waiting] = this.#waiting.splice(turn, 1) as [Waiting];
    connection.reserved = false;
    connection.exclusive = true;
    this.#exclusives++;
    if (waiting.streams) this.#streams++;
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
    if (this.#turn() >= 0) return;
    for (const connection of this.#connections) {
      if (connection.reserved) this.#serve(connection);
    }
  }

  #release(connection: Connection, streams: boolean): void {
    connection.exclusive = false;
    this.#exclusives--;
    if (streams) this.#streams--;
    if (connection.closed) this.#grow();
    else this.#serve(connection);
    this.#tellDrained();
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
    this.#lastConnectError = undefined;
    this.#told = undefined;
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
    const now = performance.now();
    if (message !== this.#told?.message || now - this.#told.at > tellEveryMs) {
      this.#told = { message, at: now };
      this.#observe({ level: 'warn', name: 'db.connect-failed', message });
    }
    if (this.#closed) return;
    if (this.#connections.length === 0 && isPermanent(error)) {
      this.#rejectWaiting(new ConnectionError('connect-failed', message, error));
    }
    // Nobody waits as long for a server that is down as for one that is busy.
    clearTimeout(this.#acquireTimer);
    this.#acquireTimer = undefined;
    this.#armAcquireTimer();
    // No more connections to be had, it may be: then one of those we have must become free.
    if (this.#waiting.length > 0) this.#reserve();
    const longest = this.#options.connect.host.startsWith('/') ? longestLocalDelayMs : longestDelayMs;
    const delay = Math.min(longest, firstDelayMs * 2 ** this.#connectFailures++);
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
    if (!connection.retiring)
      this.#observe({ level: 'warn', name: 'db.connection-lost', message: reason.message });
    for (const exchange of unsent) exchange.state = 'waiting';
    this.#queue.unshift(...unsent);
    if (unsent.length > 0) this.#armAcquireTimer();
    this.#replenish();
  }

  /** Closes a connection as soon as it has nothing to do; as many as are to be kept are not too idle. */
  #retire(connection: Connection, why: 'idle' | 'old' | 'worn'): void {
    if (!connection.open || (why === 'idle' && this.#connections.length <= this.#min)) return;
    connection.retiring = true;
    connection.reserved = false;
    this.#observe({
      level: 'debug',
      name: 'db.connection-retired',
      message: RETIRED[why],
    });
    this.#serve(connection);
    if (this.#waiting.length > 0) this.#reserve();
  }

  #rejectWaiting(error: ConnectionError): void {
    for (const exchange of this.#queue.splice(0)) exchange.fail(error);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    this.#unreserve();
  }

  /** How long work waits for a connection, as things are. */
  get #patienceMs(): number {
    return this.#unreachable ? Math.min(unreachableMs, this.#acquireTimeoutMs) : this.#acquireTimeoutMs;
  }

  get #unreachable(): boolean {
    return this.#connections.length === 0 && this.#lastConnectError !== undefined;
  }

  #armAcquireTimer(): void {
    if (this.#acquireTimer) return;
    const oldest = Math.min(this.#queue[0]?.since ?? Infinity, this.#waiting[0]?.since ?? Infinity);
    if (oldest === Infinity) return;
    const delay = oldest + this.#patienceMs - performance.now();
    this.#acquireTimer = setTimeout(() => this.#rejectOverdue(), Math.max(1, delay));
    this.#acquireTimer.unref();
  }

  #rejectOverdue(): void {
    this.#acquireTimer = undefined;
    const due = performance.now() - this.#patienceMs;
    const queue = this.#queue;
    while (queue[0] && queue[0].since <= due) queue.shift()?.fail(this.#overdue());
    while (this.#waiting[0] && this.#waiting[0].since <= due) this.#waiting.shift()?.reject(this.#overdue());
    this.#unreserve();
    this.#armAcquireTimer();
  }

  #overdue(): ConnectionError {
    this.#timeouts++;
    const seconds = this.#acquireTimeoutMs / 1000;
    if (this.#unreachable) {
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

/** Sees whether the exchange may be slow, having a statement that was so lately or has never been seen. */
const judge = (exchange: Exchange): void => {
  const { known } = exchange;
  exchange.expected = expectMs(known);
  exchange.slow = false;
  for (let i = 0; i < known.length; i++) {
    const cost = known[i]?.cost;
    if (cost === undefined || cost > slowMs) exchange.slow = true;
  }
};

const closedError = (): ConnectionError => new ConnectionError('closed', 'The pool is closed.');
