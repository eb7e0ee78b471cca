import type { KnownStatement } from './known-statement.ts';
import type { PgError, PgErrorFields } from './pg-error.ts';
import type { PreparedStatement } from './prepared-statements.ts';
import type { Column, Outcome, Row, Statement } from './statement.ts';

/**
 * Takes rows as they come, all that one chunk of the network had. While the promise it gives is
 * pending, no more is read from the server.
 */
export type OnRows = (rows: readonly Row[], columns: readonly Column[] | undefined) => void | Promise<void>;

/**
 * Takes rows as they come, without anything being made of them: many rows cost nothing but their bytes.
 * `row` gets the body of each DataRow message and must not throw. The bytes are there during the call only, but
 * those of a message of more than 256 KiB are the taker's own (see `releaseLong`). `flush` is called when all that
 * one chunk of the network had has been passed; no more is read from the server while its promise is pending.
 */
export type RowTaker = {
  readonly row: (buffer: Buffer, start: number, end: number) => void;
  readonly flush: () => void | Promise<void>;
};

/** Takes the rows that are there, and gives what takes those that still come. */
export type OnOverflow = (rows: readonly Row[]) => RowTaker;

/** Bytes of rows that may still come, of several exchanges. */
export type Allowance = { bytes: number };

/** What an exchange is to do beside running its statements. */
export type ExchangeWishes = {
  /** Takes the rows of the last statement. */
  readonly onRows?: OnRows | undefined;
  readonly taker?: RowTaker | undefined;
  /** Takes what the server says beside (RAISE NOTICE, warnings). */
  readonly onNotice?: ((notice: PgErrorFields) => void) | undefined;
  /** Bytes that its rows may have; with more it fails and what still comes is dropped, unless `onOverflow` is there. */
  readonly maxBytes?: number | undefined;
  /** Gets the rows of the statement that has more of them than `maxBytes`; what it gives takes the others. */
  readonly onOverflow?: OnOverflow | undefined;
  /** Bytes that its rows may have together with those of all others that have the same. */
  readonly allowance?: Allowance | undefined;
  /** Nothing may be sent behind it before it is answered. */
  readonly alone?: boolean;
  /** It may be sent behind others and have others sent behind it, whatever it is: they all are one holder's. */
  readonly eager?: boolean;
  /** The first so many statements are ours and of no interest to the caller. */
  readonly preamble?: number;
  /** Of the connection itself: errors are of no interest, and no other connection can do it. */
  readonly internal?: boolean;
};

/** The connection that an exchange was assigned to, as far as the exchange is concerned. */
export type Carrier = {
  /** Takes the exchange back, if it was not sent. */
  readonly withdraw: (exchange: Exchange) => void;
  /** Whether the exchange is all that the server has of us on it. */
  readonly hasOnly: (exchange: Exchange) => boolean;
  readonly cancel: () => Promise<void>;
};

/**
 * Statements that are sent with one Sync, which Postgres runs as one implicit transaction, and what
 * has come back of them so far. Changed by the connection it runs on and by no one else.
 */
export class Exchange {
  statements: readonly Statement[];
  /** For each statement with a key, what the pool knows of it. */
  known: readonly (KnownStatement | undefined)[];
  /** Called once, just before it is sent; may replace its statements. */
  amend: (() => void) | undefined;
  readonly wishes: ExchangeWishes;
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (error: unknown) => void;

  state: 'waiting' | 'assigned' | 'sent' | 'settled' = 'waiting';
  /** It may take long: better that nothing is put behind it. */
  slow = false;
  /** How long it will take, in ms, when it comes to it. */
  expected = 0;
  /** Nothing else was under way on its connection when it came there. */
  first = false;
  /** When it came to the pool (`performance.now()`). */
  since = 0;
  /** On which it was last assigned. */
  carrier: Carrier | undefined;
  /** Index of the statement that the next message is about. */
  at = 0;
  /** BindComplete of that statement has come. */
  bound = false;
  outcomes: Outcome[] = [];
  rows: Row[] = [];
  /** Bytes of rows that may still come. */
  room: number;
  /** What takes the rows of this statement, as there are too many to be kept. */
  overflow: RowTaker | undefined;
  columns: Column[] | undefined;
  error: PgError | undefined;
  /** Something was done that a failure later in the exchange cannot undo. */
  irrevocable = false;
  /** Under what each statement was bound; undefined: unnamed. */
  bindings: (PreparedStatement | undefined)[] = [];
  /** What its Parse messages prepare, in order; undefined: the unnamed statement. */
  parses: (PreparedStatement | undefined)[] = [];
  /** How many ParseComplete have come. */
  parsed = 0;
  /** It has been sent twice. */
  retried = false;
  /** The taker of rows is busy with the last ones. */
  taking: Promise<void> | undefined;
  /** Why the taker of rows failed. */
  refusal: { readonly error: unknown } | undefined;

  constructor(
    statements: readonly Statement[],
    known: readonly (KnownStatement | undefined)[],
    wishes: ExchangeWishes,
    resolve: (outcomes: Outcome[]) => void,
    reject: (error: unknown) => void,
  ) {
    this.statements = statements;
    this.known = known;
    this.wishes = wishes;
    this.room = wishes.maxBytes ?? Number.POSITIVE_INFINITY;
    this.resolve = resolve;
    this.reject = reject;
  }

  /** Other statements instead, while it has not been sent. */
  replace(statements: readonly Statement[], known: readonly (KnownStatement | undefined)[]): void {
    this.statements = statements;
    this.known = known;
  }

  /** Tells how it ended, once. */
  settle(): void {
    if (this.state === 'settled') return;
    this.state = 'settled';
    if (this.refusal) this.reject(this.refusal.error);
    else if (this.error) this.reject(this.error);
    else this.resolve(this.wishes.preamble ? this.outcomes.slice(this.wishes.preamble) : this.outcomes);
  }

  /** Ends it with an error of ours, once. What still comes of it is dropped. */
  fail(error: unknown): void {
    if (this.state === 'settled') return;
    this.state = 'settled';
    this.rows = [];
    this.reject(error);
  }

  /** Ready to be sent once more. */
  rewind(): void {
    this.at = 0;
    this.bound = false;
    this.outcomes = [];
    this.rows = [];
    this.room = this.wishes.maxBytes ?? Number.POSITIVE_INFINITY;
    this.columns = undefined;
    this.error = undefined;
    this.bindings = [];
    this.parses = [];
    this.parsed = 0;
    this.retried = true;
  }
}
