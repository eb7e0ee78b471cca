// The types of `ashlar/test`. The package's own are made of this file, so it imports nothing.

/** A value of a column, as JSON. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Columns by name: a row, or what tells which rows are meant. */
export type Row = { readonly [column: string]: Value };

export type Verb = 'select' | 'insert' | 'update' | 'delete' | 'execute';

/** What somebody sees of a table. */
export type Sight = {
  /** These rows and no others; of each, the columns that are named. */
  readonly exactly: (...rows: readonly Row[]) => Promise<void>;
  /** These rows, and maybe others. */
  readonly including: (...rows: readonly Row[]) => Promise<void>;
  /** None of these rows. */
  readonly without: (...rows: readonly Row[]) => Promise<void>;
  /** No row at all. */
  readonly nothing: () => Promise<void>;
};

/** Somebody, as the policies see them. */
export type Person = {
  /** The claim `sub`, which `auth.uid()` gives. */
  readonly id: string;
  readonly role: string;
  /**
   * Rejects unless they can do it: to all rows of a table that are like `row`, or, for `insert`, add it as it is. For
   * `update`, `values` are what is set; without them a column is set to what it is. For `execute` it is a function and
   * its arguments.
   */
  readonly can: (verb: Verb, relation: string, row?: Row, values?: Row) => Promise<void>;
  /** Rejects if they can do it: to any of the rows that are like `row`. There has to be one. */
  readonly cannot: (verb: Verb, relation: string, row?: Row, values?: Row) => Promise<void>;
  /** What they see of a table: all of it, or the rows that are like `where`. */
  readonly sees: (relation: string, where?: Row) => Sight;
};

/** Rows that were put in, until they are taken out again. */
export type Given = {
  readonly undo: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/**
 * Somebody by name: a role of the database (`anon`, `service_role`), or else a user of the role `authenticated`, whose
 * id is always the same for a name.
 */
export type As = (name: string, claims?: Row) => Person;

/**
 * Puts rows in, as the one who owns the tables: rows by table, or SQL. They stay until they are undone, or until the
 * end of the test file.
 */
export type GivenRows = (rows: { readonly [relation: string]: readonly Row[] } | string) => Promise<Given>;

/** Which project is tested. Default: the folder with migrations above the current one, or ASHLAR_PROJECT. */
export type UseProject = (folder: string) => void;
