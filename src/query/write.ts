import type { FixedColumn, PayloadColumn, WritePlan } from '../plan/index.ts';
import { quoteIdent, quoteLiteral } from '../sql/index.ts';
import { type ExistsSql, predicateSql } from './condition.ts';
import { BODY, bindSql, nameSql, slotSql, type Writer } from './writer.ts';

/** Counts the rows that a statement inserted, not those that it updated instead (PUT, upserts). */
export const INSERTED = 'ashlar.inserted';

const noEmbeds: ExistsSql = (as) => {
  throw new TypeError(`a write has no embed ${as}`);
};

const list = (names: readonly string[]): string => names.map(quoteIdent).join(', ');

/** True for every row, and by the way one more (or one less) in the counter. */
const countSql = (by: '+ 1' | '- 1'): string =>
  `set_config('${INSERTED}', (coalesce(nullif(current_setting('${INSERTED}', true), '')::int, 0) ${by})::text, true) IS NOT NULL`;

/** Defaults of the columns as one jsonb object, for fields that the payload lacks. */
const defaultsSql = (columns: readonly PayloadColumn[]): string =>
  `jsonb_build_object(${columns
    .filter((column) => column.default !== undefined)
    .map((column) => `${quoteLiteral(column.name)}, ${column.default}`)
    .join(', ')})`;

/** The payload's fields as rows of a table function, each of its column's type. */
const recordsSql = (writer: Writer, plan: WritePlan): string => {
  const array = plan.payload === 'array';
  if (plan.columns.length === 0 && !array) return '(VALUES (1)) AS _';
  const body = bindSql(writer, { from: 'body', as: 'json' });
  if (plan.columns.length === 0) return `json_array_elements(${body}) AS _`;
  const fields = plan.columns.map(({ name, type }) => `${quoteIdent(name)} ${type}`).join(', ');
  if (!plan.applyDefaults)
    return `${array ? 'json_to_recordset' : 'json_to_record'}(${body}) AS _(${fields})`;
  const defaults = defaultsSql(plan.columns);
  return array
    ? `(SELECT jsonb_agg(${defaults} || elem) AS val FROM jsonb_array_elements(${body}) AS elem) AS pgrst_defaults, LATERAL jsonb_to_recordset(pgrst_defaults.val) AS _(${fields})`
    : `jsonb_to_record(${defaults} || ${body}::jsonb) AS _(${fields})`;
};

const fieldSql = ({ name, transform }: PayloadColumn): string =>
  transform === undefined
    ? `_.${quoteIdent(name)}`
    : `${nameSql(transform)}(_.${quoteIdent(name)}) AS ${quoteIdent(name)}`;

/** The payload's rows under the name that filters of a PUT and assignments of an UPDATE use. */
const payloadSql = (writer: Writer, plan: WritePlan, limit: string, alias: string): string => {
  const fields = plan.columns.map(fieldSql).join(', ');
  return `(SELECT ${fields} FROM ${recordsSql(writer, plan)}${limit}) AS ${alias}`;
};

const returningSql = (plan: WritePlan): string => {
  if (plan.returning.length === 0) return '';
  const alias = quoteIdent(plan.relation.name);
  const columns = plan.returning.map((name) =>
    name === '*' ? `${alias}.*` : `${alias}.${quoteIdent(name)}`,
  );
  return ` RETURNING ${columns.join(', ')}`;
};

const whereSql = (writer: Writer, plan: WritePlan, alias: string): readonly string[] =>
  plan.where.map((predicate) => predicateSql(writer, alias, predicate, noEmbeds));

/** The columns that the payload's row gives: all that it has but those that the path gives. */
const givenColumns = ({ columns, fixed = [] }: WritePlan): readonly string[] =>
  columns.map(({ name }) => name).filter((name) => !fixed.some((other) => other.name === name));

const fixedSql = (writer: Writer, plan: WritePlan, { type, value }: FixedColumn): string =>
  value.from === 'slot'
    ? `${slotSql(writer, value.slot)}::${type}`
    : `${quoteIdent(plan.parent?.alias ?? '')}.${quoteIdent(value.column)}`;

/** The item that what is written is related to, beside the payload's rows. */
const parentSql = (
  writer: Writer,
  plan: WritePlan,
): { readonly from: string; readonly where: readonly string[] } => {
  const { parent } = plan;
  if (parent === undefined) return { from: '', where: [] };
  return {
    from: `, ${nameSql(parent.relation)} AS ${quoteIdent(parent.alias)}`,
    where: parent.key.map((predicate) => predicateSql(writer, parent.alias, predicate, noEmbeds)),
  };
};

/** An item that exists already becomes what the body says; where that is nothing, it is touched all the same. */
const replaceSql = (plan: WritePlan): readonly string[] => {
  const set = [
    ...givenColumns(plan).map((name) => `${quoteIdent(name)} = EXCLUDED.${quoteIdent(name)}`),
    ...(plan.resets ?? []).map((name) => `${quoteIdent(name)} = DEFAULT`),
  ];
  if (set.length > 0) return set;
  return (plan.fixed ?? []).map(({ name }) => `${quoteIdent(name)} = EXCLUDED.${quoteIdent(name)}`);
};

const conflictSql = (plan: WritePlan): string => {
  if (plan.conflict === undefined || plan.conflict.columns.length === 0) return '';
  const target = ` ON CONFLICT (${list(plan.conflict.columns)})`;
  const set = replaceSql(plan);
  if (plan.conflict.resolution === 'ignore' || set.length === 0) return `${target} DO NOTHING`;
  const counted = plan.countInserted ? ` WHERE ${countSql('- 1')}` : '';
  return `${target} DO UPDATE SET ${set.join(', ')}${counted}`;
};

const insertSql = (writer: Writer, plan: WritePlan): string => {
  const { fixed = [] } = plan;
  const given = givenColumns(plan);
  const names = [...given, ...fixed.map(({ name }) => name)];
  const into = names.length === 0 ? '' : ` (${list(names)})`;
  const fields = [
    ...given.map((name) => `${BODY}.${quoteIdent(name)}`),
    ...fixed.map((column) => fixedSql(writer, plan, column)),
  ].join(', ');
  const parent = parentSql(writer, plan);
  const from = `${payloadSql(writer, plan, '', BODY)}${parent.from}`;
  const where = [
    ...(plan.countInserted ? [countSql('+ 1')] : []),
    ...parent.where,
    ...whereSql(writer, plan, BODY),
  ];
  const filter = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
  return `INSERT INTO ${nameSql(plan.relation)}${into} SELECT ${fields} FROM ${from}${filter}${conflictSql(plan)}${returningSql(plan)}`;
};

const updateSql = (writer: Writer, plan: WritePlan): string => {
  const { name } = plan.relation;
  const alias = quoteIdent(name);
  // Nothing to set: no row is touched, but the columns that the answer names exist.
  const given = givenColumns(plan);
  const { resets = [], bodyWhere = [] } = plan;
  if (given.length === 0 && resets.length === 0) {
    const columns = plan.returning.map((column) =>
      column === '*' ? `${alias}.*` : `${alias}.${quoteIdent(column)}`,
    );
    return `SELECT ${columns.length === 0 ? 'NULL' : columns.join(', ')} FROM ${nameSql(plan.relation)} WHERE ${plan.byKey ? whereSql(writer, plan, name).join(' AND ') : 'false'}`;
  }
  const body = name === BODY ? `${BODY}_` : BODY;
  const set = [
    ...given.map((column) => `${quoteIdent(column)} = ${body}.${quoteIdent(column)}`),
    ...resets.map((column) => `${quoteIdent(column)} = DEFAULT`),
  ];
  const from = payloadSql(writer, plan, ' LIMIT 1', body);
  const where = [
    ...whereSql(writer, plan, name),
    ...bodyWhere.map((predicate) => predicateSql(writer, body, predicate, noEmbeds)),
  ];
  const filter = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
  return `UPDATE ${nameSql(plan.relation)} SET ${set.join(', ')} FROM ${from}${filter}${returningSql(plan)}`;
};

const deleteSql = (writer: Writer, plan: WritePlan): string => {
  const where = whereSql(writer, plan, plan.relation.name);
  const filter = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
  return `DELETE FROM ${nameSql(plan.relation)}${filter}${returningSql(plan)}`;
};

/**
 * The statement that writes.
 *
 * @example writeSql(w, plan) // DELETE FROM "public"."posts" WHERE "posts"."id" = $1
 */
export const writeSql = (writer: Writer, plan: WritePlan): string => {
  switch (plan.kind) {
    case 'insert':
      return insertSql(writer, plan);
    case 'update':
      return updateSql(writer, plan);
    case 'delete':
      return deleteSql(writer, plan);
  }
};
