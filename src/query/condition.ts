import type { ColumnExpression, Predicate } from '../plan/index.ts';
import type { Operation } from '../request/index.ts';
import { columnSql } from './column.ts';
import { modifiedSql, versionSql } from './version.ts';
import { bindSql, languageSql, nameSql, slotSql, type Writer } from './writer.ts';

const COMPARE = {
  eq: '=',
  gte: '>=',
  gt: '>',
  lte: '<=',
  lt: '<',
  like: 'like',
  ilike: 'ilike',
  match: '~',
  imatch: '~*',
} as const;

const SIMPLE = {
  neq: '<>',
  cs: '@>',
  cd: '<@',
  ov: '&&',
  sl: '<<',
  sr: '>>',
  nxr: '&<',
  nxl: '&>',
  adj: '-|-',
} as const;

const SEARCH = {
  fts: 'to_tsquery',
  plfts: 'plainto_tsquery',
  phfts: 'phraseto_tsquery',
  wfts: 'websearch_to_tsquery',
} as const;

const IS = {
  null: 'NULL',
  not_null: 'NOT NULL',
  true: 'TRUE',
  false: 'FALSE',
  unknown: 'UNKNOWN',
} as const;

/** A literal, read by the domain's representation where it has one. */
const literalSql = (column: ColumnExpression, literal: string): string =>
  column.transform === undefined ? literal : `${nameSql(column.transform)}(${literal})`;

const operationSql = (writer: Writer, column: ColumnExpression, operation: Operation): string => {
  switch (operation.kind) {
    case 'compare': {
      const pattern = operation.operator === 'like' || operation.operator === 'ilike';
      const literal = pattern
        ? slotSql(writer, operation.value, 'pattern')
        : literalSql(column, slotSql(writer, operation.value));
      const operand =
        operation.quantifier === undefined ? literal : `${operation.quantifier.toUpperCase()}(${literal})`;
      return `${COMPARE[operation.operator]} ${operand}`;
    }
    case 'simple':
      return `${SIMPLE[operation.operator]} ${literalSql(column, slotSql(writer, operation.value))}`;
    // ANY of one array, not IN of many parameters: the statement is the same for lists of any length.
    case 'in': {
      const list = slotSql(writer, operation.values, 'list');
      return column.transform === undefined
        ? `= ANY (${list})`
        : `= ANY (ARRAY(SELECT ${nameSql(column.transform)}(v) FROM unnest(${list}::text[]) AS v))`;
    }
    case 'is':
      return `IS ${IS[operation.value]}`;
    case 'isdistinct':
      return `IS DISTINCT FROM ${slotSql(writer, operation.value)}`;
    case 'search': {
      const language = operation.language === undefined ? '' : `${languageSql(writer, operation.language)}, `;
      return `@@ ${SEARCH[operation.operator]}(${language}${slotSql(writer, operation.value)})`;
    }
  }
};

/** Writes the test whether an embed, named by its `as`, has rows. */
export type ExistsSql = (embed: string) => string;

/** A filter, or a tree of them. */
export const predicateSql = (
  writer: Writer,
  alias: string,
  predicate: Predicate,
  existsSql: ExistsSql,
): string => {
  switch (predicate.kind) {
    case 'filter': {
      const column = columnSql(writer, alias, predicate.column);
      const test = `${column} ${operationSql(writer, predicate.column, predicate.operation)}`;
      return predicate.negated ? `NOT (${test})` : test;
    }
    case 'logic': {
      const terms = predicate.terms.map((term) => predicateSql(writer, alias, term, existsSql));
      const joined = `(${terms.join(predicate.operator === 'and' ? ' AND ' : ' OR ')})`;
      return predicate.negated ? `NOT ${joined}` : joined;
    }
    case 'version':
      return `${versionSql(alias, predicate.columns)} = ANY (${bindSql(writer, { from: 'condition', part: 'match' })}::text[])`;
    case 'never':
      return 'false';
    case 'unmodified':
      return `${modifiedSql(alias, predicate.column)} <= ${bindSql(writer, { from: 'condition', part: 'unmodified' })}::bigint`;
    case 'embed-null':
      return predicate.negated ? existsSql(predicate.embed) : `NOT ${existsSql(predicate.embed)}`;
  }
};
