import type { QualifiedName } from '../base/index.ts';
import { findCastType, findRepresentation } from '../contract/index.ts';
import type { Field, JsonStep, Operation, SelectField } from '../request/index.ts';
import type { ColumnExpression, SelectColumn } from './plan.ts';
import type { Planner, Scope, ScopeColumn } from './planner.ts';
import { refuseUnknownColumn, refuseUnknownType } from './refusals.ts';

/** A column by its name alone. */
export const bareColumn = (name: string): ColumnExpression => ({
  name,
  path: [],
  toJson: false,
  search: undefined,
  transform: undefined,
  wholeRow: false,
});

/** `*`. */
export const ALL_COLUMNS: ColumnExpression = bareColumn('*');

const holdsJson = (column: ScopeColumn | undefined): boolean =>
  column !== undefined && (column.type === 'json' || column.type === 'jsonb');

/** The column of the scope that a name means; undefined for computed fields and open scopes. */
const findColumn = (scope: Scope, name: string): ScopeColumn | undefined => {
  const column = scope.columns.get(name);
  if (column === undefined && scope.closed && !scope.computed.has(name))
    return refuseUnknownColumn(scope.alias, name, scope.columns.keys());
  return column;
};

const expression = (
  field: Field,
  column: ScopeColumn | undefined,
  transform: QualifiedName | undefined,
  search: ColumnExpression['search'] = undefined,
): ColumnExpression => ({
  name: field.name,
  path: field.path,
  toJson: field.path.length > 0 && !holdsJson(column),
  search,
  transform,
  wholeRow: false,
});

/** The column as it is ordered by. */
export const planOrderColumn = (scope: Scope, field: Field): ColumnExpression =>
  expression(field, findColumn(scope, field.name), undefined);

/**
 * The column as it is filtered. Literals are read by the domain's representation (text → domain), if
 * it has one; text search makes a tsvector of what is none.
 */
export const planFilterColumn = (
  planner: Planner,
  scope: Scope,
  field: Field,
  operation: Operation,
): ColumnExpression => {
  const column = findColumn(scope, field.name);
  const transform =
    column && scope.represented
      ? findRepresentation(planner.contract, 'text', column.type)?.function
      : undefined;
  const search =
    operation.kind === 'search' && column !== undefined && column.baseType !== 'tsvector'
      ? { language: operation.language }
      : undefined;
  return expression(field, column, transform, search);
};

/** What a domain shows of itself in JSON, if it has such a representation. */
const outputTransform = (
  planner: Planner,
  scope: Scope,
  column: ScopeColumn | undefined,
): QualifiedName | undefined =>
  column && scope.represented
    ? findRepresentation(planner.contract, column.type, 'json')?.function
    : undefined;

/** `select=data->a->0` shows as `a`: the last key, or the column where there is none. */
const lastKey = (field: Field): string => {
  for (let i = field.path.length - 1; i >= 0; i--) {
    const operand = (field.path[i] as JsonStep).operand;
    if (operand.kind === 'key') return operand.key;
  }
  return field.name;
};

const planCast = (planner: Planner, name: string | undefined): string | undefined =>
  name === undefined
    ? undefined
    : (findCastType(planner.contract, planner.schema, name) ?? refuseUnknownType(name));

/** The alias that a selected column has: its own, or one that its expression needs to be named at all. */
const planAlias = (item: SelectField, transformed: boolean, spread: boolean): string | undefined => {
  if (item.alias !== undefined) return item.alias;
  if (item.aggregate !== undefined) return spread ? item.aggregate : undefined;
  if (item.field.path.length > 0) return lastKey(item.field);
  return transformed ? item.field.name : undefined;
};

/** `select=count` counts rows, if there is no such column: so it was before there was `count()`. */
export const isCountColumn = (scope: Scope, { field, aggregate }: SelectField): boolean =>
  field.name === 'count' &&
  field.path.length === 0 &&
  aggregate === undefined &&
  scope.closed &&
  !scope.columns.has('count') &&
  !scope.computed.has('count');

const planCount = (planner: Planner, item: SelectField): SelectColumn => ({
  column: ALL_COLUMNS,
  cast: undefined,
  aggregate: 'count',
  aggregateCast: planCast(planner, item.cast),
  alias: item.alias,
});

/** One item of `select`. */
export const planSelectColumn = (
  planner: Planner,
  scope: Scope,
  item: SelectField,
  spread: boolean,
): SelectColumn => {
  if (isCountColumn(scope, item)) return planCount(planner, item);
  const star = item.field.name === '*' && item.field.path.length === 0;
  const column = star ? undefined : findColumn(scope, item.field.name);
  const transform = outputTransform(planner, scope, column);
  return {
    column: star ? ALL_COLUMNS : expression(item.field, column, transform),
    cast: planCast(planner, item.cast),
    aggregate: item.aggregate,
    aggregateCast: planCast(planner, item.aggregateCast),
    alias: planAlias(item, transform !== undefined, spread),
  };
};

const selectBare = (column: ColumnExpression, alias: string | undefined): SelectColumn => ({
  column,
  cast: undefined,
  aggregate: undefined,
  aggregateCast: undefined,
  alias,
});

/** `*` written out: needed where rows are grouped or spread, or where a domain shows as something else. */
const expandStar = (planner: Planner, scope: Scope): readonly SelectColumn[] =>
  [...scope.columns.values()].map((column) => {
    const transform = outputTransform(planner, scope, column);
    return selectBare(
      { ...bareColumn(column.name), transform },
      transform === undefined ? undefined : column.name,
    );
  });

const isStar = ({ column }: SelectColumn): boolean => column.name === '*' && column.path.length === 0;

/**
 * Writes `*` out where it cannot stand as it is: `grouped` rows need each column named, and so do
 * domains with a representation. In a spread, `count()` counts the rows of that resource alone.
 */
export const expandStars = (
  planner: Planner,
  scope: Scope,
  columns: readonly SelectColumn[],
  grouped: boolean,
  spread: boolean,
): readonly SelectColumn[] => {
  const expands = columns.some(
    (select) =>
      isStar(select) && (select.aggregate === undefined || (spread && select.aggregate === 'count')),
  );
  if (!expands || !scope.closed) return columns;
  const represented = [...scope.columns.values()].some((column) => outputTransform(planner, scope, column));
  if (!grouped && !represented) return columns;
  return columns.flatMap((select) => {
    if (!isStar(select)) return [select];
    if (select.aggregate === undefined) return expandStar(planner, scope);
    return spread && select.aggregate === 'count'
      ? [{ ...select, column: { ...select.column, wholeRow: true } }]
      : [select];
  });
};
