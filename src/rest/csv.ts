import { setImmediate as turn } from 'node:timers/promises';
import type * as CsvParse from 'csv-parse/sync';
import { type CancelSignal, loadLate, refuse } from '../base/index.ts';

const parser = loadLate<typeof CsvParse>('csv-parse/sync');

/** The rows of a CSV body as JSON will hold them: text, and null for the bare word NULL. */
export type CsvRows = {
  readonly columns: readonly string[];
  /** A JSON array of objects. */
  readonly json: string;
};

/** About so many bytes are read in one go: a few hundredths of a second, while others wait. */
const SLICE = 64 * 1024;

const QUOTE = 34;
const CR = 13;
const LF = 10;

type Delimiter = '\n' | '\r\n' | '\r';

/** What ends the first line, as it ends all of them; undefined: there is one line only. */
const findDelimiter = (bytes: Buffer): Delimiter | undefined => {
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && byte === LF) return '\n';
    else if (!quoted && byte === CR) return bytes[at + 1] === LF ? '\r\n' : '\r';
  }
  return undefined;
};

/** Behind the first line that ends at least a slice after `start`. Within quotes no line ends. */
const findSliceEnd = (bytes: Buffer, start: number, delimiter: Delimiter): number => {
  const last = delimiter === '\r' ? CR : LF;
  let quoted = false;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) quoted = !quoted;
    else if (
      byte === last &&
      !quoted &&
      at - start >= SLICE &&
      (delimiter !== '\r\n' || bytes[at - 1] === CR)
    )
      return at + 1;
  }
  return bytes.length;
};

/** Reads the lines of slices, the first of which begins with the names of the columns. */
class CsvReader {
  #columns: readonly string[] | undefined;
  readonly #rows: string[] = [];
  readonly #delimiter: Delimiter | undefined;

  constructor(delimiter: Delimiter | undefined) {
    this.#delimiter = delimiter;
  }

  add(slice: Buffer): void {
    const first = this.#columns === undefined;
    for (const line of this.#parse(slice, first)) {
      const columns = this.#columns;
      if (columns === undefined) {
        this.#columns = line;
        continue;
      }
      if (line.length !== columns.length)
        refuse('PGRST102', { message: 'All lines must have same number of fields' });
      const row: { [column: string]: string | null } = Object.fromEntries(
        columns.map((column, i) => [column, line[i] === 'NULL' ? null : (line[i] ?? '')]),
      );
      this.#rows.push(JSON.stringify(row));
    }
  }

  #parse(slice: Buffer, first: boolean): string[][] {
    try {
      return parser().parse(slice, {
        bom: first,
        relax_column_count: true,
        skip_empty_lines: true,
        ...(this.#delimiter === undefined ? {} : { record_delimiter: this.#delimiter }),
      });
    } catch (error) {
      return refuse('PGRST102', { message: error instanceof Error ? error.message : 'Invalid CSV' });
    }
  }

  finish(): CsvRows {
    const columns = this.#columns ?? refuse('PGRST102', { message: 'not enough input' });
    return { columns, json: `[${this.#rows.join(',')}]` };
  }
}

/** Whether a body is better read with pauses. */
export const isLongCsv = (bytes: Buffer): boolean => bytes.length > SLICE;

/**
 * Reads CSV with a header line (RFC 4180).
 *
 * @throws PGRST102 where lines have different numbers of fields, or quotes do not match
 */
export const parseCsv = (bytes: Buffer): CsvRows => {
  const reader = new CsvReader(findDelimiter(bytes));
  reader.add(bytes);
  return reader.finish();
};

/**
 * Reads CSV as `parseCsv` does, with pauses in which others are served; a line number in an error counts from the
 * last pause.
 *
 * @param signal gives up, with its reason
 */
export const parseLongCsv = async (bytes: Buffer, signal: CancelSignal): Promise<CsvRows> => {
  const delimiter = findDelimiter(bytes);
  const reader = new CsvReader(delimiter);
  for (let start = 0; start < bytes.length; ) {
    const end = findSliceEnd(bytes, start, delimiter ?? '\n');
    reader.add(bytes.subarray(start, end));
    start = end;
    await turn();
    if (signal.aborted) throw signal.reason;
  }
  return reader.finish();
};
