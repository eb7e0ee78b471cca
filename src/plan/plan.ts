import type { QualifiedName } from '../base/index.ts';
import type { Relationship } from '../model/index.ts';
import type { Aggregate, JsonStep, Operation, Slot } from '../request/index.ts';

/**
 * A value that a statement takes at run time. Which literal it is stands in the request's slots, so
 * one plan serves every request of its shape.
 */
export type Param =
  /** A literal of the query string. */
  | { readonly from: 'slot'; readonly slot: Slot; readonly as: 'text' | 'pattern' | 'list' }
  /** Part of the shape: what a JSON path is made of, a text search configuration. */
  | { readonly from: 'shape'; readonly as: 'key' | 'index' | 'language'; readonly text: string }
  /** The body: rows or arguments as JSON, or text, or bytes. */
  | { readonly from: 'body'; readonly as: 'json' | 'text' | 'bytes' }
  /** The page of the target: `limit` and `offset` together with the Range header and the maximum. */
  | { readonly from: 'page'; readonly part: 'limit' | 'offset' }
  /** `If-Match`: the versions, as a list; `If-Unmodified-Since`: seconds since 1970. */
  | { readonly from: 'condition'; readonly part: 'match' | 'unmodified' }
  /** A number that is part of the plan. */
  | { readonly from: 'number'; readonly value: number }
  /** A page of an embedded resource. */
  | { readonly from: 'limit'; readonly slot: Slot | undefined; readonly max: number | undefined }
  | { readonly from: 'offset'; readonly slot: Slot }
  /** One argument of a routine: from the query string (by slot) or from a form. */
  | { readonly from: 'argument'; readonly name: string; readonly variadic: boolean };

/** What stands for a column: the column itself, a path into it, or what a representation makes of it. */
export type ColumnExpression = {
  /** `*`: all columns. */
  readonly name: string;
  readonly path: readonly JsonStep[];
  /** Whether the value has to become jsonb before the path can lead into it. */
  readonly toJson: boolean;
  /** Full text search: the column becomes a tsvector, in this configuration. */
  readonly search: { readonly language: string | undefined } | undefined;
  /** Applied to the column (output) or to the literal (filters) or to the payload's field (writes). */
  readonly transform: QualifiedName | undefined;
  /** The whole row, as `count(row)` in a spread needs it. */
  readonly wholeRow: boolean;
};

export type SelectColumn = {
  readonly column: ColumnExpression;
  /** The SQL name of a type of the model. */
  readonly cast: string | undefined;
  readonly aggregate: Aggregate | undefined;
  readonly aggregateCast: string | undefined;
  readonly alias: string | undefined;
};

/** An operation of the request, with its literals. */
export type Predicate =
  | {
      readonly kind: 'filter';
      readonly column: ColumnExpression;
      readonly negated: boolean;
      readonly operation: Operation;
    }
  | {
      readonly kind: 'logic';
      readonly operator: 'and' | 'or';
      readonly negated: boolean;
      readonly terms: readonly Predicate[];
    }
  /** `projects=is.null`: the embedded resource has no row (or, negated, has one). */
  | { readonly kind: 'embed-null'; readonly negated: boolean; readonly embed: string }
  /** `If-Match`: the row, as this caller sees it, is one of these versions. */
  | { readonly kind: 'version'; readonly columns: readonly string[] }
  /** `If-Unmodified-Since`: the column is no later. */
  | { readonly kind: 'unmodified'; readonly column: string }
  /** `If-None-Match: *` where nothing can be created: no row is to be there. */
  | { readonly kind: 'never' };

export type OrderItem = {
  /** The embed by whose column the rows are ordered (its `as`), or the rows' own column. */
  readonly embed: string | undefined;
  readonly column: ColumnExpression;
  readonly direction: 'asc' | 'desc' | undefined;
  readonly nulls: 'first' | 'last' | undefined;
};

/** A column of a spread embed as its parent selects it. */
export type SpreadColumn = {
  readonly name: string;
  readonly aggregate: Aggregate | undefined;
  readonly aggregateCast: string | undefined;
  readonly alias: string | undefined;
};

export type Embed = {
  readonly relationship: Relationship;
  /** The key under which clients find it. */
  readonly name: string;
  /** The name of its lateral subquery, unique among its siblings. */
  readonly as: string;
  readonly mode: 'object' | 'array' | 'spread-one' | 'spread-many';
  /** Rows of the parent without it are left out. */
  readonly inner: boolean;
  /** Nothing of it is shown; it only filters. */
  readonly hidden: boolean;
  /** The parent's columns that it brings, if it is spread. */
  readonly columns: readonly SpreadColumn[];
  /** Only spread-many: columns selected for the sake of the order, and the order of its arrays. */
  readonly orderColumns: readonly { readonly embed: string | undefined; readonly select: SelectColumn }[];
  readonly arrayOrder: readonly OrderItem[];
  readonly read: ReadPlan;
};

/** The row that a path names. */
export type ItemPlan = {
  readonly relation: QualifiedName;
  /** The name that its columns are qualified with. */
  readonly alias: string;
  /** What makes it the row that is meant: its primary key. */
  readonly key: readonly Predicate[];
  /** Of the key's columns, in the order of the path: the types below all domains. */
  readonly keyTypes: readonly string[];
};

/** What the version of a row is told by. */
export type VersionPlan = {
  /** The columns that the caller may see, `*` for all: the row has another version exactly when one of them changes. */
  readonly columns: readonly string[];
  /** The column that says when the row was changed, if the table's comment names one. */
  readonly modified: string | undefined;
};

/** Where the rows come from. */
export type Source =
  | { readonly kind: 'relation'; readonly relation: QualifiedName }
  /** The rows that are related to an item. */
  | { readonly kind: 'related'; readonly relationship: Relationship; readonly parent: ItemPlan }
  /** The rows of the write or call that runs first. */
  | { readonly kind: 'result' };

export type Page = { readonly limit: Param | undefined; readonly offset: Param | undefined };

/** What to read from one resource, and what is embedded in it. */
export type ReadPlan = {
  readonly source: Source;
  /** The name that columns are qualified with. */
  readonly alias: string;
  readonly columns: readonly SelectColumn[];
  readonly where: readonly Predicate[];
  readonly order: readonly OrderItem[];
  readonly page: Page;
  readonly embeds: readonly Embed[];
};

/** A field of the payload. */
export type PayloadColumn = {
  readonly name: string;
  /** As `format_type` prints it. */
  readonly type: string;
  /** The expression used where the payload lacks it, with `Prefer: missing=default`. */
  readonly default: string | undefined;
  readonly transform: QualifiedName | undefined;
};

/** A column whose value is not the body's to say. */
export type FixedColumn = {
  readonly name: string;
  /** As `format_type` prints it. */
  readonly type: string;
  readonly value:
    | { readonly from: 'slot'; readonly slot: Slot }
    /** The column of the item that what is written is related to. */
    | { readonly from: 'parent'; readonly column: string };
};

/** How the payload's JSON is to be read. */
export type PayloadForm = 'object' | 'array';

export type WritePlan = {
  readonly kind: 'insert' | 'update' | 'delete';
  readonly relation: QualifiedName;
  readonly payload: PayloadForm;
  readonly columns: readonly PayloadColumn[];
  readonly applyDefaults: boolean;
  readonly conflict:
    | { readonly resolution: 'merge' | 'ignore'; readonly columns: readonly string[] }
    | undefined;
  /** Which rows to change; for PUT, what the payload's row has to be. */
  readonly where: readonly Predicate[];
  /** PUT: the row is named by its key. */
  readonly byKey: boolean;
  /** Columns that the answer needs; empty if none. */
  readonly returning: readonly string[];
  /** Count what was inserted, not updated. */
  readonly countInserted: boolean;
  /** Columns that the path gives. */
  readonly fixed?: readonly FixedColumn[] | undefined;
  /** What the payload's row has to be, where it is not what is filtered. */
  readonly bodyWhere?: readonly Predicate[] | undefined;
  /** PUT on an item: columns that the body leaves out and that get their defaults. */
  readonly resets?: readonly string[] | undefined;
  /** The item that what is written is related to: without it nothing is written. */
  readonly parent?: ItemPlan | undefined;
};

/** The column that a routine's single value has. */
export const SCALAR = 'pgrst_scalar';

export type CallPlan = {
  readonly routine: QualifiedName;
  readonly arguments:
    | { readonly kind: 'none' }
    /** One unnamed parameter takes the body. */
    | { readonly kind: 'body'; readonly type: string }
    /** Named arguments, each a value of its own. */
    | { readonly kind: 'direct'; readonly parameters: readonly CallParameter[] }
    /** Named arguments, read from a JSON body. */
    | {
        readonly kind: 'json';
        readonly payload: PayloadForm;
        readonly parameters: readonly CallParameter[];
      };
  /** One value, not a row. */
  readonly scalar: boolean;
  readonly isVoid: boolean;
  readonly volatile: boolean;
  /** Columns that the answer needs; empty: all. */
  readonly returning: readonly string[];
};

export type CallParameter = { readonly name: string; readonly type: string; readonly variadic: boolean };

/** In what form the answer is made. */
export type Output =
  /** No rows are shown. */
  | { readonly mode: 'none' }
  /** One JSON value a row, framed by us as an array. */
  | { readonly mode: 'rows'; readonly stripNulls: boolean }
  /** One JSON value, from the first row; `null` if there is none. */
  | { readonly mode: 'value'; readonly stripNulls: boolean }
  /** One text line a row, and a header line. */
  | { readonly mode: 'csv' }
  /** GeoJSON features, framed by us as a collection. */
  | { readonly mode: 'geojson' }
  /** One value that a function of the database makes of all rows; undefined: the value as it is. */
  | {
      readonly mode: 'handler';
      readonly function: QualifiedName | undefined;
      readonly relation: QualifiedName | undefined;
    };

/** Postgres' plan instead of the rows. */
export type Explain = {
  readonly format: 'text' | 'json';
  readonly options: readonly ('analyze' | 'verbose' | 'settings' | 'buffers' | 'wal')[];
};

/** A reason to roll back after the statement has run. */
export type Guard =
  /** Exactly one row must come: PGRST116. */
  | { readonly kind: 'single' }
  /** No more rows than `Prefer: max-affected` allows: PGRST124. */
  | { readonly kind: 'max-affected' }
  /** PUT: the payload's key is the URL's: PGRST115. */
  | { readonly kind: 'put-key' }
  /** The item has to be there, as the caller sees it: ASH404. */
  | { readonly kind: 'item' };

/** How the rows are counted beyond the page. */
export type Count = 'exact' | 'planned' | 'estimated';

export type Plan = {
  readonly verb: 'read' | 'write' | 'call';
  /** The snapshot of the model that it was made from. */
  readonly snapshot: number;
  readonly write: WritePlan | undefined;
  readonly call: CallPlan | undefined;
  readonly read: ReadPlan;
  /** The item that the path begins with. */
  readonly item?: ItemPlan | undefined;
  /** The answer is one row, and tells its version. */
  readonly version?: VersionPlan | undefined;
  /** `Cache-Control` of the answer to somebody unknown. */
  readonly cache?: string | undefined;
  /** The row is locked, to be changed by what comes next. */
  readonly locks?: boolean;
  /** What is shown is the row's own columns, and in the usual form: its version is the answer's, too. */
  readonly plain?: boolean;
  /** What one row is: a record, or one value named `value` of a routine. */
  readonly row: 'record' | 'scalar';
  /** The routine gives exactly one row, which is then the page. */
  readonly singleRow: boolean;
  readonly output: Output;
  readonly explain: Explain | undefined;
  /** `Content-Type` of the answer. */
  readonly mediaType: string;
  readonly count: Count | undefined;
  /** `estimated`: up to how many rows are counted exactly. */
  readonly countLimit: number | undefined;
  /** Whether only part of the rows may be on the page, so that the total has to be counted apart. */
  readonly paged: boolean;
  readonly readOnly: boolean;
  readonly guards: readonly Guard[];
  /** Names of the primary key's columns, for `Location`. */
  readonly location: readonly string[] | undefined;
  /** Settings of the routine that hold for its transaction. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly isolation: 'read committed' | 'repeatable read' | 'serializable' | undefined;
  /** Whether `response.headers` and `response.status` have to be asked for. */
  readonly asksResponse: boolean;
  /** Names by which an embed was meant though it has an alias: they are on their way out. */
  readonly legacyNames: readonly (readonly [name: string, alias: string])[];
};
