import type { Row } from '../db/index.ts';
import type { Output } from '../plan/index.ts';

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

/** Puts the rows of a short answer together; `streamRows` does so for long ones. */
export class Frame {
  readonly #framing: Framing;
  readonly #chunks: Buffer[];
  /** Rows so far. */
  rows = 0;
  #size: number;

  constructor(framingToUse: Framing) {
    this.#framing = framingToUse;
    this.#chunks = [framingToUse.open];
    this.#size = framingToUse.open.length;
  }

  /** Adds one row's bytes. */
  add(value: Buffer | null | undefined): void {
    const bytes = value ?? this.#framing.nothing;
    if (bytes === undefined) return;
    if (this.rows > 0) {
      this.#chunks.push(this.#framing.between);
      this.#size += this.#framing.between.length;
    }
    this.rows++;
    this.#chunks.push(bytes);
    this.#size += bytes.length;
  }

  /** The line of column names, which comes with the first row. */
  head(value: Buffer): void {
    this.#chunks.push(value, this.#framing.between);
    this.#size += value.length + this.#framing.between.length;
  }

  close(): void {
    this.#chunks.push(this.#framing.close);
    this.#size += this.#framing.close.length;
  }

  /** All of it in one piece; it is copied, as rows are views of what the network gave. */
  take(): Buffer {
    return Buffer.concat(this.#chunks, this.#size);
  }
}

const NEWLINE = Buffer.from('\n');

/** Adds rows as the main statement gives them: the row first, for CSV the header beside the first. */
export const addRows = (frame: Frame, rows: readonly Row[], csv: boolean): void => {
  for (const row of rows) {
    if (csv && frame.rows === 0 && row[1]) frame.head(row[1]);
    frame.add(row[0]);
  }
};

/** CSV of no rows is an empty header line. */
export const emptyCsv = NEWLINE;
