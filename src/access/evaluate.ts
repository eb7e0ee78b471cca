import type { Relation } from '../model/index.ts';
import { quoteIdent, quoteLiteral, quoteQualified } from '../sql/index.ts';
import type { Caller, Stage } from './stage.ts';
import type { Value } from './values.ts';

export type RowJson = { readonly [column: string]: Value };

/** What an expression gives for a row: as a condition, with NULL as no; or why it gives nothing. */
export type Evaluated = { readonly value: boolean } | { readonly error: string; readonly code: string };

/**
 * SQL: rows under the name by which expressions know their table, and a number for each. Postgres prints the
 * columns of an expression's own table without that name, and those of others with theirs, so that what was
 * printed can be asked again as it stands.
 */
export const rowsSql = (relation: Relation, rows: readonly RowJson[]): string =>
  `(values ${rows.map((row, i) => `(${i}, ${quoteLiteral(JSON.stringify(row))}::jsonb)`).join(', ')}) "ashlar row" ("ashlar number", "ashlar json"),
   lateral jsonb_populate_record(null::${quoteQualified(relation)}, "ashlar row"."ashlar json") ${quoteIdent(relation.name)}`;

/**
 * Evaluates conditions for rows in somebody's name, each for each: `result[row][expression]`. What fails
 * together is tried one by one.
 */
export const evaluateRows = async (
  stage: Stage,
  caller: Caller,
  relation: Relation,
  rows: readonly RowJson[],
  expressions: readonly string[],
): Promise<readonly (readonly Evaluated[])[]> => {
  if (rows.length === 0 || expressions.length === 0) return rows.map(() => []);
  const list = expressions.map((text, i) => `coalesce((${text})::boolean, false) as "${i}"`).join(', ');
  const tried = await stage.try(
    caller,
    `select ${list} from ${rowsSql(relation, rows)} order by "ashlar number"`,
  );
  if (tried.ok)
    return tried.rows.map((row) => expressions.map((_, i) => ({ value: row[String(i)] === 't' })));
  if (rows.length === 1 && expressions.length === 1)
    return [[{ error: tried.error.message, code: tried.error.code }]];
  if (expressions.length > 1) {
    const columns: (readonly (readonly Evaluated[])[])[] = [];
    for (const text of expressions) columns.push(await evaluateRows(stage, caller, relation, rows, [text]));
    return rows.map((_, r) => columns.map((column) => column[r]?.[0] as Evaluated));
  }
  // Rights on tables that an expression reads are checked before any row: all rows fail alike.
  if (tried.error.code === '42501' || tried.error.code === '42P17')
    return rows.map(() => [{ error: tried.error.message, code: tried.error.code }]);
  const singly: (readonly Evaluated[])[] = [];
  for (const row of rows)
    singly.push((await evaluateRows(stage, caller, relation, [row], expressions))[0] ?? []);
  return singly;
};
