import { refuse } from '../base/index.ts';
import type { Relation, Relationship } from '../model/index.ts';
import type { Field, OrderTerm } from '../request/index.ts';
import {
  ALL_COLUMNS,
  bareColumn,
  expandStars,
  isCountColumn,
  planOrderColumn,
  planSelectColumn,
} from './column.ts';
import { planCondition } from './condition.ts';
import { deriveName } from './derived-name.ts';
import { embedName, type RequestNode } from './node.ts';
import { planEmbedPage } from './page.ts';
import type {
  ColumnExpression,
  Embed,
  OrderItem,
  Page,
  ReadPlan,
  SelectColumn,
  Source,
  SpreadColumn,
} from './plan.ts';
import { openScope, type Planner, relationScope, resourceScope, resultScope, type Scope } from './planner.ts';
import { refuseNotEmbedded, refuseUnknownColumn, refuseUnselectedColumn } from './refusals.ts';
import { isToOne, planRelationship } from './relationship.ts';

const unaggregated = (column: SelectColumn): boolean => column.aggregate === undefined;

/** The name under which a selected column can be referred to from outside. */
const outputName = (select: SelectColumn): string => select.alias ?? select.column.name;

/** An aggregate in a to-one spread is taken of the parent's rows: it moves up to it. */
type Hoisted = {
  readonly name: string;
  readonly select: SelectColumn;
};

/** A node while it is planned: aggregates that move up are still with it. */
type Planned = { readonly read: ReadPlan; readonly hoisted: readonly Hoisted[] };

/** Takes the aggregates out of a to-one spread's columns. */
const hoistAggregates = (columns: readonly SelectColumn[]) => ({
  columns: columns.map((select) =>
    unaggregated(select) ? select : { ...select, aggregate: undefined, aggregateCast: undefined },
  ),
  hoisted: columns
    .filter((select) => !unaggregated(select))
    .map((select) => ({ name: outputName(select), select })),
});

const spreadColumn = (name: string): SpreadColumn => ({
  name,
  aggregate: undefined,
  aggregateCast: undefined,
  alias: undefined,
});

/** The columns that a spread embed gives its parent: its own, and what is embedded in it. */
const listSpreadColumns = (read: ReadPlan): readonly SpreadColumn[] => [
  ...read.columns.map((select) => spreadColumn(outputName(select))),
  ...read.embeds.flatMap((embed): readonly SpreadColumn[] => {
    if (embed.hidden) return [];
    if (embed.mode === 'spread-one' || embed.mode === 'spread-many')
      return embed.columns.map((column) => spreadColumn(column.alias ?? column.name));
    return [spreadColumn(embed.name)];
  }),
];

/** Nothing is selected in it, nor in what is embedded in it. */
const isHidden = (node: RequestNode): boolean => node.fields.length === 0 && node.children.every(isHidden);

/** Aliases of the enclosing resources must stay visible inside, so a new one is none of them. */
const freshAlias = (wanted: string, taken: readonly string[]): string =>
  taken.includes(wanted) ? freshAlias(`${wanted}_`, taken) : wanted;

/** What surrounds a node: its depth, the aliases in sight, whether rows above are grouped. */
type Context = {
  readonly depth: number;
  readonly taken: readonly string[];
  readonly grouped: boolean;
  /** Whether `db-max-rows` holds here; it does not for what a write gives back. */
  readonly restricted: boolean;
};

/** The columns of an embed as its parent sees them. */
const embedColumns = (planner: Planner, embed: Embed): ReadonlySet<string> => {
  const { read, relationship } = embed;
  const named = read.columns.map((select) => select.alias ?? select.aggregate ?? select.column.name);
  const embedded = listSpreadColumns({ ...read, columns: [] }).map(({ name }) => name);
  const nothing = read.columns.length === 0 && read.embeds.length === 0;
  const all = nothing || named.includes(ALL_COLUMNS.name);
  const columns = relationScope(planner, relationship.foreign, read.alias).columns.keys();
  return new Set([...named, ...embedded, ...(all ? columns : [])]);
};

/** A column of an embed, to order the parent by it: one that it shows. */
const planRelatedColumn = (planner: Planner, embed: Embed, field: Field): ColumnExpression => {
  const columns = embedColumns(planner, embed);
  if (!columns.has(field.name)) {
    const known = relationScope(planner, embed.relationship.foreign, embed.name).columns;
    if (known.has(field.name)) return refuseUnselectedColumn(embed.name, field.name);
    return refuseUnknownColumn(embed.name, field.name, columns);
  }
  return { ...bareColumn(field.name), path: field.path, toJson: field.path.length > 0 };
};

const planEmbedOrder = (
  planner: Planner,
  scope: Scope,
  terms: readonly OrderTerm[],
  embeds: readonly Embed[],
): readonly OrderItem[] =>
  terms.map((term): OrderItem => {
    const { direction, nulls } = term;
    if (term.relation === undefined)
      return { embed: undefined, column: planOrderColumn(scope, term.field), direction, nulls };
    const embed = embeds.find(({ name }) => name === term.relation);
    if (embed === undefined) return refuseNotEmbedded(term.relation);
    if (!isToOne(embed.relationship))
      return refuse('PGRST118', {
        message: `A related order on '${embed.name}' is not possible`,
        details: `'${scope.resource?.name ?? scope.alias}' and '${embed.name}' do not form a many-to-one or one-to-one relationship`,
      });
    const column = planRelatedColumn(planner, embed, term.field);
    return { embed: embed.as, column, direction, nulls };
  });

/** To order the elements of a spread array, what they are ordered by has to be selected beside them. */
const planArrayOrder = (as: string, order: readonly OrderItem[]) => {
  const named = order.map((item, i) => ({
    item,
    alias: deriveName(`${as}_${item.column.name}`, `_${i + 1}`),
  }));
  return {
    orderColumns: named.map(({ item, alias }) => ({
      embed: item.embed,
      select: {
        column: item.column,
        cast: undefined,
        aggregate: undefined,
        aggregateCast: undefined,
        alias,
      } satisfies SelectColumn,
    })),
    arrayOrder: named.map(
      ({ item, alias }): OrderItem => ({ ...item, embed: undefined, column: bareColumn(alias) }),
    ),
  };
};

/** The aggregates of to-one spreads, taken where the spread's columns arrive. */
const takeHoisted = (
  columns: readonly SpreadColumn[],
  hoisted: readonly Hoisted[],
): readonly SpreadColumn[] =>
  columns.map((column) => {
    const found = hoisted.find(({ name }) => name === column.name)?.select;
    return found === undefined
      ? column
      : {
          ...column,
          aggregate: found.aggregate,
          aggregateCast: found.aggregateCast,
          alias: found.alias,
        };
  });

const refuseSpreadAggregate = (): never =>
  refuse('PGRST127', {
    details: 'Aggregates are not implemented for one-to-many or many-to-many spreads.',
  });

/** Plans one embed below a parent; the aggregates that go to the parent come beside it. */
const planEmbed = (
  planner: Planner,
  parent: { readonly name: string; readonly spread: boolean },
  node: RequestNode,
  place: number,
  context: Context,
): { readonly embed: Embed; readonly hoisted: readonly Hoisted[] } => {
  const request = node.embed;
  if (request === undefined) throw new TypeError('only embeds have a relationship');
  const relationship = planRelationship(planner, parent.name, request);
  const toOne = isToOne(relationship);
  const spreadMany = request.spread && !toOne;
  const end = `_${context.depth}`;
  const alias = freshAlias(deriveName(relationship.foreign.name, end), context.taken);
  const name = embedName(request);
  const base = `${relationship.relation.name}_${name}`;
  const whole = deriveName(base, end);
  // What tells it from its siblings may be what was cut off.
  const as = whole === `${base}${end}` ? whole : deriveName(base, `${end}_${place}`);
  const planned = planNode(
    planner,
    relationScope(planner, relationship.foreign, alias),
    { kind: 'relation', relation: relationship.foreign },
    node,
    { ...context, taken: [...context.taken, alias], grouped: context.grouped || spreadMany },
  );
  // Rows that become arrays are ordered there; only which of them are on a page depends on their order before.
  const { limit, offset } = planned.read.page;
  const ordersLater = spreadMany && limit === undefined && offset === undefined;
  const read = ordersLater ? { ...planned.read, order: [] } : planned.read;
  const listed = request.spread ? listSpreadColumns(read) : [];
  const passesOn = request.spread && toOne && parent.spread;
  if (spreadMany && node.fields.some((field) => field.aggregate !== undefined)) refuseSpreadAggregate();
  if (spreadMany && planned.hoisted.length > 0) refuseSpreadAggregate();
  const { orderColumns, arrayOrder } = spreadMany
    ? planArrayOrder(as, planned.read.order)
    : { orderColumns: [], arrayOrder: [] };
  return {
    embed: {
      relationship,
      name,
      as,
      mode: request.spread ? (toOne ? 'spread-one' : 'spread-many') : toOne ? 'object' : 'array',
      inner: request.join === 'inner',
      hidden: !request.spread && isHidden(node),
      columns: passesOn ? listed : takeHoisted(listed, planned.hoisted),
      orderColumns,
      arrayOrder,
      read,
    },
    hoisted: passesOn ? planned.hoisted : [],
  };
};

/** Plans one resource: its columns, filters, order and page, and all that is embedded in it. */
const planNode = (
  planner: Planner,
  scope: Scope,
  source: Source,
  node: RequestNode,
  context: Context,
): Planned => {
  const spread = node.embed?.spread === true;
  const parentName = context.depth === 0 || scope.resource === undefined ? scope.alias : scope.resource.name;
  const counted = node.fields.some((field) => isCountColumn(scope, field));
  const aggregated = counted || node.fields.some((field) => field.aggregate !== undefined);
  const grouped = context.grouped || aggregated;
  const planned = node.children.map((child, place) =>
    planEmbed(planner, { name: parentName, spread }, child, place, {
      ...context,
      depth: context.depth + 1,
      grouped,
    }),
  );
  const embeds = planned.map(({ embed }) => embed);
  // A count of all rows needs no groups and is always allowed.
  if (!planner.settings.aggregates && aggregated && !(counted && node.fields.length === 1))
    refuse('PGRST123');
  const selected = node.fields.map((field) => planSelectColumn(planner, scope, field, spread));
  const names = new Map(embeds.map((embed) => [embed.name, embed.as]));
  const expanded = expandStars(planner, scope, selected, grouped, spread);
  const { columns, hoisted } = spread ? hoistAggregates(expanded) : { columns: expanded, hoisted: [] };
  return {
    read: {
      source,
      alias: scope.alias,
      columns,
      where: node.conditions.map((condition) => planCondition(planner, scope, condition, names)),
      order: planEmbedOrder(planner, scope, node.order ?? [], embeds),
      page: planEmbedPage(
        planner,
        node.limit,
        node.offset,
        context.restricted ? planner.settings.maxRows : undefined,
      ),
      embeds,
    },
    hoisted: [...hoisted, ...planned.flatMap((child) => child.hoisted)],
  };
};

/** Where the target's rows come from, and what is known of their columns. */
export type Root = {
  readonly source: Source;
  readonly resource: Relation | undefined;
  /** What the rows have where they are not those of a relation; undefined: nobody knows. */
  readonly columns?: readonly { readonly name: string; readonly type: string }[] | undefined;
  /** The name that columns of the target are qualified with, and that embeds are looked up under. */
  readonly name: string;
};

/**
 * Plans the reading of a target: a relation's rows, or the rows that a write or a routine gives.
 *
 * @param restricted whether `db-max-rows` holds
 */
export const planRead = (
  planner: Planner,
  root: Root,
  node: RequestNode,
  page: Page,
  restricted: boolean,
): ReadPlan => {
  const scope =
    root.resource !== undefined
      ? resourceScope(planner, root.resource, root.name)
      : root.columns !== undefined
        ? resultScope(root.name, root.columns)
        : openScope(root.name);
  const { read } = planNode(planner, scope, root.source, node, {
    depth: 0,
    taken: [root.name],
    grouped: false,
    restricted,
  });
  return { ...read, page };
};

/** Whether `select` is absent or just `*`, so that handlers of the whole row may apply. */
export const selectsWholeRow = (read: ReadPlan): boolean =>
  read.embeds.length === 0 && read.columns.length === 1 && read.columns[0]?.column.name === ALL_COLUMNS.name;

/** The columns of the target's rows that its embeds are joined by. */
export const joinColumns = (relationship: Relationship): readonly string[] | undefined => {
  switch (relationship.kind) {
    case 'computed':
      return undefined;
    case 'many-to-many':
      return relationship.junction.sourceColumns.map(([own]) => own);
    default:
      return relationship.columns.map(([own]) => own);
  }
};
