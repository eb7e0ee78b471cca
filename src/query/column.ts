import type { ColumnExpression, SelectColumn } from '../plan/index.ts';
import type { Aggregate } from '../request/index.ts';
import { quoteIdent } from '../sql/index.ts';
import { languageSql, nameSql, shapeSql, type Writer } from './writer.ts';

const pathSql = (writer: Writer, column: ColumnExpression): string =>
  column.path
    .map(({ arrow, operand }) =>
      operand.kind === 'key'
        ? `${arrow}${shapeSql(writer, 'key', operand.key)}`
        : `${arrow}${shapeSql(writer, 'index', String(operand.index))}::int`,
    )
    .join('');

/**
 * A column as it stands in a statement, without what a representation would make of it.
 *
 * @example columnSql(w, 'posts', column) // "posts"."data"->$1->>$2
 */
export const columnSql = (writer: Writer, alias: string, column: ColumnExpression): string => {
  const owner = quoteIdent(alias);
  // The bare name of the row would be taken for a column that is called so.
  const base = column.wholeRow
    ? `ROW(${owner}.*)`
    : column.name === '*'
      ? `${owner}.*`
      : `${owner}.${quoteIdent(column.name)}`;
  const led =
    column.path.length === 0
      ? base
      : `${column.toJson ? `to_jsonb(${base})` : base}${pathSql(writer, column)}`;
  if (column.search === undefined) return led;
  const { language } = column.search;
  return `to_tsvector(${language === undefined ? '' : `${languageSql(writer, language)}, `}${led})`;
};

export const castSql = (expression: string, type: string | undefined): string =>
  type === undefined ? expression : `CAST(${expression} AS ${type})`;

export const aliasSql = (alias: string | undefined): string =>
  alias === undefined ? '' : ` AS ${quoteIdent(alias)}`;

/**
 * An aggregate of a value. `count` takes any type, so a function of that name for one type would be preferred
 * to it; the others may be meant to be those of an extension's type.
 */
export const aggregateSql = (aggregate: Aggregate, value: string, cast: string | undefined): string =>
  castSql(`${aggregate === 'count' ? 'pg_catalog.count' : aggregate}(${value})`, cast);

/** One item of a select list. */
export const selectSql = (writer: Writer, alias: string, select: SelectColumn): string => {
  const column = columnSql(writer, alias, select.column);
  const shown =
    select.column.transform === undefined ? column : `${nameSql(select.column.transform)}(${column})`;
  const cast = castSql(shown, select.cast);
  const value =
    select.aggregate === undefined ? cast : aggregateSql(select.aggregate, cast, select.aggregateCast);
  return `${value}${aliasSql(select.alias)}`;
};
