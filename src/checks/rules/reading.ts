import { type Finding, printName } from '../../base/index.ts';
import type { Column, Relation } from '../../model/index.ts';
import { spellIdent, spellQualified } from '../../sql/index.ts';
import { audienceOf, isAnonymous, mayUse } from '../audience.ts';
import { type Reach, widerReach } from '../expression/condition.ts';
import { makeFinding } from '../make-finding.ts';
import { isPersonal, isSecret, ownerColumns } from '../people.ts';
import { isTable, type Rule, reachFor, type Survey, type SurveyedPolicy } from '../survey.ts';
import { alterPolicy, listWords, nameRoles, spellColumns, spellRoles } from '../words.ts';

/** Who reads how much of a table, and by which policy. */
type Reader = { readonly role: string; readonly reach: Reach; readonly by: SurveyedPolicy };

const readersOf = (survey: Survey, relation: Relation): readonly Reader[] => {
  const widest = new Map<string, Reader>();
  for (const by of survey.policies(relation)) {
    const reach = reachFor(by, 'select');
    for (const role of audienceOf(survey, by, 'select')) {
      const known = widest.get(role);
      if (known === undefined || (known.reach !== reach && widerReach(known.reach, reach) === reach))
        widest.set(role, { role, reach, by });
    }
  }
  return [...widest.values()];
};

const isWide = ({ reach }: Reader): boolean => reach === 'everybody' || reach === 'signed-in';

/** Statements that leave a role all columns but some. */
const grantWithout = (relation: Relation, roles: readonly string[], hidden: readonly Column[]): string => {
  const shown = relation.columns.filter((column) => !hidden.includes(column)).map(({ name }) => name);
  return [
    `revoke select on ${spellQualified(relation)} from ${spellRoles(roles)};`,
    ...(shown.length === 0
      ? []
      : [`grant select (${spellColumns(shown)}) on ${spellQualified(relation)} to ${spellRoles(roles)};`]),
  ].join('\n');
};

/** What everybody can read: personal data, what belongs to somebody, or what was published. */
export const findOpenReading: Rule = (survey) =>
  survey.relations
    .filter((relation) => isTable(relation) && relation.rowSecurity && survey.schemas.has(relation.schema))
    .flatMap((relation): readonly Finding[] => {
      const readers = readersOf(survey, relation);
      const subject = printName(relation);
      const { comment } = relation;
      const wide = readers.filter(isWide);
      const bare = relation.columns.filter(
        (column) =>
          (isPersonal(column) || isSecret(column)) &&
          wide.some(({ role }) => mayUse(survey, relation, column, 'SELECT', role)),
      );
      const roles = wide.map(({ role }) => role);
      const policies = [...new Set(wide.map(({ by }) => `"${by.policy.name}"`))];
      if (bare.length > 0)
        return [
          makeFinding('personal-data-readable', {
            subject,
            comment,
            message: `${nameRoles(roles)} can read ${listWords(bare.map(({ name }) => name))} of every row of ${subject}, by the policy ${listWords(policies)}.`,
            remedy: grantWithout(relation, roles, bare),
          }),
        ];
      const [owner] = ownerColumns(survey, relation).filter(({ name }) => !isOwnKey(relation, name));
      if (owner !== undefined && wide.length > 0)
        return [
          makeFinding('owned-rows-readable', {
            subject,
            comment,
            message: `${subject}.${owner.name} says whose a row is, but ${nameRoles(roles)} can read them all, by the policy ${listWords(policies)}.`,
            remedy: [...new Set(wide.map(({ by }) => by.policy))]
              .map(
                (policy) =>
                  `${alterPolicy(policy, relation)} using (${spellIdent(owner.name)} = (select auth.uid()));`,
              )
              .join('\n'),
          }),
        ];
      const anonymous = readers.filter(
        ({ role, reach }) => isAnonymous(role) && reach !== 'nobody' && reach !== 'caller',
      );
      const [reader] = anonymous;
      if (reader === undefined) return [];
      return [
        makeFinding('open-to-anon', {
          subject,
          comment,
          message: `Requests without a token read ${reader.reach === 'some-rows' ? 'some rows' : 'all rows'} of ${subject}, by the policy "${reader.by.policy.name}".`,
        }),
      ];
    });

/** A table of profiles has a row for each user, whose key is the user's: the row is about them, not theirs to hide. */
const isOwnKey = ({ primaryKey }: Relation, column: string): boolean =>
  primaryKey.length === 1 && primaryKey[0] === column;

/** Columns that hold secrets, by their names, and that somebody but the project's own programs may read. */
export const findSecretColumns: Rule = (survey) =>
  survey.relations
    .filter(({ schema }) => survey.schemas.has(schema))
    .flatMap((relation) => {
      const openings = survey.outsiders.openings(relation, new Set(['SELECT']));
      return relation.columns.filter(isSecret).flatMap((column): readonly Finding[] => {
        const roles = openings
          .map(({ grantee }) => grantee)
          .filter((role) => mayUse(survey, relation, column, 'SELECT', role));
        if (roles.length === 0) return [];
        return [
          makeFinding('secret-column-readable', {
            subject: `${printName(relation)}.${column.name}`,
            comment: [relation.comment, column.comment].filter((text) => text !== null).join('\n'),
            message: `${nameRoles(roles)} may read ${printName(relation)}.${column.name}, which holds secrets by its name.`,
            remedy: grantWithout(relation, roles, [column]),
          }),
        ];
      });
    });
