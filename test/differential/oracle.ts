import type {
  Aggregate,
  Comparison,
  Condition,
  Filter,
  JsonPath,
  Node,
  Order,
  Relation,
  Request,
  Selected,
} from './request.ts';
import { embedName } from './request.ts';
import {
  type Column,
  type ColumnType,
  type Json,
  MOODS,
  type Row,
  type Schema,
  type Table,
} from './schema.ts';

/** Of three values: null is unknown. */
type Truth = boolean | null;

const not = (truth: Truth): Truth => (truth === null ? null : !truth);

const every = (truths: readonly Truth[]): Truth =>
  truths.includes(false) ? false : truths.includes(null) ? null : true;

const some = (truths: readonly Truth[]): Truth =>
  truths.includes(true) ? true : truths.includes(null) ? null : false;

const compareNumbers = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/** By the bytes of UTF-8. */
const compareText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Neither of them null. */
const compare = (a: Json, b: Json, type: ColumnType): number => {
  switch (type) {
    case 'integer':
    case 'bigint':
    case 'numeric(8,2)':
      return compareNumbers(a as number, b as number);
    case 'boolean':
      return compareNumbers(Number(a), Number(b));
    case 'mood':
      return compareNumbers(MOODS.indexOf(a as never), MOODS.indexOf(b as never));
    case 'text':
    case 'date':
      return compareText(a as string, b as string);
    case 'jsonb':
    case 'text[]':
    case 'integer[]':
      return sameJson(a, b) ? 0 : 1;
  }
};

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sameJson = (a: Json, b: Json): boolean => {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => sameJson(item, b[i] ?? null));
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => key in b && sameJson(a[key] ?? null, b[key] ?? null))
    );
  }
  return a === b;
};

/** jsonb's `@>`. */
const containsJson = (a: Json, b: Json, top = true): boolean => {
  if (Array.isArray(a)) {
    if (Array.isArray(b)) return b.every((item) => a.some((own) => containsItem(own, item)));
    // An array may contain a bare scalar, but only so.
    return top && !isObject(b) && a.some((own) => sameJson(own, b));
  }
  if (isObject(a))
    return (
      isObject(b) &&
      Object.keys(b).every((key) => key in a && containsJson(a[key] ?? null, b[key] ?? null, false))
    );
  return !Array.isArray(b) && !isObject(b) && a === b;
};

const containsItem = (own: Json, item: Json): boolean =>
  Array.isArray(item) || isObject(item) ? containsJson(own, item, false) : sameJson(own, item);

/** jsonb as text: keys by length, then by bytes. */
const printJson = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(printJson).join(', ')}]`;
  if (isObject(value))
    return `{${Object.keys(value)
      .sort((a, b) => Buffer.byteLength(a) - Buffer.byteLength(b) || compareText(a, b))
      .map((key) => `${JSON.stringify(key)}: ${printJson(value[key] ?? null)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
};

const follow = (value: Json, { keys, text }: JsonPath): Json => {
  let at: Json = value;
  for (const key of keys) {
    let found: Json | undefined;
    // To jsonb a scalar is an array of one.
    if (typeof key === 'number') found = isObject(at) ? undefined : (Array.isArray(at) ? at : [at]).at(key);
    else if (isObject(at)) found = at[key];
    if (found === undefined) return null;
    at = found;
  }
  if (!text || at === null) return at;
  return typeof at === 'string' ? at : printJson(at);
};

/** SQL's LIKE without escapes: `%` is any text, `_` is any character. */
const isLike = (text: string, pattern: string, ignoreCase: boolean): boolean => {
  const fold = (all: string): readonly string[] => [...(ignoreCase ? all.toLowerCase() : all)];
  const [characters, wanted] = [fold(text), fold(pattern.replaceAll('*', '%'))];
  const matches = (at: number, from: number): boolean => {
    if (from === wanted.length) return at === characters.length;
    if (wanted[from] === '%') {
      for (let next = at; next <= characters.length; next++) if (matches(next, from + 1)) return true;
      return false;
    }
    return (
      at < characters.length &&
      (wanted[from] === '_' || wanted[from] === characters[at]) &&
      matches(at + 1, from + 1)
    );
  };
  return matches(0, 0);
};

const test = (operator: Comparison, value: Json, literal: Json, type: ColumnType): boolean => {
  switch (operator) {
    case 'eq':
      return compare(value, literal, type) === 0;
    case 'neq':
      return compare(value, literal, type) !== 0;
    case 'gt':
      return compare(value, literal, type) > 0;
    case 'gte':
      return compare(value, literal, type) >= 0;
    case 'lt':
      return compare(value, literal, type) < 0;
    case 'lte':
      return compare(value, literal, type) <= 0;
    case 'like':
    case 'ilike':
      return isLike(value as string, literal as string, operator === 'ilike');
    case 'match':
    case 'imatch':
      return new RegExp(literal as string, operator === 'imatch' ? 'isu' : 'su').test(value as string);
  }
};

const testSets = (operator: 'cs' | 'cd' | 'ov', value: Json, literal: Json, type: ColumnType): boolean => {
  if (type === 'jsonb')
    return operator === 'cs' ? containsJson(value, literal) : containsJson(literal, value);
  const [own, other] = [value as readonly Json[], literal as readonly Json[]];
  switch (operator) {
    case 'cs':
      return other.every((item) => own.includes(item));
    case 'cd':
      return own.every((item) => other.includes(item));
    case 'ov':
      return own.some((item) => other.includes(item));
  }
};

const evaluateFilter = ({ column, path, operation, negated }: Filter, row: Row): Truth => {
  const stored = row[column.name] ?? null;
  const value = path === undefined ? stored : stored === null ? null : follow(stored, path);
  const type = path === undefined ? column.type : 'text';
  const truth = ((): Truth => {
    switch (operation.kind) {
      case 'is':
        switch (operation.value) {
          case 'null':
          case 'unknown':
            return value === null;
          case 'not_null':
            return value !== null;
          default:
            return value === (operation.value === 'true');
        }
      case 'isdistinct':
        return value === null || compare(value, operation.value, type) !== 0;
      case 'in':
      case 'any':
      case 'all': {
        const operator = operation.kind === 'in' ? 'eq' : operation.operator;
        const truths = operation.values.map((literal) =>
          value === null ? null : test(operator, value, literal, type),
        );
        return operation.kind === 'all' ? every(truths) : some(truths);
      }
      case 'compare':
        return value === null ? null : test(operation.operator, value, operation.value, type);
      case 'sets':
        return value === null ? null : testSets(operation.operator, value, operation.value, type);
    }
  })();
  return negated ? not(truth) : truth;
};

/** Answers requests by looking at every row, as slowly and as plainly as can be. */
export const answerRequest = ({
  schema,
  node,
}: Request): { readonly rows: readonly Json[]; readonly total: number } => {
  const rows = node.table.rows;
  return { rows: evaluate(schema, node, rows), total: choose(schema, node, rows).length };
};

const tableOf = (schema: Schema, name: string): Table =>
  schema.tables.find((table) => table.name === name) as Table;

/** Rows of the relation's target that belong to this one. */
const relatedRows = (schema: Schema, { pairs, target, junction }: Relation, row: Row): readonly Row[] => {
  const joins = (a: Row, b: Row, by: readonly (readonly [string, string])[]): boolean =>
    by.every(([own, other]) => a[own] !== null && a[own] === b[other]);
  const targets = tableOf(schema, target).rows;
  if (junction === undefined) return targets.filter((other) => joins(row, other, pairs));
  return tableOf(schema, junction.table)
    .rows.filter((between) => joins(row, between, pairs))
    .flatMap((between) => targets.filter((other) => joins(between, other, junction.pairs)));
};

const evaluateCondition = (schema: Schema, node: Node, condition: Condition, row: Row): Truth => {
  switch (condition.kind) {
    case 'filter':
      return evaluateFilter(condition, row);
    case 'logic': {
      const truths = condition.terms.map((term) => evaluateCondition(schema, node, term, row));
      const truth = condition.operator === 'and' ? every(truths) : some(truths);
      return condition.negated ? not(truth) : truth;
    }
    case 'empty': {
      const embed = node.embeds[condition.embed];
      if (embed === undefined) throw new RangeError('no such embed');
      const empty = choose(schema, embed.node, relatedRows(schema, embed.relation, row)).length === 0;
      return condition.negated ? !empty : empty;
    }
  }
};

/** The rows that conditions and inner embeds let through. */
const choose = (schema: Schema, node: Node, rows: readonly Row[]): readonly Row[] =>
  rows.filter(
    (row) =>
      node.where.every((condition) => evaluateCondition(schema, node, condition, row) === true) &&
      node.embeds.every(
        ({ inner, relation, node: child }) =>
          !inner || choose(schema, child, relatedRows(schema, relation, row)).length > 0,
      ),
  );

const orderValue = (schema: Schema, node: Node, order: Order, row: Row): Json => {
  const embed = order.embed === undefined ? undefined : node.embeds[order.embed];
  const from =
    embed === undefined ? row : choose(schema, embed.node, relatedRows(schema, embed.relation, row))[0];
  const value = from?.[order.column.name] ?? null;
  return value === null || order.path === undefined ? value : follow(value, order.path);
};

const sortRows = (schema: Schema, node: Node, rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((a, b) => {
    for (const order of node.order) {
      const [left, right] = [orderValue(schema, node, order, a), orderValue(schema, node, order, b)];
      const descending = order.direction === 'desc';
      const nullsFirst = order.nulls === undefined ? descending : order.nulls === 'first';
      const type = order.path === undefined ? order.column.type : 'text';
      const result =
        left === null || right === null
          ? (Number(right === null) - Number(left === null)) * (nullsFirst ? 1 : -1)
          : compare(left, right, type) * (descending ? -1 : 1);
      if (result !== 0) return result;
    }
    return 0;
  });

const printCast = (value: Json, { type }: Column): Json => {
  if (value === null) return null;
  return type === 'numeric(8,2)' ? (value as number).toFixed(2) : String(value);
};

const show = ({ column, path, cast }: Selected, row: Row): Json => {
  const value = row[column.name] ?? null;
  if (value !== null && path !== undefined) return follow(value, path);
  return cast ? printCast(value, column) : value;
};

const aggregate = ({ function: name, column }: Aggregate, rows: readonly Row[]): Json => {
  if (column === undefined) return rows.length;
  const values = rows.map((row) => row[column.name] ?? null).filter((value) => value !== null);
  if (name === 'count') return values.length;
  if (values.length === 0) return null;
  const cents = values.reduce<number>((sum, value) => sum + Math.round((value as number) * 100), 0);
  switch (name) {
    case 'sum':
      return cents / 100;
    case 'avg':
      return cents / 100 / values.length;
    default: {
      const sorted = values.toSorted((a, b) => compare(a, b, column.type));
      return (name === 'min' ? sorted[0] : sorted.at(-1)) ?? null;
    }
  }
};

const group = (schema: Schema, node: Node, rows: readonly Row[]): readonly Json[] => {
  const groups = new Map<string, { readonly shown: object; readonly members: Row[] }>();
  if (namesOf(node).length === 0) groups.set('{}', { shown: {}, members: [] });
  for (const row of rows) {
    const shown = shape(schema, node, row);
    const key = printJson(shown);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, { shown, members: [row] });
    else same.members.push(row);
  }
  const of = (members: readonly Row[], source: Node): readonly (readonly [string, Json])[] =>
    source.aggregates.map((one) => [one.alias, aggregate(one, members)]);
  return [...groups.values()].map(({ shown, members }) => ({
    ...shown,
    ...Object.fromEntries([
      ...of(members, node),
      ...node.embeds
        .filter(({ spread }) => spread)
        .flatMap((embed) =>
          of(
            members.flatMap((row) => choose(schema, embed.node, relatedRows(schema, embed.relation, row))),
            embed.node,
          ),
        ),
    ]),
  }));
};

const nameOf = ({ alias, column, path }: Selected): string =>
  alias ?? path?.keys.findLast((key): key is string => typeof key === 'string') ?? column.name;

/** What a node shows of no row at all, where it is spread. */
const namesOf = (node: Node): readonly string[] => [
  ...(node.star ? node.table.columns.map(({ name }) => name) : []),
  ...node.columns.map(nameOf),
  ...node.embeds.flatMap((embed) =>
    embed.spread ? namesOf(embed.node) : isHidden(embed.node) ? [] : [embedName(embed)],
  ),
];

/** Nothing is selected in it. */
const isHidden = (node: Node): boolean =>
  !node.star &&
  node.columns.length === 0 &&
  node.aggregates.length === 0 &&
  node.embeds.every((embed) => isHidden(embed.node));

const shape = (schema: Schema, node: Node, row: Row): { readonly [name: string]: Json } => {
  const own = [
    ...(node.star ? node.table.columns.map(({ name }) => [name, row[name] ?? null] as const) : []),
    ...node.columns.map((selected) => [nameOf(selected), show(selected, row)] as const),
  ];
  const embedded = node.embeds.flatMap((embed): readonly (readonly [string, Json])[] => {
    const rows = evaluate(schema, embed.node, relatedRows(schema, embed.relation, row));
    if (embed.spread && embed.relation.many)
      return namesOf(embed.node).map((name) => [name, rows.map((child) => (child as Row)[name] ?? null)]);
    const first = rows[0] as { readonly [name: string]: Json } | undefined;
    if (embed.spread) return namesOf(embed.node).map((name) => [name, first?.[name] ?? null]);
    if (isHidden(embed.node)) return [];
    return [[embedName(embed), embed.relation.many ? rows : (first ?? null)]];
  });
  return Object.fromEntries([...own, ...embedded]);
};

const evaluate = (schema: Schema, node: Node, candidates: readonly Row[]): readonly Json[] => {
  const chosen = choose(schema, node, candidates);
  if (node.aggregates.length > 0) return group(schema, node, chosen);
  const offset = node.offset ?? 0;
  return sortRows(schema, node, chosen)
    .slice(offset, node.limit === undefined ? undefined : offset + node.limit)
    .map((row) => shape(schema, node, row));
};

/** Rows in one order, where the request leaves it open: of the answer's or of the oracle's. */
export const settleOrder = (node: Node, rows: readonly Json[]): readonly Json[] => {
  const settled = rows.map((row) => {
    if (!isObject(row)) return row;
    const settledRow: Record<string, Json> = { ...row };
    for (const embed of node.embeds) settleEmbed(embed, settledRow);
    return settledRow;
  });
  if (node.order.length > 0) return settled;
  return settled.toSorted((a, b) => compareText(printJson(a), printJson(b)));
};

const settleEmbed = (embed: Node['embeds'][number], row: Record<string, Json>): void => {
  const { node, relation, spread } = embed;
  if (spread) {
    for (const child of node.embeds) settleEmbed(child, row);
    return;
  }
  const name = embedName(embed);
  const value = row[name];
  if (Array.isArray(value) && relation.many) row[name] = settleOrder(node, value);
  else if (value !== undefined && isObject(value)) row[name] = settleOrder(node, [value])[0] ?? null;
};
