import type { Column, ColumnOrigin, Oid, Relation } from '../model/index.ts';
import { showKey, shownTables } from '../model/index.ts';
import type { CatalogRelation } from './catalog-answer.ts';
import { readViewRule, type ViewRule } from './view-rule.ts';

type View = { readonly relation: CatalogRelation; readonly rule: ViewRule };

/** What is known of a column when all views between it and its table are looked through. */
type Seen = { readonly origin: ColumnOrigin | null; readonly nullable: boolean };

const NOTHING: Seen = { origin: null, nullable: true };

/**
 * Follows the columns of views through views to the columns of tables, and gives the views what they
 * have of the tables: the columns' origins, NOT NULL and the primary keys.
 *
 * A column keeps its NOT NULL unless a view on the way has an outer join or grouping sets. A view has
 * the primary keys of all tables that it shows the whole key of.
 */
export const resolveViews = (relations: readonly CatalogRelation[]): readonly Relation[] => {
  const byOid = new Map(relations.map((relation) => [relation.oid, relation]));
  const views = new Map<Oid, View>();
  for (const relation of relations)
    if (relation.rule !== null) views.set(relation.oid, { relation, rule: readViewRule(relation.rule) });

  const seen = new Map<string, Seen>();
  const look = (oid: Oid, number: number): Seen => {
    const key = `${oid}.${number}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    seen.set(key, NOTHING); // Views can be made to go round in a circle.
    const found = lookOnce(oid, number);
    seen.set(key, found);
    return found;
  };
  const lookOnce = (oid: Oid, number: number): Seen => {
    const view = views.get(oid);
    if (view === undefined) {
      const column = byOid.get(oid)?.columns.find((item) => item.number === number);
      return column === undefined
        ? NOTHING
        : { origin: { relation: oid, column: number }, nullable: column.nullable };
    }
    const origin = view.rule.origins.get(number);
    if (origin === undefined) return NOTHING;
    const below = look(origin.relation, origin.column);
    return { origin: below.origin, nullable: below.nullable || view.rule.addsNulls };
  };

  const resolveColumns = (view: Relation): readonly Column[] =>
    view.columns.map((column) => {
      const { origin, nullable } = look(view.oid, column.number);
      return { ...column, origin, nullable: column.nullable && nullable };
    });

  const keyNumbers = (table: Relation): readonly number[] =>
    table.primaryKey.map((name) => table.columns.find((column) => column.name === name)?.number ?? 0);

  const primaryKeyOf = (view: Relation): readonly string[] => {
    const shown = shownTables(view);
    return relations.flatMap((table) => {
      const columns = shown.get(table.oid);
      if (columns === undefined || table.primaryKey.length === 0) return [];
      return showKey(columns, keyNumbers(table))[0] ?? [];
    });
  };

  return relations.map(({ rule, ...relation }) => {
    if (rule === null) return relation;
    const view = { ...relation, columns: resolveColumns(relation) };
    return { ...view, primaryKey: primaryKeyOf(view) };
  });
};
