/**
 * One SQL statement with its values.
 *
 * @example { text: 'select title from public.posts where id = $1', key: 'web_anon:posts-by-id', params: ['7'] }
 */
export type Statement = {
  /** SQL with `$1 …`. */
  readonly text: string;
  /**
   * Prepared under this key once per connection. The same key must always stand for the same text and
   * types; a plan depends on the role that runs it, so callers put the role into the key.
   * Undefined: parsed each time, and nothing is pipelined behind it, for it may be anything.
   */
  readonly key: string | undefined;
  /** Values in Postgres' text format, UTF-8: a string, its bytes, or null. */
  readonly params: readonly Param[];
  /** Type oids of the parameters for Parse; 0 or undefined: inferred. */
  readonly paramTypes?: readonly number[];
  /**
   * `ignore`: rows are skipped, where only the effect counts. `first`: all but one are, the command tag tells how
   * many there were. Default `collect`.
   */
  readonly rows?: 'collect' | 'first' | 'ignore';
  /** Ask for the names and types of the columns (costs a message). Default false. */
  readonly describe?: boolean;
};

export type Param = string | Uint8Array | null;

/** The values of a row as Postgres sent them: text format, UTF-8 bytes; null is NULL. */
export type Row = readonly (Buffer | null)[];

/** A column of a result (RowDescription). */
export type Column = {
  readonly name: string;
  /** Oid of the table and number of the attribute it comes from; 0 if from none. */
  readonly table: number;
  readonly attribute: number;
  /** Oid of the type and its modifier (-1: none). */
  readonly type: number;
  readonly modifier: number;
};

/** What one statement came to. */
export type Outcome = {
  readonly rows: readonly Row[];
  /** The command tag: `INSERT 0 3`, `SELECT 1`; empty for an empty statement. */
  readonly command: string;
  /** Where `describe` was asked for and the statement gives rows. */
  readonly columns: readonly Column[] | undefined;
};

/** The number of rows a command tag tells of; 0 if it tells none. */
export const countAffected = (command: string): number => {
  const count = Number(command.slice(command.lastIndexOf(' ') + 1));
  return Number.isInteger(count) ? count : 0;
};
