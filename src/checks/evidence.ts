import type { AttributeNumber, Grant, Oid } from '../model/index.ts';

/**
 * What the checks look at beside the model: facts of the catalog that no request needs. Plain data, read in
 * one go (`readEvidence` of the catalog).
 */
export type Evidence = {
  /** The relations that each view or materialized view reads itself, not those below them. */
  readonly reads: readonly { readonly view: Oid; readonly relation: Oid }[];
  /** Relations and functions that an extension has made, and so answers for. */
  readonly extensionRelations: readonly Oid[];
  readonly extensionRoutines: readonly Oid[];
  readonly extensions: readonly Extension[];
  /** Of tables and materialized views; those that are being built or were left invalid are not among them. */
  readonly indexes: readonly Index[];
  readonly sequences: readonly Sequence[];
  /** Those that may change a row before it is inserted, and are not switched off. */
  readonly insertTriggers: readonly {
    readonly relation: Oid;
    readonly name: string;
    readonly routine: Oid;
  }[];
  readonly routineSources: readonly RoutineSource[];
  /** Who may create things in a schema; the owner is not among them. */
  readonly creators: readonly { readonly schema: string; readonly roles: readonly string[] }[];
  /** How tables have been used since the statistics were begun; empty where nothing was ever counted. */
  readonly usage: readonly TableUsage[];
  /** The ids of buckets of files that anyone may read who knows the names in them. */
  readonly publicBuckets: readonly string[];
};

/** What is looked at to find what is open: the part of it that is read often. */
export type ExposureEvidence = Pick<Evidence, 'reads' | 'extensionRelations'>;

export type Extension = {
  readonly name: string;
  readonly schema: string;
  readonly version: string;
  /** The version that the server would install now; null: it has none to install. */
  readonly available: string | null;
};

export type Index = {
  readonly oid: Oid;
  readonly name: string;
  readonly relation: Oid;
  /** Its key in order; 0 is an expression. */
  readonly columns: readonly AttributeNumber[];
  /** `btree`, `gin`, … */
  readonly method: string;
  readonly unique: boolean;
  /** It stands behind a primary key, a unique or an exclusion constraint. */
  readonly constraint: boolean;
  /** Only rows of which this holds are in it. */
  readonly predicate: string | null;
  /** All of `CREATE INDEX` but the names of the index and the table: the same for two that are the same. */
  readonly shape: string;
  /** How often it was used since the statistics were begun. */
  readonly scans: number;
};

export type Sequence = {
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly grants: readonly Grant[];
};

export type RoutineSource = {
  readonly routine: Oid;
  readonly language: string;
  /** The arguments' types as they stand in ALTER FUNCTION: `text, integer`. */
  readonly signature: string;
  /** What stands between its quotes; empty for the standard form. */
  readonly body: string;
  /** The whole CREATE FUNCTION statement. */
  readonly definition: string;
  /** `BEGIN ATOMIC …` or `RETURN …`: names were resolved when it was made. */
  readonly standard: boolean;
};

export type TableUsage = {
  readonly relation: Oid;
  readonly rows: number;
  /** How often it was read, by an index or as a whole. */
  readonly scans: number;
};
