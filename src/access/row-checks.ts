import type { Session } from '../db/index.ts';
import type { Model, Relation } from '../model/index.ts';
import { constantsIn } from './looked-at.ts';

/** The columns that each CHECK constraint of a table looks at; the key is `relation oid/constraint`. */
export type RowChecks = ReadonlyMap<string, readonly string[]>;

type Check = {
  readonly relation: number;
  readonly name: string;
  readonly columns: readonly string[];
  readonly text: string;
};

const checksSql = `
select coalesce(json_agg(json_build_object(
  'relation', c.conrelid::bigint, 'name', c.conname, 'text', pg_get_constraintdef(c.oid),
  'columns', (select json_agg(a.attname) from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any(c.conkey))
)), '[]')::text as answer
from pg_constraint c where c.contype = 'c' and c.conrelid <> 0 and c.conkey is not null`;

/** The values of `status in ('draft', 'published')`; undefined: the check asks something else. */
const listedIn = ({ columns, text }: Check): readonly string[] | undefined =>
  columns.length === 1 && /= ANY \(+ARRAY\[/.test(text) && !/<>|\b(?:NOT|AND)\b/.test(text)
    ? constantsIn(text)
    : undefined;

/**
 * Reads what CHECK constraints ask of rows. In the model that comes back, a column whose check lists its values
 * has them as if its type were an enum, the default first.
 */
export const readRowChecks = async (
  session: Session,
  model: Model,
): Promise<{ readonly checks: RowChecks; readonly model: Model }> => {
  const [row] = await session.query(checksSql);
  const found = JSON.parse(row?.answer ?? '[]') as readonly Check[];
  const listed = new Map(
    found.flatMap((check) => {
      const values = listedIn(check);
      return values === undefined || values.length === 0
        ? []
        : [[`${check.relation}/${check.columns[0]}`, values] as const];
    }),
  );
  const withValues = (relation: Relation): Relation => ({
    ...relation,
    columns: relation.columns.map((column) => {
      const values = listed.get(`${relation.oid}/${column.name}`);
      if (values === undefined || column.enumValues.length > 0 || column.baseType.endsWith('[]'))
        return column;
      const usual = values.filter((value) => column.default?.startsWith(`'${value}'`));
      return { ...column, enumValues: [...new Set([...usual, ...values])] };
    }),
  });
  return {
    checks: new Map(found.map((check) => [`${check.relation}/${check.name}`, check.columns])),
    model: { ...model, relations: model.relations.map(withValues) },
  };
};
