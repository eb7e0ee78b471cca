import type { Socket } from 'node:net';
import { releaseMemory } from '../base/index.ts';
import { requestCancel } from './cancel-request.ts';
import type { ConnectOptions } from './connect-options.ts';
import { ConnectionError } from './connection-error.ts';
import { Exchange, type ExchangeWishes, type OnOverflow, type OnRows, type RowTaker } from './exchange.ts';
import { type KnownStatement, noteCost, notePace } from './known-statement.ts';
import { type MessageReader, releaseLong } from './message-reader.ts';
import { MessageWriter } from './message-writer.ts';
import { makePgError, type PgError, type PgErrorFields, readErrorFields } from './pg-error.ts';
import { type PreparedStatement, PreparedStatements } from './prepared-statements.ts';
import { isRevocable, isStale, readColumns, readCommand, readRow } from './result-messages.ts';
import type { Row, Statement } from './statement.ts';
import { type Login, logIn } from './takeover.ts';

/** What a connection tells whoever holds it. */
export type ConnectionEvents = {
  /** An exchange was answered, or the connection can take work again. */
  readonly onReady: (connection: Connection) => void;
  /** It is closed. `unsent` had not been sent and can go to another connection. */
  readonly onClose: (connection: Connection, reason: ConnectionError, unsent: readonly Exchange[]) => void;
  /** An exchange came when nothing else was under way, and was answered after so long. */
  readonly onTrip?: (ms: number) => void;
  readonly onNotice: (notice: PgErrorFields) => void;
  readonly onNotification: (channel: string, payload: string) => void;
};

export type ConnectionLimits = {
  /** How many statements are kept prepared; 0: none. */
  readonly maxPrepared: number;
  readonly connectTimeoutMs: number;
};

const noParams: readonly never[] = [];
const rollback: Statement = { text: 'ROLLBACK', key: undefined, params: noParams, rows: 'ignore' };
const discardAll: Statement = { text: 'DISCARD ALL', key: undefined, params: noParams, rows: 'ignore' };
/** Runs where a statement has changed a setting of the session, and not of its transaction. */
const resetSession: readonly Statement[] = ['RESET SESSION AUTHORIZATION', 'RESET ALL'].map((text) => ({
  ...rollback,
  text,
}));
/** Settings that Postgres reports when they change, and that a statement can change. */
const resettable = new Set([
  'client_encoding',
  'DateStyle',
  'default_transaction_read_only',
  'IntervalStyle',
  'search_path',
  'session_authorization',
  'standard_conforming_strings',
  'TimeZone',
]);
const cancelTimeoutMs = 5_000;
const terminate = Buffer.from([0x58, 0, 0, 0, 4]);
const idle = 0x49;
/** More bytes than this may be on their way for a while after the kernel has taken them. */
const LONG_QUESTION = 256 * 1024;
/** The slowest way to a database that is reckoned with: 100 KB/s. */
const SLOW_BYTES_PER_MS = 100;
const noTypes: readonly number[] = [];
/**
 * So many different statements make a connection worn. Postgres keeps the row type of each (`record`) for as long as
 * the session lasts, and searches those with columns of the same types one by one: after 4,000 it takes 0.2 ms to find
 * one (typcache.c, `assign_record_type_typmod`). A new connection costs less.
 */
const WEARING = 1_000;
const noneKnown: readonly undefined[] = [];
const internal: ExchangeWishes = { internal: true };

/**
 * One connection. Exchanges that are assigned to it go out together once per turn of the event loop,
 * and are answered in order; each has its own Sync, so one that fails leaves the next untouched.
 */
export class Connection {
  /** Exchanges assigned and not yet answered. */
  load = 0;
  /** How many of them may take long. */
  slowLoad = 0;
  /** How long all of them will take, in ms. */
  backlog = 0;
  /** Since when the first of them is being worked on (`performance.now()`), if `load > 0`. */
  headSince = 0;
  /** Takes no more work, and is to be closed when it has none. */
  retiring = false;
  /** Since when it is there (`performance.now()`). */
  readonly bornAt = performance.now();
  /** One holder has it to itself (a transaction, a stream, a slow statement). */
  exclusive = false;
  /** The holder has a transaction open: its status is none of our business. */
  inTransaction = false;
  /** Of the last ReadyForQuery: `I` idle, `T` in a transaction, `E` in a failed one. */
  status = 'I';
  /** Kept free of new work, so that one who waits for an idle connection gets it. */
  reserved = false;
  closed = false;

  readonly #options: ConnectOptions;
  readonly #events: ConnectionEvents;
  readonly #prepared: PreparedStatements;
  readonly #writer = new MessageWriter();
  #socket!: Socket;
  #reader!: MessageReader;
  #processId = 0;
  #secretKey = 0;

  /** Statements that were parsed here, and how many. */
  readonly #parsed = new WeakSet<KnownStatement>();
  #wear = 0;
  /** Not all connections are to wear out at the same time. */
  readonly #wearing = WEARING * (1 + Math.random() / 2);
  /** Names of prepared statements that are to be closed. */
  readonly #obsolete: string[] = [];
  #unsent: Exchange[] = [];
  readonly #sent: Exchange[] = [];
  /** What is out must be answered before more is sent. */
  #blocked = false;
  #cancelling = 0;
  #flushScheduled = false;
  #reading = false;
  /** What it is read from, where that is used again: nothing of it may be kept. */
  #reused: Buffer | undefined;
  /** When the chunk that is being read came: a clock that is looked at once for all that is in it. */
  #chunkTime = 0;
  /** The exchanges that it has completed. */
  readonly #completed: Exchange[] = [];
  /** Until when the server may not have all of a long question yet (`performance.now()`). */
  #onItsWayUntil = 0;
  #loggedIn = false;
  #ending = false;
  #ended: Promise<void> | undefined;
  /** What the server reported of itself and the session at login. */
  readonly #parameters = new Map<string, string>();
  /** Session settings that are not as they were at login. */
  readonly #strayed = new Map<string, string>();
  /** Why it is closed. */
  #lost: ConnectionError | undefined;
  #lastFatal: PgError | undefined;
  #socketError: Error | undefined;

  private constructor(options: ConnectOptions, limits: ConnectionLimits, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
    this.#prepared = new PreparedStatements(limits.maxPrepared);
  }

  /** Connects and logs in. Rejects with pg's error (one of Postgres has `code`). */
  static async open(
    options: ConnectOptions,
    limits: ConnectionLimits,
    events: ConnectionEvents,
  ): Promise<Connection> {
    const connection = new Connection(options, limits, events);
    const login = await logIn(options, limits.connectTimeoutMs, (type, buffer, start, end) =>
      connection.#onMessage(type, buffer, start, end),
    );
    connection.#begin(login);
    return connection;
  }

  #begin(login: Login): void {
    this.#socket = login.socket;
    this.#reader = login.reader;
    this.#processId = login.processId;
    this.#secretKey = login.secretKey;
    this.#loggedIn = true;
    this.#chunkTime = performance.now();
    const socket = this.#socket;
    socket.on('error', (error) => {
      this.#socketError = error;
    });
    socket.on('close', () => this.#onClose());
    login.take((buffer, length) => this.#onData(buffer, length));
    if (socket.destroyed) this.#onClose();
  }

  get processId(): number {
    return this.#processId;
  }

  /** It takes work now, besides what it has. */
  get open(): boolean {
    return !this.closed && !this.#ending && !this.retiring && this.#cancelling === 0;
  }

  /** It has run so many different statements that a new one is better. */
  get worn(): boolean {
    return this.#wear > this.#wearing;
  }

  /**
   * Since when nothing is heard although an answer is due (`performance.now()`). Undefined: none is, or we do not
   * listen, or have not got rid of the question yet.
   */
  get silentSince(): number | undefined {
    const socket = this.#socket;
    if (this.#sent.length === 0 || socket.isPaused() || socket.writableLength > 0) return undefined;
    if (performance.now() < this.#onItsWayUntil) return undefined;
    return Math.max(this.headSince, this.#chunkTime);
  }

  /** When anything was heard of it last (`performance.now()`). */
  get heardAt(): number {
    return this.#chunkTime;
  }

  /** Nothing may be put behind what it has. */
  get blocked(): boolean {
    const last = this.#unsent[this.#unsent.length - 1];
    return this.#blocked || last?.wishes.alone === true;
  }

  /** Takes the exchange; it goes out at the end of this turn of the event loop. Once closed, it fails. */
  assign(exchange: Exchange): void {
    if (this.#lost) {
      exchange.fail(this.#lost);
      return;
    }
    this.#unsent.push(exchange);
    this.#noteAssigned(exchange);
  }

  #noteAssigned(exchange: Exchange): void {
    exchange.state = 'assigned';
    exchange.carrier = this;
    if (exchange.slow) this.slowLoad++;
    this.backlog += exchange.expected;
    exchange.first = this.load === 0;
    if (this.load++ === 0) this.headSince = performance.now();
    this.#scheduleFlush();
  }

  #noteGone(exchange: Exchange): void {
    this.load--;
    if (exchange.slow) this.slowLoad--;
    // Sums of fractions drift.
    this.backlog = this.load === 0 ? 0 : this.backlog - exchange.expected;
  }

  /** Takes back an exchange that was assigned and not yet sent. */
  withdraw(exchange: Exchange): void {
    const index = this.#unsent.indexOf(exchange);
    if (index < 0) return;
    this.#unsent.splice(index, 1);
    this.#noteGone(exchange);
    this.#events.onReady(this);
  }

  /** Whether the exchange is all that the server has of us on this connection. */
  hasOnly(exchange: Exchange): boolean {
    return this.#sent.length === 1 && this.#sent[0] === exchange;
  }

  /**
   * Cancels what is running. Until the server is known to have dealt with it, the connection takes no
   * work: the signal must not hit what comes next.
   */
  async cancel(): Promise<void> {
    this.#cancelling++;
    this.#socket.resume();
    await requestCancel(this.#options, this.#processId, this.#secretKey, cancelTimeoutMs);
    await this.#runInternally([], 'first');
    this.#cancelling--;
    if (this.closed) return;
    if (this.#unsent.length > 0) this.#scheduleFlush();
    this.#events.onReady(this);
  }

  /**
   * After a holder: ends the transaction that it left open, if it did, and with `discard` brings the
   * session back to how it was after login.
   */
  async rest(discard: boolean): Promise<void> {
    // Behind what the holder may have left unanswered, so that it does not run outside its transaction.
    if (this.status !== 'I' || this.load > 0) await this.#runInternally([rollback], 'last');
    if (!discard) return;
    await this.#runInternally([discardAll], 'last');
    this.#prepared.clear();
  }

  /** Runs statements of our own. Errors are of no interest. */
  #runInternally(statements: readonly Statement[], place: 'first' | 'last'): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => resolve();
      const exchange = new Exchange(statements, noneKnown, internal, done, done);
      if (place === 'first') this.#unsent.unshift(exchange);
      else this.#unsent.push(exchange);
      this.#noteAssigned(exchange);
    });
  }

  /** Says goodbye and closes. What is under way is lost. */
  end(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.#ended ??= this.#end();
    return this.#ended;
  }

  #end(): Promise<void> {
    this.#ending = true;
    return new Promise((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.end(terminate);
      this.#socket.resume();
      setTimeout(() => this.#socket.destroy(), cancelTimeoutMs).unref();
    });
  }

  /** Closes at once. */
  destroy(reason?: Error): void {
    this.#socketError ??= reason;
    this.#socket.destroy();
  }

  /** Keeps the process alive, or not. */
  ref(on: boolean): void {
    if (on) this.#socket.ref();
    else this.#socket.unref();
  }

  // Sending

  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#reading) return;
    this.#flushScheduled = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    this.#flushScheduled = false;
    const unsent = this.#unsent;
    if (unsent.length === 0 || this.#blocked || this.closed) return;
    let count = 0;
    while (count < unsent.length) {
      const exchange = unsent[count] as Exchange;
      if (this.#cancelling > 0 && !exchange.wishes.internal) break;
      count++;
      this.#write(exchange);
      this.#sent.push(exchange);
      if (exchange.wishes.alone) {
        this.#blocked = true;
        break;
      }
    }
    if (count === 0) return;
    this.#unsent = count === unsent.length ? [] : unsent.slice(count);
    const bytes = this.#writer.bytes();
    if (bytes.length > LONG_QUESTION)
      this.#onItsWayUntil = performance.now() + bytes.length / SLOW_BYTES_PER_MS;
    this.#socket.write(bytes);
    // Once the socket holds nothing back, the kernel (or TLS) has its own copy.
    this.#writer.reset(this.#socket.writableLength === 0);
  };

  #write(exchange: Exchange): void {
    const writer = this.#writer;
    exchange.amend?.();
    exchange.amend = undefined;
    const { statements, known } = exchange;
    exchange.state = 'sent';
    // Here and not where the place was needed: at the front of an exchange nothing can make the server
    // skip it.
    if (this.#obsolete.length > 0) for (const name of this.#obsolete.splice(0)) writer.closeStatement(name);
    for (let i = 0; i < statements.length; i++) {
      const statement = statements[i] as Statement;
      const prepared = this.#prepare(exchange, known[i], statement);
      writer.bind(prepared ? prepared.name : '', statement.params);
      if (statement.describe) writer.describePortal();
      writer.execute();
    }
    writer.sync();
  }

  /** Writes a Parse where one is needed; gives what to bind, undefined: the unnamed statement. */
  #prepare(
    exchange: Exchange,
    known: KnownStatement | undefined,
    statement: Statement,
  ): PreparedStatement | undefined {
    let prepared: PreparedStatement | undefined;
    if (known) {
      prepared = this.#prepared.get(known);
      if (!prepared) {
        prepared = this.#prepared.admit(known, this.#obsolete);
      } else if (prepared.ready || exchange.parses.includes(prepared)) {
        exchange.bindings.push(prepared);
        return prepared;
      } else {
        // Its Parse is out, but not known to succeed: an exchange relies on no other's Parse.
        prepared = undefined;
      }
    }
    if (known && !this.#parsed.has(known)) {
      this.#parsed.add(known);
      this.#wear++;
    }
    // Just before its Bind, so that it is parsed as the role and in the search_path that it runs in.
    this.#writer.parse(prepared ? prepared.name : '', statement.text, statement.paramTypes ?? noTypes);
    exchange.parses.push(prepared);
    exchange.bindings.push(prepared);
    return prepared;
  }

  // Receiving

  /** @param length of what has come, where the chunk's memory is used for the next one, too */
  #onData(chunk: Buffer, length?: number): void {
    this.#reading = true;
    this.#reused = length === undefined ? undefined : chunk;
    this.#chunkTime = performance.now();
    const since = this.headSince;
    const streaming = this.#streaming();
    try {
      this.#reader.feed(chunk, length);
    } catch (error) {
      this.destroy(error as Error);
      return;
    } finally {
      this.#reading = false;
    }
    this.#notePace(this.#chunkTime - since);
    const head = this.#sent[0];
    if (head) {
      const { onRows } = head.wishes;
      if (onRows && isLast(head) && head.rows.length > 0) this.#handRows(head, onRows);
      const taker = takerOf(head);
      if (taker) this.#waitFor(head, taker.flush);
    }
    // All in it were rows that have been taken. The collector would let a hundred megabytes of that pile up.
    if (
      length === undefined &&
      streaming &&
      streaming === this.#streaming() &&
      chunk.length === chunk.buffer.byteLength
    )
      releaseMemory(chunk.buffer);
    if (this.#unsent.length > 0) this.#flush();
  }

  /** The time that the server took for what a chunk has completed. */
  #notePace(ms: number): void {
    const completed = this.#completed;
    if (completed.length === 0) return;
    if (completed.length === 1 && completed[0]?.first) this.#events.onTrip?.(ms);
    const each = ms / completed.length;
    for (const { known } of completed)
      for (let i = 0; i < known.length; i++) {
        const statement = known[i];
        if (statement) notePace(statement, each);
      }
    completed.length = 0;
  }

  /** Whose rows are being taken, if nothing is made of them. */
  #streaming(): Exchange | undefined {
    const head = this.#sent[0];
    return head && takerOf(head) ? head : undefined;
  }

  #onMessage(type: number, buffer: Buffer, start: number, end: number): void {
    const head = this.#sent[0];
    switch (type) {
      case 0x44: // DataRow
        if (head && wantsRows(head)) this.#takeRow(head, buffer, start, end);
        else releaseLong(buffer);
        return;
      case 0x32: // BindComplete
        if (head) head.bound = true;
        return;
      case 0x43: // CommandComplete
        if (head) this.#completeStatement(head, readCommand(buffer, start, end));
        return;
      case 0x5a: // ReadyForQuery
        if (head)
          this.#completeExchange(head, buffer[start] === idle ? 'I' : buffer[start] === 0x54 ? 'T' : 'E');
        return;
      case 0x31: // ParseComplete
        if (head) {
          const prepared = head.parses[head.parsed++];
          if (prepared) prepared.ready = true;
        }
        return;
      case 0x54: // RowDescription
        if (head) head.columns = readColumns(buffer, start);
        return;
      case 0x45: // ErrorResponse
        this.#onError(head, readErrorFields(buffer, start, end));
        return;
      case 0x49: // EmptyQueryResponse
        if (head) this.#completeStatement(head, '');
        return;
      case 0x64: // CopyData of COPY … TO STDOUT: a line is a row of one value
        if (head && wantsRows(head)) head.rows.push([this.#keep(buffer, start, end)]);
        return;
      case 0x41: {
        // NotificationResponse
        const channelEnd = buffer.indexOf(0, start + 4);
        const channel = buffer.toString('utf8', start + 4, channelEnd);
        this.#events.onNotification(channel, buffer.toString('utf8', channelEnd + 1, end - 1));
        return;
      }
      case 0x4e: {
        // NoticeResponse
        const notice = readErrorFields(buffer, start, end);
        (head?.wishes.onNotice ?? this.#events.onNotice)(notice);
        return;
      }
      case 0x47: // CopyInResponse
      case 0x57: // CopyBothResponse
        throw new ConnectionError('protocol', 'COPY … FROM STDIN and replication cannot run in an exchange.');
      case 0x53: {
        // ParameterStatus
        const nameEnd = buffer.indexOf(0, start);
        this.#onParameter(
          buffer.toString('latin1', start, nameEnd),
          buffer.toString('utf8', nameEnd + 1, end - 1),
        );
        return;
      }
      case 0x33: // CloseComplete
      case 0x6e: // NoData
      case 0x63: // CopyDone
      case 0x48: // CopyOutResponse
      case 0x74: // ParameterDescription
      case 0x52: // Authentication…, during login
      case 0x4b: // BackendKeyData, during login
      case 0x76: // NegotiateProtocolVersion, during login
        return;
      default:
        throw new ConnectionError('protocol', `The server sent a message of unknown type ${type}.`);
    }
  }

  #completeStatement(exchange: Exchange, command: string): void {
    if (!isRevocable(command)) exchange.irrevocable = true;
    const { onRows } = exchange.wishes;
    if (onRows && isLast(exchange) && exchange.rows.length > 0) this.#handRows(exchange, onRows);
    exchange.outcomes.push({ rows: exchange.rows, command, columns: exchange.columns });
    exchange.rows = [];
    if (exchange.overflow) {
      exchange.overflow = undefined;
      exchange.room = exchange.wishes.maxBytes ?? Number.POSITIVE_INFINITY;
    }
    exchange.columns = undefined;
    exchange.bound = false;
    exchange.at++;
  }

  #onError(head: Exchange | undefined, fields: PgErrorFields): void {
    const error = makePgError(fields, head ? head.at - (head.wishes.preamble ?? 0) : 0);
    if (fields.severity === 'FATAL' || fields.severity === 'PANIC') this.#lastFatal = error;
    if (head) head.error ??= error;
  }

  #completeExchange(exchange: Exchange, status: string): void {
    this.#sent.shift();
    this.status = status;
    this.#noteGone(exchange);
    const ms = this.#chunkTime - this.headSince;
    this.headSince = this.#chunkTime;
    for (let i = 0; i < exchange.known.length; i++) {
      const known = exchange.known[i];
      if (known) noteCost(known, ms);
    }
    this.#completed.push(exchange);
    if (exchange.wishes.alone) this.#blocked = false;
    // A Parse that was skipped or failed has prepared nothing.
    for (let i = exchange.parsed; i < exchange.parses.length; i++) {
      const prepared = exchange.parses[i];
      if (prepared) this.#prepared.forget(prepared);
    }
    const retry = exchange.error !== undefined && this.#forgetStale(exchange, exchange.error);
    if (retry && !this.inTransaction && exchange.state !== 'settled') {
      exchange.rewind();
      this.#unsent.unshift(exchange);
      this.#noteAssigned(exchange);
    } else if (exchange.taking) {
      void exchange.taking.then(() => exchange.settle());
    } else {
      exchange.settle();
    }
    if (!this.inTransaction) this.#tidy(status);
    this.#events.onReady(this);
  }

  /** Sees to it that the next exchange finds the session as this one has. */
  #tidy(status: string): void {
    if (this.#strayed.size > 0) {
      // What a reset does not bring back is as the server has it now, by a change of its configuration.
      for (const [name, value] of this.#strayed) this.#parameters.set(name, value);
      this.#strayed.clear();
      void this.#runInternally(resetSession, 'first');
    }
    if (status !== 'I') void this.#runInternally([rollback], 'first');
  }

  #onParameter(name: string, value: string): void {
    if (!resettable.has(name)) return;
    if (!this.#loggedIn) this.#parameters.set(name, value);
    else if (this.#parameters.get(name) === value) this.#strayed.delete(name);
    else this.#strayed.set(name, value);
  }

  /**
   * Whether the exchange failed only because what was prepared does not fit any more (the table was
   * changed, the statement is gone), before anything was done that stays.
   */
  #forgetStale(exchange: Exchange, error: PgError): boolean {
    const prepared = exchange.bindings[exchange.at];
    if (!prepared || exchange.bound || exchange.parses.includes(prepared) || !isStale(error.code))
      return false;
    this.#prepared.forget(prepared);
    this.#obsolete.push(prepared.name);
    return !exchange.irrevocable && !exchange.retried;
  }

  #takeRow(exchange: Exchange, buffer: Buffer, start: number, end: number): void {
    const taker = takerOf(exchange);
    if (taker) {
      taker.row(buffer, start, end);
      return;
    }
    exchange.room -= end - start;
    const { allowance } = exchange.wishes;
    if (allowance !== undefined) allowance.bytes -= end - start;
    if (allowance !== undefined && allowance.bytes < 0) this.#refuseRows(exchange);
    else if (exchange.room >= 0) exchange.rows.push(this.#readRow(buffer, start, end));
    else if (exchange.wishes.onOverflow)
      this.#overflow(exchange, exchange.wishes.onOverflow).row(buffer, start, end);
    else this.#refuseRows(exchange);
  }

  #readRow(buffer: Buffer, start: number, end: number): Row {
    return buffer === this.#reused ? readRow(this.#keep(buffer, start, end), 0) : readRow(buffer, start);
  }

  /** Bytes that stay, of what was read. */
  #keep(buffer: Buffer, start: number, end: number): Buffer {
    const bytes = buffer.subarray(start, end);
    return buffer === this.#reused ? Buffer.from(bytes) : bytes;
  }

  /** There are more rows than are kept: what takes them from now on. */
  #overflow(exchange: Exchange, onOverflow: OnOverflow): RowTaker {
    const taker = onOverflow(exchange.rows);
    exchange.rows = [];
    exchange.overflow = taker;
    return taker;
  }

  /** Hands the rows so far of the last statement to their taker. */
  #handRows(exchange: Exchange, onRows: OnRows): void {
    const { rows } = exchange;
    exchange.rows = [];
    this.#waitFor(exchange, () => onRows(rows, exchange.columns));
  }

  /** Lets rows be taken, and reads no more until that is done. */
  #waitFor(exchange: Exchange, take: () => void | Promise<void>): void {
    const refuse = (error: unknown): void => {
      if (exchange.refusal) return;
      exchange.refusal = { error };
      if (!this.closed && this.hasOnly(exchange)) void this.cancel();
    };
    try {
      const taken = take();
      if (!taken) return;
      this.#socket.pause();
      exchange.taking = taken.then(undefined, refuse).then(() => {
        this.#socket.resume();
      });
    } catch (error) {
      refuse(error);
    }
  }

  /** More rows came than were wanted: no more are, and nothing of what was. */
  #refuseRows(exchange: Exchange): void {
    exchange.fail(new ConnectionError('too-long', 'The rows have more bytes than they may.'));
    if (this.hasOnly(exchange)) void this.cancel();
  }

  #onClose(): void {
    if (this.closed) return;
    this.closed = true;
    const cause = this.#lastFatal ?? this.#socketError;
    const reason = new ConnectionError(
      'lost',
      `The connection to the database broke${cause ? `: ${cause.message}` : ''}. Whether what was under way has been done is unknown.`,
      cause,
    );
    this.#lost = reason;
    const unsent = this.#unsent;
    this.#unsent = [];
    this.load = 0;
    this.slowLoad = 0;
    this.backlog = 0;
    for (const exchange of this.#sent.splice(0)) exchange.fail(reason);
    for (const exchange of unsent) if (exchange.wishes.internal) exchange.fail(reason);
    this.#events.onClose(
      this,
      reason,
      unsent.filter((exchange) => !exchange.wishes.internal),
    );
  }
}

/** What takes the rows of the statement at hand; undefined: they are kept. */
const takerOf = (exchange: Exchange): RowTaker | undefined =>
  exchange.overflow ?? (isLast(exchange) ? exchange.wishes.taker : undefined);

const isLast = (exchange: Exchange): boolean => exchange.at === exchange.statements.length - 1;

const wantsRows = (exchange: Exchange): boolean => {
  const wanted = exchange.statements[exchange.at]?.rows;
  if (wanted === 'ignore' || (wanted === 'first' && exchange.rows.length > 0)) return false;
  return exchange.state !== 'settled' && !exchange.refusal;
};
