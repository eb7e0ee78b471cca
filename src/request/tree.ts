/**
 * Where a node stands in its parameter's text: offsets of UTF-16 units, end exclusive.
 * The parameter is the one that the node was read from.
 */
export type Span = { readonly parameter: string; readonly start: number; readonly end: number };

/** Index into `Query.values`: literals live there, so that requests of one shape share one plan. */
export type Slot = number;

/** A literal of a request: text, or the elements of a list such as `in.(1,2)`. */
export type Value = string | readonly string[];

/** What the request is about; every switch over it is exhaustive. */
export type Target =
  | { readonly kind: 'root' }
  | { readonly kind: 'collection'; readonly name: string }
  /** One row by its primary key (`/posts/42`): the key's values, in the order of its columns. */
  | { readonly kind: 'item'; readonly name: string; readonly key: readonly Slot[] }
  /** What is related to an item (`/posts/42/comments`), by the name under which it would be embedded. */
  | {
      readonly kind: 'related';
      readonly name: string;
      readonly key: readonly Slot[];
      readonly relation: string;
      /** `comments!constraint`, where there are several ways there. */
      readonly hint: string | undefined;
    }
  | { readonly kind: 'routine'; readonly name: string };

/** `->` keeps JSON, `->>` makes text. */
export type JsonStep = {
  readonly arrow: '->' | '->>';
  readonly operand:
    | { readonly kind: 'key'; readonly key: string }
    | { readonly kind: 'index'; readonly index: number };
};

/** A column, or a path into the JSON, composite or array that it holds. `*` stands for all columns. */
export type Field = { readonly name: string; readonly path: readonly JsonStep[] };

export type Aggregate = 'avg' | 'count' | 'max' | 'min' | 'sum';

export type SelectField = {
  readonly kind: 'field';
  /** Name `*` with aggregate `count` is `count()`. */
  readonly field: Field;
  readonly alias: string | undefined;
  readonly cast: string | undefined;
  readonly aggregate: Aggregate | undefined;
  readonly aggregateCast: string | undefined;
  readonly span: Span;
};

export type SelectEmbed = {
  readonly kind: 'embed';
  /** A table, view, constraint, column or computed relationship. */
  readonly relation: string;
  readonly alias: string | undefined;
  /** `!hint`: the constraint, column or junction that is meant. */
  readonly hint: string | undefined;
  readonly join: 'inner' | 'left' | undefined;
  /** `...relation(…)`: its columns become the parent's. */
  readonly spread: boolean;
  readonly select: readonly SelectNode[];
  readonly span: Span;
};

export type SelectNode = SelectField | SelectEmbed;

/** Operators that take `any` and `all`. */
export type QuantifiableOperator = 'eq' | 'gte' | 'gt' | 'lte' | 'lt' | 'like' | 'ilike' | 'match' | 'imatch';
export type SimpleOperator = 'neq' | 'cs' | 'cd' | 'ov' | 'sl' | 'sr' | 'nxr' | 'nxl' | 'adj';
export type SearchOperator = 'fts' | 'plfts' | 'phfts' | 'wfts';

export type Operation =
  | {
      readonly kind: 'compare';
      readonly operator: QuantifiableOperator;
      readonly quantifier: 'any' | 'all' | undefined;
      readonly value: Slot;
    }
  | { readonly kind: 'simple'; readonly operator: SimpleOperator; readonly value: Slot }
  | { readonly kind: 'in'; readonly values: Slot }
  | { readonly kind: 'is'; readonly value: 'null' | 'not_null' | 'true' | 'false' | 'unknown' }
  | { readonly kind: 'isdistinct'; readonly value: Slot }
  | {
      readonly kind: 'search';
      readonly operator: SearchOperator;
      readonly language: string | undefined;
      readonly value: Slot;
    };

export type Filter = {
  readonly kind: 'filter';
  readonly field: Field;
  readonly negated: boolean;
  readonly operation: Operation;
  readonly span: Span;
};

export type Logic = {
  readonly kind: 'logic';
  readonly operator: 'and' | 'or';
  readonly negated: boolean;
  readonly terms: readonly Condition[];
  readonly span: Span;
};

export type Condition = Filter | Logic;

export type OrderTerm = {
  /** Order by a column of this embedded to-one relation. */
  readonly relation: string | undefined;
  readonly field: Field;
  readonly direction: 'asc' | 'desc' | undefined;
  readonly nulls: 'first' | 'last' | undefined;
  readonly span: Span;
};

/** Something said of the embedded resource that `path` leads to; the empty path is the target itself. */
export type Scoped<T> = { readonly path: readonly string[]; readonly said: T };

/**
 * A parameter of a GET on a routine: an argument or a filter, which only the model can tell.
 * `filter` is there if its value reads as one (`id=eq.5`).
 */
export type Undecided = {
  readonly name: string;
  /** The whole value as one literal. */
  readonly value: Slot;
  readonly filter: Scoped<Filter> | undefined;
};

/** The query string, read. */
export type Query = {
  /** `*` where the parameter is absent; empty where it is there and empty. */
  readonly select: readonly SelectNode[];
  /** Filters in the order of the query string. */
  readonly filters: readonly Scoped<Filter>[];
  /** `and=` and `or=`, in the order of the query string. */
  readonly logic: readonly Scoped<Logic>[];
  /** `order=`, in the order of the query string; the first for a path counts. */
  readonly order: readonly Scoped<readonly OrderTerm[]>[];
  readonly limits: readonly Scoped<Slot>[];
  readonly offsets: readonly Scoped<Slot>[];
  readonly columns: readonly string[] | undefined;
  readonly onConflict: readonly string[] | undefined;
  /** One of `select`, `columns` and `on_conflict` that is there more than once; the first of it counts. */
  readonly repeated?: string | undefined;
  readonly undecided: readonly Undecided[];
  /** The literals, by slot. */
  readonly values: readonly Value[];
  /**
   * The query without its literals: two query strings of one shape differ in `values` alone and
   * share one plan.
   */
  readonly shape: string;
};
