import type { Relation } from '../model/index.ts';
import { type Evaluated, evaluateRows, type RowJson } from './evaluate.ts';
import { expressionOf, type RowRule } from './row-rule.ts';
import type { Caller, Stage } from './stage.ts';

/** What the policies say of a row; null: an expression failed, so a statement would, too. */
export type Judgement = { readonly allowed: boolean | null; readonly error: string | undefined };

const allow: Judgement = { allowed: true, error: undefined };
const refuse: Judgement = { allowed: false, error: undefined };

/** Judges rows by a rule's expressions of one part: the rows that are found (`using`), or those that are made. */
export const judgeRows = async (
  stage: Stage,
  caller: Caller,
  relation: Relation,
  rule: RowRule,
  part: 'using' | 'check',
  rows: readonly RowJson[],
): Promise<readonly Judgement[]> => {
  if (rule.kind === 'every row') return rows.map(() => allow);
  if (rule.kind === 'no row') return rows.map(() => refuse);
  const permissive = rule.permissive.flatMap((policy) => expressionOf(policy, part) ?? []);
  const restrictive = rule.restrictive.flatMap((policy) => expressionOf(policy, part) ?? []);
  const results = await evaluateRows(stage, caller, relation, rows, [...permissive, ...restrictive]);
  return results.map((row) => combine(row.slice(0, permissive.length), row.slice(permissive.length)));
};

const combine = (permissive: readonly Evaluated[], restrictive: readonly Evaluated[]): Judgement => {
  // Rights are checked for the whole statement, so one policy that may not read its table closes them all.
  const failed = [...permissive, ...restrictive].find((result) => 'error' in result);
  if (failed !== undefined && 'error' in failed) return { allowed: null, error: failed.error };
  const holds = (result: Evaluated): boolean => 'value' in result && result.value;
  return permissive.some(holds) && restrictive.every(holds) ? allow : refuse;
};
