import { releaseMemory } from '../base/index.ts';
import { isAlone, type Row } from '../db/index.ts';
import type { Output } from '../plan/index.ts';
import type { RowSink } from './answer.ts';

/** The bytes around and between the rows of an answer. */
export type Framing = {
  readonly open: Buffer;
  readonly between: Buffer;
  readonly close: Buffer;
  /** What stands for a row that is NULL; undefined: nothing at all. */
  readonly nothing: Buffer | undefined;
};

const framing = (open: string, between: string, close: string, nothing: string | undefined): Framing => ({
  open: Buffer.from(open),
  between: Buffer.from(between),
  close: Buffer.from(close),
  nothing: nothing === undefined ? undefined : Buffer.from(nothing),
});

// Postgres' own json_agg stands between rows as these four characters do.
const ARRAY = framing('[', ', \n ', ']', 'null');
const FEATURES = framing('{"type" : "FeatureCollection", "features" : [', ', ', ']}', undefined);
const LINES = framing('', '\n', '', '');

/** How the rows of an output mode are framed; undefined where there is one value, or none. */
export const framingOf = (output: Output): Framing | undefined => {
  switch (output.mode) {
    case 'rows':
      return ARRAY;
    case 'geojson':
      return FEATURES;
    case 'csv':
      return LINES;
    case 'value':
    case 'handler':
    case 'none':
      return undefined;
  }
};

/** Rows of at least this many bytes are handed over as they are; to copy them would cost as much memory again. */
const LONG = 256 * 1024;

/** Copies bytes into memory of their own. */
const join = (chunks: readonly Buffer[]): Buffer => {
  let size = 0;
  for (const chunk of chunks) size += chunk.length;
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const chunk of chunks) at += chunk.copy(bytes, at);
  return bytes;
};

const release = (bytes: Buffer) => (): void => releaseMemory(bytes.buffer);

/**
 * Puts rows together, keeping count. `take` gives what has come since the last time, `handTo` hands it over bit
 * by bit.
 */
export class Frame {
  readonly #framing: Framing;
  #chunks: Buffer[];
  /** Those of the chunks that are long, and alone in their memory. */
  readonly #alone = new Set<Buffer>();
  /** Rows so far. */
  rows = 0;
  /** Bytes that wait to be taken. */
  size: number;

  constructor(framingToUse: Framing) {
    this.#framing = framingToUse;
    this.#chunks = [framingToUse.open];
    this.size = framingToUse.open.length;
  }

  /** Adds one row's bytes, those of its first column. */
  add(row: Row): void {
    const value = row[0];
    const bytes = value ?? this.#framing.nothing;
    if (bytes === undefined) return;
    if (this.rows > 0) {
      this.#chunks.push(this.#framing.between);
      this.size += this.#framing.between.length;
    }
    this.rows++;
    if (bytes.length >= LONG && isAlone(row)) this.#alone.add(bytes);
    this.#chunks.push(bytes);
    this.size += bytes.length;
  }

  /** The line of column names, which comes with the first row. */
  head(value: Buffer): void {
    this.#chunks.push(value, this.#framing.between);
    this.size += value.length + this.#framing.between.length;
  }

  close(): void {
    this.#chunks.push(this.#framing.close);
    this.size += this.#framing.close.length;
  }

  /** What has come so far, in one piece; it is copied, as rows are views of what the network gave. */
  take(): Buffer {
    const bytes = Buffer.concat(this.#chunks, this.size);
    this.#clear();
    return bytes;
  }

  /** Hands over what has come so far: long rows as they are, the others copied together. */
  async handTo(sink: RowSink): Promise<void> {
    const chunks = this.#chunks;
    this.#clear();
    let from = 0;
    for (let i = 0; i <= chunks.length; i++) {
      const chunk = chunks[i];
      if (chunk !== undefined && !this.#alone.has(chunk)) continue;
      if (i > from) {
        const bytes = join(chunks.slice(from, i));
        await sink(bytes, release(bytes));
      }
      if (chunk !== undefined) {
        this.#alone.delete(chunk);
        await sink(chunk, release(chunk));
      }
      from = i + 1;
    }
  }

  #clear(): void {
    this.#chunks = [];
    this.size = 0;
  }
}

const NEWLINE = Buffer.from('\n');

/** Adds rows as the main statement gives them: the row first, for CSV the header beside the first. */
export const addRows = (frame: Frame, rows: readonly Row[], csv: boolean): void => {
  for (const row of rows) {
    if (csv && frame.rows === 0 && row[1]) frame.head(row[1]);
    frame.add(row);
  }
};

/** CSV of no rows is an empty header line. */
export const emptyCsv = NEWLINE;
