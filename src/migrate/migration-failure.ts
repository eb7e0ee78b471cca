import type { PgError } from '../db/index.ts';
import type { MigrationFile } from './migration-file.ts';
import { findLine, findPlace, type SourcePlace, skipCharacters } from './source-place.ts';
import type { FileStatement } from './split-statements.ts';

/** Why a file was not applied: plain data, for `printFailure` and for whoever shows it otherwise. */
export type MigrationFailure = {
  /** `migrations/0002_comments.sql` */
  readonly file: string;
  /** Where in the file; undefined: it is about the file as a whole. */
  readonly place: SourcePlace | undefined;
  /** SQLSTATE, where it was Postgres that refused. */
  readonly code: string | undefined;
  readonly message: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** Postgres' call stack, innermost first, for an error inside a function. */
  readonly context: string | undefined;
  /** What to do about it, and what is left behind; a sentence or two each. */
  readonly help: readonly string[];
  /** The file was edited after it had been applied, so that mending it is not what helps. */
  readonly edited?: true;
};

/** A failure of our own finding. */
export const makeFailure = (
  file: MigrationFile,
  message: string,
  help: readonly string[],
  offset?: number,
): MigrationFailure => ({
  file: file.path,
  place: offset === undefined ? undefined : findPlace(file.text, offset),
  code: undefined,
  message,
  detail: undefined,
  hint: undefined,
  context: undefined,
  help,
});

/**
 * The failure that Postgres reported.
 *
 * @param statement the one that failed; undefined: it was the COMMIT
 */
export const readFailure = (
  file: MigrationFile,
  statement: FileStatement | undefined,
  error: PgError,
  help: readonly string[] = [],
): MigrationFailure => ({
  file: file.path,
  place: statement ? findPlace(file.text, findOffset(file.text, statement, error)) : undefined,
  code: error.code,
  message: error.message,
  detail: error.detail,
  hint: error.hint,
  context: error.where,
  help,
});

/** `PL/pgSQL function inline_code_block line 4 at SQL statement`: where in a DO block. */
const blockLine = /\binline_code_block line (\d+)\b/g;

const findOffset = (source: string, statement: FileStatement, error: PgError): number => {
  if (error.position !== undefined) return skipCharacters(source, statement.start, error.position - 1);
  const line = [...(error.where ?? '').matchAll(blockLine)].at(-1)?.[1];
  if (line === undefined || statement.dollarQuote === undefined) return statement.start;
  // PL/pgSQL counts from the line on which its body opens.
  const from = findLine(source, statement.dollarQuote, Number(line));
  const end = statement.start + statement.text.length;
  if (error.internalQuery && error.internalPosition !== undefined) {
    const query = source.slice(0, end).indexOf(error.internalQuery, from);
    if (query >= 0) return skipCharacters(source, query, error.internalPosition - 1);
  }
  const blanks = /^\s*/.exec(source.slice(from, end))?.[0].length ?? 0;
  return from + blanks;
};
