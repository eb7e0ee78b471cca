import type { AttributeNumber, Oid, Relation } from './model.ts';

/** Where a view shows the columns of one base table: for each, the names it has in the view. */
export type ShownColumns = ReadonlyMap<AttributeNumber, readonly string[]>;

/** Which base tables' columns a view shows, by the tables. */
export const shownTables = (view: Relation): ReadonlyMap<Oid, ShownColumns> => {
  const tables = new Map<Oid, Map<AttributeNumber, readonly string[]>>();
  for (const { name, origin } of view.columns) {
    if (origin === null) continue;
    const shown = tables.get(origin.relation) ?? new Map<AttributeNumber, readonly string[]>();
    tables.set(origin.relation, shown.set(origin.column, [...(shown.get(origin.column) ?? []), name]));
  }
  return tables;
};

/**
 * The ways in which a view shows all columns of a key: a column that the view has twice makes two.
 * None if a column is missing.
 */
export const showKey = (
  shown: ShownColumns,
  key: readonly AttributeNumber[],
): readonly (readonly string[])[] =>
  key.reduce<readonly (readonly string[])[]>(
    (ways, column) => ways.flatMap((way) => (shown.get(column) ?? []).map((name) => [...way, name])),
    [[]],
  );
