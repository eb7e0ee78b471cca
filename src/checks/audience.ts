import type { Column, Relation } from '../model/index.ts';
import { appliesTo, type Command, reachFor, type Survey, type SurveyedPolicy } from './survey.ts';

/** The role of requests without a token, and everybody. */
export const isAnonymous = (role: string): boolean => role === 'anon' || role === 'PUBLIC';

/** Whether what is granted to, or written for, one of two roles holds for the other: which of them it then is. */
const meet = (survey: Survey, grantee: string, addressee: string): string | undefined => {
  if (addressee === 'PUBLIC') return grantee;
  if (grantee === 'PUBLIC') return survey.outsiders.isOutsider(addressee) ? addressee : undefined;
  if (survey.outsiders.inherits(grantee, addressee)) return grantee;
  return survey.outsiders.inherits(addressee, grantee) ? addressee : undefined;
};

/**
 * The outsiders whom a policy lets do something: they are granted it, and the policy is for them. Those whom a
 * restrictive policy holds, one that looks at who asks, are not among them.
 */
export const audienceOf = (survey: Survey, surveyed: SurveyedPolicy, command: Command): readonly string[] => {
  const { policy, relation } = surveyed;
  if (!appliesTo(surveyed, command) || !policy.permissive) return [];
  const openings = survey.outsiders.openings(relation, new Set([command.toUpperCase()]));
  const roles = new Set(
    openings.flatMap(({ grantee }) => policy.roles.flatMap((role) => meet(survey, grantee, role) ?? [])),
  );
  const restricting = survey
    .policies(relation)
    .filter((other) => !other.policy.permissive && appliesTo(other, command))
    .filter((other) => ['caller', 'nobody'].includes(reachFor(other, command)));
  return [...roles]
    .filter(
      (role) =>
        !restricting.some((other) =>
          other.policy.roles.some(
            (addressee) => addressee === 'PUBLIC' || meet(survey, role, addressee) === role,
          ),
        ),
    )
    .sort();
};

/** Whether a role is granted something on a column, or on the whole of its relation. */
export const mayUse = (
  survey: Survey,
  relation: Relation,
  column: Column,
  privilege: string,
  role: string,
): boolean =>
  [...relation.grants, ...column.grants].some(
    (grant) =>
      grant.privilege === privilege &&
      (grant.grantee === 'PUBLIC' || (role !== 'PUBLIC' && survey.outsiders.inherits(role, grant.grantee))),
  );
