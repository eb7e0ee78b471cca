import type { QualifiedName } from '../base/index.ts';
import type { AttributeNumber, ForeignKey, Model, Oid, Relation } from './model.ts';
import { showKey, shownTables } from './view-columns.ts';

/** A relation that has all columns of one end of a foreign key: the table itself, or a view of it. */
export type ForeignKeyEnd = {
  readonly relation: QualifiedName;
  readonly isView: boolean;
  /** The columns' names there, in the order of the constraint. */
  readonly columns: readonly string[];
};

/** A foreign key with every relation that can stand at one of its ends. */
export type ForeignKeyEnds = {
  readonly key: ForeignKey;
  readonly from: readonly ForeignKeyEnd[];
  readonly to: readonly ForeignKeyEnd[];
};

const nameOf = ({ schema, name }: Relation): QualifiedName => ({ schema, name });

/** Finds the ends of every foreign key: the tables and the views through which it can be followed. */
export const findForeignKeyEnds = (
  model: Model,
  relationByOid: ReadonlyMap<Oid, Relation>,
): readonly ForeignKeyEnds[] => {
  const viewsOf = new Map<Oid, { view: QualifiedName; shown: ReturnType<typeof shownTables> }[]>();
  for (const view of model.relations) {
    if (view.kind !== 'view' && view.kind !== 'materialized view') continue;
    const shown = shownTables(view);
    for (const table of shown.keys()) {
      const entry = { view: nameOf(view), shown };
      const views = viewsOf.get(table);
      if (views === undefined) viewsOf.set(table, [entry]);
      else views.push(entry);
    }
  }
  const endsAt = (oid: Oid, key: readonly AttributeNumber[]): readonly ForeignKeyEnd[] => {
    const table = relationByOid.get(oid);
    if (table === undefined) return [];
    const byNumber = new Map(table.columns.map((column) => [column.number, column.name]));
    const own: ForeignKeyEnd = {
      relation: nameOf(table),
      isView: false,
      columns: key.map((number) => byNumber.get(number) ?? ''),
    };
    const seen = (viewsOf.get(oid) ?? []).flatMap(({ view, shown }) =>
      showKey(shown.get(oid) ?? new Map(), key).map((columns) => ({ relation: view, isView: true, columns })),
    );
    return [own, ...seen];
  };
  return model.foreignKeys.map((key) => ({
    key,
    from: endsAt(key.relation, key.columns),
    to: endsAt(key.foreignRelation, key.foreignColumns),
  }));
};
