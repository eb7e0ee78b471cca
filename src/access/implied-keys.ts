import type { ForeignKey, Model } from '../model/index.ts';
import { type DecidingText, textsReading } from './looked-at.ts';

/**
 * References that no constraint keeps: a column that something decides by, and that is called and typed like
 * the foreign keys of other tables, which all refer to the same.
 */
export const findImpliedKeys = (model: Model, texts: readonly DecidingText[]): readonly ForeignKey[] => {
  const byOid = new Map(model.relations.map((relation) => [relation.oid, relation]));
  const columnAt = (oid: number, number: number) =>
    byOid.get(oid)?.columns.find((column) => column.number === number);
  const single = model.foreignKeys.filter(
    (key) => key.columns.length === 1 && byOid.get(key.foreignRelation)?.schema !== 'auth',
  );
  return model.relations.flatMap((relation) =>
    relation.columns.flatMap((column) => {
      if (relation.primaryKey.includes(column.name)) return [];
      if (
        model.foreignKeys.some((key) => key.relation === relation.oid && key.columns.includes(column.number))
      )
        return [];
      const alike = single.filter((key) => {
        const own = columnAt(key.relation, key.columns[0] as number);
        return (
          byOid.get(key.relation)?.schema === relation.schema &&
          own?.name === column.name &&
          own.baseType === column.baseType
        );
      });
      const [first] = alike;
      if (first === undefined || alike.some((key) => key.foreignRelation !== first.foreignRelation))
        return [];
      if (first.foreignRelation === relation.oid) return [];
      if (textsReading(texts, relation, column).length === 0) return [];
      return [{ ...first, relation: relation.oid, columns: [column.number], unique: false }];
    }),
  );
};
