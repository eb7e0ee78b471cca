import { type QualifiedName, sameName } from '../base/index.ts';
import { type Contract, findResource, resourceColumns, resourceComputedFields } from '../contract/index.ts';
import type { Column, Relation } from '../model/index.ts';
import type { QueryLimits, Value } from '../request/index.ts';

/** Settings of the server that decide what may be planned. */
export type PlanSettings = {
  /** No answer has more rows, in the target or in an embed (`db-max-rows`). */
  readonly maxRows: number | undefined;
  /** `db-aggregates-enabled`. */
  readonly aggregates: boolean;
  /** `db-plan-enabled`: whether `application/vnd.pgrst.plan` is served. */
  readonly explain: boolean;
  /** Embeds that have an alias can be meant by their table's name too (`url-use-legacy-target-names`). */
  readonly legacyTargetNames: boolean;
  /** Whether an unknown column of a body is answered with the one that was probably meant; PostgREST does not. */
  readonly suggestsColumns?: boolean | undefined;
  /** Whether `response.headers` and `response.status` may have been set before the statement. */
  readonly preRequest: boolean;
  /** How much a query may ask for; undefined: anything, as in PostgREST. */
  readonly limits?: QueryLimits | undefined;
  /** `Cache-Control` of tables, by `schema.name`; goes before their comments. */
  readonly cache?: ReadonlyMap<string, string> | undefined;
  /** The tables, as `schema.name`, whose items are only changed with If-Match; beside those whose comments say so. */
  readonly requireMatch?: ReadonlySet<string> | undefined;
};

/** What the planning of one request knows. */
export type Planner = {
  readonly contract: Contract;
  readonly settings: PlanSettings;
  /** The schema that the request speaks of. */
  readonly schema: string;
  /** The request's literals. A plan may only look at those that `literalLimit` lets through. */
  readonly values: readonly Value[];
};

/** What is to be known of a column to name it. */
export type ScopeColumn = Pick<Column, 'name' | 'type' | 'baseType'>;

/** The columns that a node of the plan can name, and the alias that qualifies them. */
export type Scope = {
  readonly alias: string;
  /** The relation whose row it is; undefined for what a routine returns beside rows of a relation. */
  readonly resource: Relation | undefined;
  readonly columns: ReadonlyMap<string, ScopeColumn>;
  readonly computed: ReadonlySet<string>;
  /** Whether there are no other columns; else any name goes. */
  readonly closed: boolean;
  /** Whether domains show as their representations: in rows of relations only, as in PostgREST. */
  readonly represented: boolean;
};

const NO_COLUMNS: ReadonlyMap<string, ScopeColumn> = new Map();
const NO_FIELDS: ReadonlySet<string> = new Set();

/** The scope of a resource's rows. */
export const resourceScope = (planner: Planner, resource: Relation, alias: string): Scope => ({
  alias,
  resource,
  columns: resourceColumns(planner.contract, resource),
  computed: resourceComputedFields(planner.contract, resource),
  closed: true,
  represented: true,
});

/** The scope of what a routine returns beside rows of a relation. */
export const resultScope = (
  alias: string,
  columns: readonly { readonly name: string; readonly type: string }[],
): Scope => ({
  alias,
  resource: undefined,
  columns: new Map(columns.map(({ name, type }) => [name, { name, type, baseType: type }])),
  computed: NO_FIELDS,
  closed: true,
  represented: false,
});

/** The scope of rows whose columns only Postgres knows. */
export const openScope = (alias: string): Scope => ({
  alias,
  resource: undefined,
  columns: NO_COLUMNS,
  computed: NO_FIELDS,
  closed: false,
  represented: true,
});

/** The scope of a relation that may not be served itself, such as the target of a computed relationship. */
export const relationScope = (planner: Planner, name: QualifiedName, alias: string): Scope => {
  const resource =
    findResource(planner.contract, name) ??
    planner.contract.index.model.relations.find((relation) => sameName(relation, name));
  return resource === undefined ? openScope(alias) : resourceScope(planner, resource, alias);
};
