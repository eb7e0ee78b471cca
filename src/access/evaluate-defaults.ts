import type { Relation } from '../model/index.ts';
import { quoteLiteral } from '../sql/index.ts';
import type { Caller, Stage } from './stage.ts';
import type { Value } from './values.ts';

/**
 * What the columns of a new row are that nobody gives, in somebody's name. Numbers of sequences are made up: a
 * policy that looked at them would look at a key that is not there yet.
 */
export const evaluateDefaults = async (
  stage: Stage,
  caller: Caller,
  relation: Relation,
): Promise<{ readonly values: { readonly [column: string]: Value } }> => {
  const values: Record<string, Value> = {};
  const asked: string[] = [];
  for (const column of relation.columns) {
    if (column.generated !== null) continue;
    if (column.identity !== null || column.default?.startsWith('nextval(')) values[column.name] = 800_001;
    else if (column.default !== null) asked.push(`${quoteLiteral(column.name)}, ${column.default}`);
  }
  if (asked.length === 0) return { values };
  const tried = await stage.try(
    caller,
    `select jsonb_build_object(${asked.slice(0, 50).join(', ')})::text as json`,
  );
  if (tried.ok) Object.assign(values, JSON.parse(tried.rows[0]?.json ?? '{}'));
  return { values };
};
