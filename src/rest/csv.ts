import { parse } from 'csv-parse/sync';
import { refuse } from '../base/index.ts';

/** The rows of a CSV body as JSON will hold them: text, and null for the bare word NULL. */
export type CsvRows = {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly [column: string]: string | null }[];
};

/**
 * Reads CSV with a header line (RFC 4180).
 *
 * @throws PGRST102 where lines have different numbers of fields, or quotes do not match
 */
export const parseCsv = (bytes: Buffer): CsvRows => {
  let lines: string[][];
  try {
    lines = parse(bytes, { bom: true, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    return refuse('PGRST102', { message: error instanceof Error ? error.message : 'Invalid CSV' });
  }
  const [columns, ...records] = lines;
  if (columns === undefined) return refuse('PGRST102', { message: 'not enough input' });
  if (records.some((record) => record.length !== columns.length))
    return refuse('PGRST102', { message: 'All lines must have same number of fields' });
  return {
    columns,
    rows: records.map((record) =>
      Object.fromEntries(
        columns.map((column, i) => [column, record[i] === 'NULL' ? null : (record[i] ?? '')]),
      ),
    ),
  };
};
