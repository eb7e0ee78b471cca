import type { Relation } from '../../model/index.ts';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../sql/index.ts';
import type { Row } from './api.ts';

/** SQL: a value of a row, as the column's type. */
export const valueSql = (relation: Relation, row: Row, column: string): string =>
  `(jsonb_populate_record(null::${quoteQualified(relation)}, ${quoteLiteral(JSON.stringify(row))}::jsonb)).${quoteIdent(column)}`;

/** SQL: the condition that a row is like this one in the columns that it names. */
export const likeSql = (relation: Relation, row: Row): string => {
  const names = Object.keys(row);
  return names.length === 0
    ? 'true'
    : names
        .map((name) =>
          row[name] === null
            ? `${quoteIdent(name)} is null`
            : `${quoteIdent(name)} = ${valueSql(relation, row, name)}`,
        )
        .join(' and ');
};

/**
 * SQL: adds a row of these values.
 *
 * @param override also where the database would give a value of its own
 */
export const addSql = (relation: Relation, row: Row, override = false): string => {
  const names = Object.keys(row);
  const name = quoteQualified(relation);
  return names.length === 0
    ? `insert into ${name} default values`
    : `insert into ${name} (${names.map(quoteIdent).join(', ')})${override ? ' overriding system value' : ''} values (${names.map((column) => valueSql(relation, row, column)).join(', ')})`;
};

/** Where the rows are that are like this one. */
export const placesSql = (relation: Relation, row: Row): string =>
  `select tableoid::bigint || '/' || ctid::text as place from ${quoteQualified(relation)} where ${likeSql(relation, row)}`;

/** SQL: the condition that a row is at one of these places. */
export const atSql = (places: readonly string[]): string => {
  const ctids = places.map((place) => place.slice(place.indexOf('/') + 1));
  return `ctid = any('{${ctids.map((ctid) => `"${ctid}"`).join(',')}}'::tid[])`;
};

/** SQL: which of these places still hold a row. */
export const stillSql = (relation: Relation, places: readonly string[]): string =>
  `select tableoid::bigint || '/' || ctid::text as place from ${quoteQualified(relation)} where ${atSql(places)}`;
