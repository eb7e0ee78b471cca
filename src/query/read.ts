import type { Embed, OrderItem, Page, ReadPlan, SpreadColumn } from '../plan/index.ts';
import { quoteIdent } from '../sql/index.ts';
import { aggregateSql, aliasSql, columnSql, selectSql } from './column.ts';
import { type ExistsSql, predicateSql } from './condition.ts';
import { bindSql, nameSql, RESULT, type Writer } from './writer.ts';

const isSpread = (embed: Embed): boolean => embed.mode === 'spread-one' || embed.mode === 'spread-many';

/** Whether the rows of a resource are grouped: it, or what is spread into it, has an aggregate. */
const isGrouped = (read: ReadPlan): boolean =>
  read.columns.some((select) => select.aggregate !== undefined) ||
  read.embeds.some(
    (embed) => isSpread(embed) && embed.columns.some((column) => column.aggregate !== undefined),
  );

type Relationship = Embed['relationship'];

const junctionAlias = (alias: string): string => `${alias}_via`;

/** What related rows are read from: their relation, with the junction beside it, or a function of the parent. */
const relatedFromSql = (relationship: Relationship, as: string, parent: string): string => {
  const alias = quoteIdent(as);
  if (relationship.kind === 'computed')
    // The cast names the row type, without which an overloaded function could not be told.
    return `${nameSql(relationship.function)}((${quoteIdent(parent)}.*)::${nameSql(relationship.relation)}) AS ${alias}`;
  const from = `${nameSql(relationship.foreign)} AS ${alias}`;
  return relationship.kind === 'many-to-many'
    ? `${from}, ${nameSql(relationship.junction.relation)} AS ${quoteIdent(junctionAlias(as))}`
    : from;
};

const equalSql = (left: string, leftColumn: string, right: string, rightColumn: string): string =>
  `${quoteIdent(left)}.${quoteIdent(leftColumn)} = ${quoteIdent(right)}.${quoteIdent(rightColumn)}`;

/** How related rows hang together with the parent's. */
const relatedJoinSql = (relationship: Relationship, alias: string, parent: string): readonly string[] => {
  switch (relationship.kind) {
    case 'computed':
      return [];
    case 'many-to-many': {
      const via = junctionAlias(alias);
      const { sourceColumns, targetColumns } = relationship.junction;
      return [
        ...targetColumns.map(([foreign, junction]) => equalSql(alias, foreign, via, junction)),
        ...sourceColumns.map(([own, junction]) => equalSql(parent, own, via, junction)),
      ];
    }
    default:
      return relationship.columns.map(([own, foreign]) => equalSql(alias, foreign, parent, own));
  }
};

const embedFromSql = ({ relationship, read }: Embed, parent: string): string =>
  relatedFromSql(relationship, read.alias, parent);

const embedJoinSql = ({ relationship, read }: Embed, parent: string): readonly string[] =>
  relatedJoinSql(relationship, read.alias, parent);

/** `EXISTS (…)`: a row of the parent has rows of the embed, as far as its filters let them through. */
const existsSql = (writer: Writer, embed: Embed, parent: string): string => {
  const where = [...embedJoinSql(embed, parent), ...whereSql(writer, embed.read, true)];
  const filter = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
  return `EXISTS (SELECT 1 FROM ${embedFromSql(embed, parent)}${filter})`;
};

/**
 * The filters of a resource, and the inner embeds that leave rows out.
 *
 * @param allInner whether inner embeds that are joined elsewhere are tested here too
 */
const whereSql = (writer: Writer, read: ReadPlan, allInner: boolean): readonly string[] => [
  ...read.where.map((predicate) =>
    predicateSql(writer, read.alias, predicate, (as) => {
      const embed = read.embeds.find((candidate) => candidate.as === as);
      if (embed === undefined) throw new TypeError(`no embed ${as} in the plan`);
      return existsSql(writer, embed, read.alias);
    }),
  ),
  ...read.embeds
    .filter((embed) => embed.inner && (allInner || embed.mode === 'array' || embed.mode === 'spread-many'))
    .map((embed) => existsSql(writer, embed, read.alias)),
];

const orderItemSql = (writer: Writer, alias: string, item: OrderItem): string => {
  const column = columnSql(writer, item.embed ?? alias, item.column);
  const direction = item.direction === undefined ? '' : ` ${item.direction.toUpperCase()}`;
  const nulls = item.nulls === undefined ? '' : ` NULLS ${item.nulls.toUpperCase()}`;
  return `${column}${direction}${nulls}`;
};

const orderSql = (writer: Writer, alias: string, order: readonly OrderItem[]): string =>
  order.length === 0 ? '' : ` ORDER BY ${order.map((item) => orderItemSql(writer, alias, item)).join(', ')}`;

const pageSql = (writer: Writer, page: Page): string => {
  const limit = page.limit === undefined ? '' : ` LIMIT ${bindSql(writer, page.limit)}`;
  const offset = page.offset === undefined ? '' : ` OFFSET ${bindSql(writer, page.offset)}`;
  return `${limit}${offset}`;
};

const spreadColumnSql = (as: string, column: SpreadColumn): string => {
  const value = column.name === '*' ? `${quoteIdent(as)}.*` : `${quoteIdent(as)}.${quoteIdent(column.name)}`;
  return column.aggregate === undefined
    ? `${value}${aliasSql(column.alias)}`
    : `${aggregateSql(column.aggregate, value, column.aggregateCast)}${aliasSql(column.alias)}`;
};

/** The JSON array of an embed's rows. */
const arraySql = (writer: Writer, embed: Embed, parent: string): string => {
  const rows = quoteIdent(embed.as);
  return `SELECT coalesce(json_agg(${rows}.*), '[]') AS ${rows} FROM (${embedSql(writer, embed, parent)}) AS ${rows}`;
};

/** The JSON object of an embed's only row. */
const objectSql = (writer: Writer, embed: Embed, parent: string): string => {
  const row = quoteIdent(embed.as);
  return `SELECT row_to_json(${row}.*) FROM (${embedSql(writer, embed, parent)}) AS ${row}`;
};

/**
 * Whether a key holds an embed to one row for each row of its parent. A view may show a row twice, and what
 * a computed relationship gives is only said to be one row.
 */
const hasOneRow = ({ relationship, read }: Embed): boolean =>
  (relationship.kind === 'many-to-one' || relationship.kind === 'one-to-one') &&
  !relationship.foreignIsView &&
  read.embeds.every((embed) => embed.mode === 'array' || embed.mode === 'spread-many' || hasOneRow(embed));

/**
 * Whether an embed is a subquery of the select list, which is only run for the rows that are left after
 * LIMIT. To-many embeds are, unless rows are grouped by them. A to-one embed is where few rows are asked
 * for; where there are many, a join is better, as Postgres can choose how. What rows are ordered by has to
 * be joined.
 */
const isSelected = (embed: Embed, read: ReadPlan, grouped: boolean): boolean => {
  if (grouped || isSpread(embed)) return false;
  if (embed.mode === 'array') return true;
  return (
    !embed.inner &&
    read.page.limit?.from === 'number' &&
    hasOneRow(embed) &&
    !read.order.some((item) => item.embed === embed.as)
  );
};

/** What an embed adds to the parent's select list. */
const embedSelectSql = (
  writer: Writer,
  embed: Embed,
  read: ReadPlan,
  grouped: boolean,
  spread: boolean,
): readonly string[] => {
  const as = quoteIdent(embed.as);
  // Rows can only be grouped, here or where they are spread to, by what can be compared: jsonb can, json cannot.
  const comparable = grouped || spread ? '::jsonb' : '';
  if (embed.hidden) return [];
  switch (embed.mode) {
    case 'object':
    case 'array': {
      const value = isSelected(embed, read, grouped)
        ? `(${(embed.mode === 'array' ? arraySql : objectSql)(writer, embed, read.alias)})`
        : embed.mode === 'array'
          ? `${as}.${as}`
          : `row_to_json(${as}.*)`;
      return [`${value}${comparable} AS ${quoteIdent(embed.name)}`];
    }
    case 'spread-one':
    case 'spread-many':
      return embed.columns.map((column) => spreadColumnSql(embed.as, column));
  }
};

const lateralSql = (embed: Embed, subquery: string): string =>
  ` ${embed.inner ? 'INNER' : 'LEFT'} JOIN LATERAL (${subquery}) AS ${quoteIdent(embed.as)} ON TRUE`;

/** Each column of a to-many spread becomes an array, all in the same order. */
const spreadManySql = (writer: Writer, embed: Embed, parent: string): string => {
  const rows = quoteIdent(embed.as);
  const order = orderSql(writer, embed.as, embed.arrayOrder);
  const columns = embed.columns.map((column) => {
    const name = quoteIdent(column.alias ?? column.name);
    return `coalesce(json_agg(${rows}.${quoteIdent(column.name)}${order}), '[]')::jsonb AS ${name}`;
  });
  return `SELECT ${columns.join(', ')} FROM (${embedSql(writer, embed, parent)}) AS ${rows}`;
};

/** The join that brings an embed to its parent's rows, if it needs one. */
const embedLateralSql = (writer: Writer, embed: Embed, read: ReadPlan, grouped: boolean): string => {
  if (isSelected(embed, read, grouped)) return '';
  switch (embed.mode) {
    case 'object':
    case 'spread-one':
      return lateralSql(embed, embedSql(writer, embed, read.alias));
    case 'array':
      return embed.hidden ? '' : lateralSql(embed, arraySql(writer, embed, read.alias));
    case 'spread-many':
      return embed.columns.length === 0 ? '' : lateralSql(embed, spreadManySql(writer, embed, read.alias));
  }
};

const groupSql = (read: ReadPlan, extra: number): string => {
  if (!isGrouped(read)) return '';
  const aggregated: readonly boolean[] = [
    ...read.columns.map((select) => select.aggregate !== undefined),
    ...new Array<boolean>(extra).fill(false),
    ...read.embeds.flatMap((embed) => {
      if (embed.hidden) return [];
      return isSpread(embed) ? embed.columns.map((column) => column.aggregate !== undefined) : [false];
    }),
  ];
  const places = aggregated.flatMap((is, i) => (is ? [] : [i + 1]));
  return places.length === 0 ? '' : ` GROUP BY ${places.join(', ')}`;
};

const noEmbeds: ExistsSql = (as) => {
  throw new TypeError(`a key has no embed ${as}`);
};

/** Where a resource's rows come from, and what ties them to the item that they are related to. */
const sourceSql = (
  writer: Writer,
  read: ReadPlan,
): { readonly from: string; readonly join: readonly string[] } => {
  const { source } = read;
  switch (source.kind) {
    case 'result':
      return { from: `${RESULT} AS ${quoteIdent(read.alias)}`, join: [] };
    case 'relation': {
      const name = nameSql(source.relation);
      const from = read.alias === source.relation.name ? name : `${name} AS ${quoteIdent(read.alias)}`;
      return { from, join: [] };
    }
    case 'related': {
      const { parent } = source;
      return {
        from: `${nameSql(parent.relation)} AS ${quoteIdent(parent.alias)}, ${relatedFromSql(source.relationship, read.alias, parent.alias)}`,
        join: [
          ...parent.key.map((predicate) => predicateSql(writer, parent.alias, predicate, noEmbeds)),
          ...relatedJoinSql(source.relationship, read.alias, parent.alias),
        ],
      };
    }
  }
};

/** A resource's rows: select list, joins, filters, groups, order and page. */
const bodySql = (
  writer: Writer,
  read: ReadPlan,
  from: string,
  join: readonly string[],
  extra: readonly string[],
  spread: boolean,
): string => {
  const grouped = isGrouped(read);
  const columns = [
    ...(read.columns.length === 0 && read.embeds.length === 0
      ? [`${quoteIdent(read.alias)}.*`]
      : read.columns.map((select) => selectSql(writer, read.alias, select))),
    ...extra,
    ...read.embeds.flatMap((embed) => embedSelectSql(writer, embed, read, grouped, spread)),
  ];
  const laterals = read.embeds.map((embed) => embedLateralSql(writer, embed, read, grouped)).join('');
  const where = [...join, ...whereSql(writer, read, false)];
  return [
    `SELECT${columns.length === 0 ? '' : ` ${columns.join(', ')}`} FROM ${from}${laterals}`,
    where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`,
    groupSql(read, extra.length),
    orderSql(writer, read.alias, read.order),
    pageSql(writer, read.page),
  ].join('');
};

/** The rows of an embed that belong to one row of its parent. */
const embedSql = (writer: Writer, embed: Embed, parent: string): string =>
  bodySql(
    writer,
    embed.read,
    embedFromSql(embed, parent),
    embedJoinSql(embed, parent),
    embed.orderColumns.map(({ embed: as, select }) => selectSql(writer, as ?? embed.read.alias, select)),
    isSpread(embed),
  );

/**
 * The rows that a plan reads, as one SELECT.
 *
 * @example readSql(w, plan) // SELECT "posts"."title" FROM "public"."posts" WHERE "posts"."id" = $1
 */
export const readSql = (writer: Writer, read: ReadPlan): string => {
  const { from, join } = sourceSql(writer, read);
  return bodySql(writer, read, from, join, [], false);
};

/** What stands for FROM where a row is made of columns that lie outside. */
const NO_ROWS = '(SELECT) AS ashlar_item';

/**
 * The FROM of one row: the row as it is shown, under the given name, beside the relation's own columns.
 *
 * @example readOneSql(w, plan, 'r') // "public"."posts" CROSS JOIN LATERAL (SELECT "posts"."title" FROM …) AS r WHERE …
 */
export const readOneSql = (writer: Writer, read: ReadPlan, alias: string): string => {
  const { from, join } = sourceSql(writer, read);
  const where = [
    ...join,
    ...read.where.map((predicate) => predicateSql(writer, read.alias, predicate, noEmbeds)),
  ];
  const row = bodySql(writer, { ...read, where: [] }, NO_ROWS, [], [], false);
  const filter = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
  return `${from} CROSS JOIN LATERAL (${row}) AS ${alias}${filter}`;
};

/**
 * The same rows without order, page and columns: what is counted. Inner embeds are tested, not joined,
 * so that they cannot multiply.
 *
 * @param select the select list: `count(*)`, or `1` where the rows themselves are counted elsewhere
 */
export const countSql = (writer: Writer, read: ReadPlan, select: string): string => {
  const { from, join } = sourceSql(writer, read);
  const where = [...join, ...whereSql(writer, read, true)];
  return `SELECT ${select} FROM ${from}${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`}`;
};
