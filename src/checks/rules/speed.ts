import { type Finding, printName } from '../../base/index.ts';
import { spellIdent, spellQualified } from '../../sql/index.ts';
import { type Call, type Expression, isOfCaller, type Subquery } from '../expression/read-expression.ts';
import { wrapCalls } from '../expression/wrap-calls.ts';
import { makeFinding } from '../make-finding.ts';
import { isLookedUp, isTable, type Rule, type Survey, type SurveyedPolicy } from '../survey.ts';
import { alterPolicy, listWords } from '../words.ts';

const guardedPolicies = (survey: Survey): readonly SurveyedPolicy[] =>
  survey.ownRelations
    .filter((relation) => isTable(relation) && relation.rowSecurity)
    .flatMap((relation) => survey.policies(relation));

/** Calls that give the same for every row, and are asked for each. */
const repeatedCalls = (survey: Survey, expression: Expression | undefined): readonly Call[] =>
  (expression?.calls ?? []).filter((call) => {
    if (call.wrapped || call.ofRow) return false;
    if (isOfCaller(call)) return true;
    // Functions of Postgres' own, such as now(), are as cheap as a comparison; an immutable one is a constant.
    return survey.routines.some(
      ({ schema, name, volatility, returns }) =>
        schema === call.schema && name === call.name && volatility !== 'immutable' && !returns.set,
    );
  });

export const findRepeatedCalls: Rule = (survey) =>
  guardedPolicies(survey).flatMap((surveyed): readonly Finding[] => {
    const { policy, relation, using } = surveyed;
    const check = policy.check === null ? undefined : surveyed.check;
    const inUsing = repeatedCalls(survey, policy.using === null ? undefined : using);
    const inCheck = repeatedCalls(survey, check);
    // A check is made of each row that is written, of which a request has few.
    if (inUsing.length === 0) return [];
    const names = new Set(inUsing.map(({ schema, name }) => `${schema === '' ? '' : `${schema}.`}${name}()`));
    return [
      makeFinding('policy-evaluated-per-row', {
        subject: printName(relation),
        comment: relation.comment,
        message: `The policy "${policy.name}" on ${printName(relation)} asks ${listWords([...names])} for each row.`,
        remedy: [
          alterPolicy(policy, relation),
          ...(using === undefined ? [] : [`  using (${wrapCalls(survey.parser, using.text, inUsing)})`]),
          ...(check === undefined || inCheck.length === 0
            ? []
            : [`  with check (${wrapCalls(survey.parser, check.text, inCheck)})`]),
        ]
          .join('\n')
          .concat(';'),
      }),
    ];
  });

/** Columns by which policies look rows up, without an index. */
export const findUnindexedColumns: Rule = (survey) =>
  survey.ownRelations.flatMap((relation): readonly Finding[] => {
    if (!isTable(relation) || !relation.rowSecurity) return [];
    const columns = new Map<string, string[]>();
    for (const { policy, using } of survey.policies(relation)) {
      if (policy.command === 'insert' || using === undefined) continue;
      const ways = using.conditions.map(({ lookups }) => lookups);
      // Where one way looks up nothing all rows are read anyway.
      if (ways.some((lookups) => lookups.length === 0)) continue;
      for (const lookups of ways) {
        if (lookups.some((column) => isLookedUp(survey, relation, column))) continue;
        const [column = ''] = lookups;
        columns.set(column, [...new Set([...(columns.get(column) ?? []), policy.name])]);
      }
    }
    return [...columns].map(([column, policies]) =>
      makeFinding('policy-column-unindexed', {
        subject: `${printName(relation)}.${column}`,
        comment: relation.comment,
        message: `The ${policies.length === 1 ? 'policy' : 'policies'} ${listWords(policies.map((name) => `"${name}"`))} ${policies.length === 1 ? 'looks' : 'look'} rows of ${printName(relation)} up by ${column}, which has no index.`,
        remedy: `create index on ${spellQualified(relation)} (${spellIdent(column)});`,
      }),
    );
  });

/** Policies that read other tables for each row. */
export const findJoins: Rule = (survey) =>
  guardedPolicies(survey).flatMap((surveyed): readonly Finding[] => {
    const { policy, relation, using } = surveyed;
    if (policy.command === 'insert') return [];
    return (using?.subqueries ?? [])
      .filter(({ correlated }) => correlated)
      .map((subquery) => {
        const missing = missingIndex(survey, subquery);
        const tables = listWords([...new Set(subquery.reads.map(printName))]);
        return makeFinding('policy-joins', {
          subject: printName(relation),
          comment: relation.comment,
          severity: missing === undefined ? 'info' : 'warning',
          message: `The policy "${policy.name}" on ${printName(relation)} reads ${tables} for each row${missing === undefined ? ', by an index' : `, without an index on ${missing.columns.join(' or ')}`}.`,
          ...(missing === undefined ? {} : { remedy: missing.remedy }),
        });
      });
  });

/** The index that a subquery would find its rows by; undefined: it has one, or looks up nothing. */
const missingIndex = (
  survey: Survey,
  { lookups }: Subquery,
): { readonly columns: readonly string[]; readonly remedy: string } | undefined => {
  const tables = new Map<string, string[]>();
  for (const { relation, column } of lookups) {
    const found = survey.relationNamed(relation);
    if (found === undefined || !isTable(found)) continue;
    const key = printName(relation);
    tables.set(key, [...(tables.get(key) ?? []), column]);
  }
  for (const [key, columns] of tables) {
    const relation = survey.relations.find((item) => printName(item) === key);
    if (relation === undefined || columns.some((column) => isLookedUp(survey, relation, column))) continue;
    return {
      columns: columns.map((column) => `${key}.${column}`),
      remedy: `create index on ${spellQualified(relation)} (${[...new Set(columns)].map(spellIdent).join(', ')});`,
    };
  }
  return undefined;
};
