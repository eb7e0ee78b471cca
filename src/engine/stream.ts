import { type Outcome, type Row, type RowTaker, releaseLong } from '../db/index.ts';
import type { RowSink } from './answer.ts';
import { emptyCsv, type Framing } from './frame.ts';
import { Pieces } from './pieces.ts';

/** Up to this many bytes are gathered before the answer begins, so that small answers have a length. */
const WHOLE = 256 * 1024;

/** Values of at least this many bytes are passed on as they are: to copy them would take as much memory again. */
const LONG = 256 * 1024;

/** What a statement came to: all of it, or the beginning of much. */
export type Streamed =
  | {
      readonly kind: 'whole';
      readonly bytes: Buffer;
      readonly rows: number;
      readonly total: number | undefined;
      readonly outcomes: readonly Outcome[];
    }
  | {
      readonly kind: 'streamed';
      readonly total: number | undefined;
      readonly pump: (sink: RowSink) => Promise<void>;
    };

/** Where the values of a DataRow begin: behind the number of columns and the length of the first. */
const FIRST = 6;

/** A value of a DataRow; null is NULL. */
const readValue = (buffer: Buffer, start: number, column: number): Buffer | null => {
  let at = start + FIRST;
  let length = buffer.readInt32BE(at - 4);
  for (let i = 0; i < column; i++) {
    at += Math.max(0, length) + 4;
    length = buffer.readInt32BE(at - 4);
  }
  return length < 0 ? null : buffer.subarray(at, at + length);
};

/** Which column of the main statement tells what, beside the first, which is the row. */
export type StreamColumns = {
  /** The total of rows. */
  readonly total: number | undefined;
  /** The line of column names, in the first row. */
  readonly header: number | undefined;
};

/** Frames rows as they come, and holds the server back while they wait to be taken. */
export class RowStream implements RowTaker {
  readonly #framing: Framing;
  readonly #columns: StreamColumns;
  readonly #begin: (streamed: Streamed) => void;
  readonly #pieces = new Pieces();
  #rows = 0;
  #total: number | undefined;
  #sink: RowSink | undefined;
  /** Lets the server go on: there is a sink, or there will be none. */
  #attach: (() => void) | undefined;
  #settle: { readonly finish: () => void; readonly fail: (error: unknown) => void } | undefined;

  /** @param begin called as soon as there is more than is gathered */
  constructor(framing: Framing, columns: StreamColumns, begin: (streamed: Streamed) => void) {
    this.#framing = framing;
    this.#columns = columns;
    this.#begin = begin;
    this.#pieces.copy(framing.open);
  }

  row = (buffer: Buffer, start: number): void => {
    const { total, header } = this.#columns;
    if (this.#rows === 0 && header !== undefined) this.#head(readValue(buffer, start, header));
    if (total !== undefined && this.#total === undefined) this.#tell(readValue(buffer, start, total));
    const length = buffer.readInt32BE(start + FIRST - 4);
    if (!this.#begins(length < 0)) return;
    const at = start + FIRST;
    if (length < LONG) this.#pieces.copy(buffer, at, at + length);
    else this.#pieces.pass(buffer.subarray(at, at + length), () => releaseLong(buffer));
  };

  /** Adds a row that was read already. */
  add(row: Row): void {
    const { total, header } = this.#columns;
    if (this.#rows === 0 && header !== undefined) this.#head(row[header] ?? null);
    if (total !== undefined && this.#total === undefined) this.#tell(row[total] ?? null);
    const value = row[0] ?? null;
    if (this.#begins(value === null) && value !== null) this.#pieces.copy(value);
  }

  #head(names: Buffer | null): void {
    if (names === null) return;
    this.#pieces.copy(names);
    this.#pieces.copy(this.#framing.between);
  }

  #tell(total: Buffer | null): void {
    if (total !== null) this.#total = Number(total.toString('latin1'));
  }

  /** Begins a row; false if there is nothing more to it. */
  #begins(isNull: boolean): boolean {
    const { nothing, between } = this.#framing;
    if (isNull && nothing === undefined) return false;
    if (this.#rows > 0) this.#pieces.copy(between);
    this.#rows++;
    if (isNull) this.#pieces.copy(nothing as Buffer);
    return !isNull;
  }

  /** Rows so far. */
  get rows(): number {
    return this.#rows;
  }

  /** The total of rows, as the first of them told it. */
  get total(): number | undefined {
    return this.#total;
  }

  flush = (): void | Promise<void> => {
    if (this.#settle === undefined && this.#pieces.size > WHOLE) return this.#start();
    return this.#handOver();
  };

  #handOver(): void | Promise<void> {
    if (this.#sink !== undefined && this.#pieces.full) return this.#pieces.handTo(this.#sink, false);
  }

  async #start(): Promise<void> {
    const pumped = new Promise<void>((finish, fail) => {
      this.#settle = { finish, fail };
    });
    // The failure is told through `pump`; nobody else waits for it.
    pumped.catch(() => {});
    await new Promise<void>((attached) => {
      this.#attach = attached;
      this.#begin({
        kind: 'streamed',
        total: this.#total,
        pump: (sink) => {
          this.#sink = sink;
          attached();
          return pumped;
        },
      });
    });
    await this.#handOver();
  }

  /** The statement is over. */
  async finish(outcomes: readonly Outcome[]): Promise<void> {
    this.#pieces.copy(this.#framing.close);
    if (this.#settle === undefined) {
      const bare = this.#columns.header !== undefined && this.#rows === 0;
      const bytes = bare ? emptyCsv : this.#pieces.take();
      this.#begin({ kind: 'whole', bytes, rows: this.#rows, total: this.#total, outcomes });
      return;
    }
    try {
      if (this.#sink !== undefined) await this.#pieces.handTo(this.#sink, true);
      this.#settle.finish();
    } catch (error) {
      this.#settle.fail(error);
    }
  }

  /** The statement has failed; false if nobody was told of its rows yet, and the failure can be the answer. */
  fail(error: unknown): boolean {
    this.#settle?.fail(error);
    this.#attach?.();
    return this.#settle !== undefined;
  }
}

/**
 * Runs a statement whose answer may be long. If it is short, it is gathered; if not, the rows wait
 * in Postgres until `pump` takes them, and no more is read than it takes.
 *
 * @param run starts the statement and passes its rows to its argument
 */
export const streamRows = (
  run: (taker: RowTaker) => Promise<readonly Outcome[]>,
  framing: Framing,
  columns: StreamColumns,
): Promise<Streamed> =>
  new Promise((resolve, reject) => {
    const stream = new RowStream(framing, columns, resolve);
    run(stream).then(
      (outcomes) => stream.finish(outcomes),
      (error) => {
        if (!stream.fail(error)) reject(error);
      },
    );
  });
