import { type Finding, printName, type Severity } from '../../base/index.ts';
import type { Column, Relation } from '../../model/index.ts';
import { spellIdent, spellQualified } from '../../sql/index.ts';
import { audienceOf, isAnonymous, mayUse } from '../audience.ts';
import { findReach } from '../expression/condition.ts';
import type { Expression } from '../expression/read-expression.ts';
import { makeFinding } from '../make-finding.ts';
import { ownerColumns } from '../people.ts';
import {
  appliesTo,
  type Command,
  isTable,
  type Rule,
  reachFor,
  type Survey,
  type SurveyedPolicy,
} from '../survey.ts';
import { alterPolicy, nameRoles, spellRoles } from '../words.ts';

const WRITES: readonly Command[] = ['insert', 'update', 'delete'];

const ofCaller = ({ name }: Column): string => `${spellIdent(name)} = (select auth.uid())`;

/** That the rows are the caller's, beside what a policy says of them already. */
const andOfCaller = (expression: Expression | undefined, owner: Column): string =>
  expression !== undefined && findReach(expression.conditions) === 'some-rows'
    ? `${expression.text} and ${ofCaller(owner)}`
    : ofCaller(owner);

/** The clauses of a policy that say of its rows that they are the caller's. */
const ownRows = (
  { policy, relation, using: old, check: oldCheck }: SurveyedPolicy,
  owner: Column,
): string => {
  const using = policy.command === 'insert' ? '' : `\n  using (${andOfCaller(old, owner)})`;
  const check =
    policy.command === 'delete' || policy.command === 'select'
      ? ''
      : `\n  with check (${andOfCaller(oldCheck, owner)})`;
  return `${alterPolicy(policy, relation)}${using}${check};`;
};

/** A trigger that may set a column of each row that is inserted. */
const findSetter = ({ evidence, parser }: Survey, relation: Relation, column: Column): string | undefined =>
  evidence.insertTriggers.find(({ relation: oid, routine }) => {
    const source = evidence.routineSources.find((item) => item.routine === routine);
    return (
      oid === relation.oid &&
      source !== undefined &&
      parser.scan(source.body).some(({ text }) => text.toLowerCase() === column.name)
    );
  })?.name;

/** A policy for writing that is the same for everybody. */
const findAnyone = (survey: Survey, surveyed: SurveyedPolicy): readonly Finding[] => {
  const { policy, relation } = surveyed;
  const subject = printName(relation);
  const { comment } = relation;
  const open = WRITES.filter(
    (command) => !['caller', 'nobody'].includes(reachFor(surveyed, command)),
  ).flatMap((command) => {
    const roles = audienceOf(survey, surveyed, command);
    return roles.length === 0 ? [] : [{ command, roles }];
  });
  const owners = ownerColumns(survey, relation);
  const insert = open.find(({ command }) => command === 'insert');
  const findings: Finding[] = [];
  const others = open.filter(({ command }) => command !== 'insert');
  if (insert !== undefined && owners.length > 0) {
    const claimed = owners.find((owner) =>
      insert.roles.some((role) => mayUse(survey, relation, owner, 'INSERT', role)),
    );
    const trigger = claimed === undefined ? undefined : findSetter(survey, relation, claimed);
    if (claimed !== undefined)
      findings.push(
        makeFinding('insert-in-anothers-name', {
          subject,
          comment,
          severity: trigger === undefined ? 'error' : 'warning',
          message: `${nameRoles(insert.roles)} can insert into ${subject} with any ${claimed.name}, as the policy "${policy.name}" does not hold it against the caller${trigger === undefined ? '' : `; unless the trigger ${trigger} sets it whatever is given`}.`,
          remedy: ownRows(surveyed, claimed),
        }),
      );
  } else if (insert !== undefined) others.unshift(insert);
  if (others.length === 0) return findings;

  const roles = [...new Set(others.flatMap((item) => item.roles))].sort();
  const commands = others.map(({ command }) => command.toUpperCase());
  const [owner] = owners;
  const grave =
    others.some(({ command }) => command !== 'insert') && (owner !== undefined || roles.some(isAnonymous));
  const severity: Severity = grave ? 'error' : 'warning';
  findings.push(
    makeFinding('anyone-writes', {
      subject,
      comment,
      severity,
      message: `${nameRoles(roles)} can ${commands.join(', ')} rows of ${subject}, whoever they are: the policy "${policy.name}" does not ask.`,
      remedy:
        owner !== undefined
          ? ownRows(surveyed, owner)
          : `revoke ${commands.join(', ').toLowerCase()} on ${spellQualified(relation)} from ${spellRoles(roles)};`,
    }),
  );
  return findings;
};

/** A policy whose WITH CHECK forgets the owner that its USING asks for. */
const findGivenAway = (survey: Survey, surveyed: SurveyedPolicy): readonly Finding[] => {
  const { policy, relation, using, check } = surveyed;
  if (policy.check === null || using === undefined || check === undefined) return [];
  if (reachFor(surveyed, 'update') !== 'caller') return [];
  const roles = audienceOf(survey, surveyed, 'update');
  const owner = ownerColumns(survey, relation).find(
    ({ name }) => using.columns.has(name) && !check.columns.has(name),
  );
  if (owner === undefined || isGuarded(survey, surveyed, owner)) return [];
  const able = roles.filter((role) => mayUse(survey, relation, owner, 'UPDATE', role));
  if (able.length === 0) return [];
  return [
    makeFinding('row-can-be-given-away', {
      subject: printName(relation),
      comment: relation.comment,
      message: `${nameRoles(able)} can set ${owner.name} of their rows of ${printName(relation)} to anybody, as WITH CHECK of the policy "${policy.name}" does not look at it.`,
      remedy: `${alterPolicy(policy, relation)}\n  with check (${policy.check === 'true' ? '' : `(${policy.check}) and `}${ofCaller(owner)});`,
    }),
  ];
};

/** Whether a restrictive policy looks at the owner of what comes to be. */
const isGuarded = (survey: Survey, { relation }: SurveyedPolicy, owner: Column): boolean =>
  survey
    .policies(relation)
    .some(
      (other) =>
        !other.policy.permissive &&
        appliesTo(other, 'update') &&
        (other.check?.columns.has(owner.name) ?? false),
    );

const isLookedAt = (survey: Survey) => (relation: Relation) =>
  isTable(relation) && relation.rowSecurity && survey.schemas.has(relation.schema);

/** Policies that let others write what is not theirs. */
export const findOpenWriting: Rule = (survey) =>
  survey.relations
    .filter((relation) => isLookedAt(survey)(relation) || relation.schema === 'storage')
    .flatMap((relation) => survey.policies(relation))
    .filter(({ relation }) => relation.rowSecurity)
    .flatMap((surveyed) => [...findAnyone(survey, surveyed), ...findGivenAway(survey, surveyed)]);
