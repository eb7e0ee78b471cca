import type { Model, Policy, Relation, Role } from '../model/index.ts';
import type { AccessVerb, Evidence } from './matrix.ts';
import { printPolicy } from './print-policy.ts';
import type { Rights } from './rights.ts';

/** What decides which rows of a table a role reaches, once a grant has opened it. */
export type RowRule =
  /** Nothing does: every row. */
  | { readonly kind: 'every row'; readonly because: readonly Evidence[] }
  /** Row-level security without a policy that would let anyone in: no row. */
  | { readonly kind: 'no row'; readonly because: readonly Evidence[] }
  /** One of the permissive policies has to hold, and all of the restrictive ones. */
  | {
      readonly kind: 'policies';
      readonly permissive: readonly Policy[];
      readonly restrictive: readonly Policy[];
      readonly because: readonly Evidence[];
    };

const rule = (text: string): Evidence => ({ kind: 'rule', text });

/** The policies that speak to a role about a verb. */
export const policiesFor = (
  model: Model,
  relation: Relation,
  verb: AccessVerb,
  held: ReadonlySet<string>,
): readonly Policy[] =>
  model.policies.filter(
    (policy) =>
      policy.relation === relation.oid &&
      (policy.command === 'all' || policy.command === verb) &&
      policy.roles.some((role) => role === 'PUBLIC' || held.has(role)),
  );

/**
 * Finds what decides about the rows (Postgres, "Row Security Policies"): superusers, BYPASSRLS and, without
 * FORCE, the owner pass; else it is the policies.
 */
export const findRowRule = (
  model: Model,
  rights: Rights,
  role: Role,
  relation: Relation,
  verb: AccessVerb,
): RowRule => {
  const name = `${relation.schema}.${relation.name}`;
  if (!relation.rowSecurity)
    return {
      kind: 'every row',
      because: [rule(`Row-level security is off on ${name}, so no policy is asked.`)],
    };
  if (role.superuser || role.bypassRls)
    return {
      kind: 'every row',
      because: [
        rule(`${role.name} is ${role.superuser ? 'a superuser' : 'BYPASSRLS'}, so no policy is asked.`),
      ],
    };
  const held = rights.heldRoles(role.name);
  if (held.has(relation.owner) && !relation.forceRowSecurity)
    return {
      kind: 'every row',
      because: [
        rule(
          `${role.name} has the rights of ${relation.owner}, who owns ${name}, and row-level security is not forced on owners.`,
        ),
      ],
    };
  const policies = policiesFor(model, relation, verb, held);
  const permissive = policies.filter((policy) => policy.permissive);
  const restrictive = policies.filter((policy) => !policy.permissive);
  if (permissive.length === 0)
    return {
      kind: 'no row',
      because: [
        rule(
          `Row-level security is on, and no ${restrictive.length > 0 ? 'permissive ' : ''}policy speaks to ${role.name} about ${verb.toUpperCase()}.`,
        ),
      ],
    };
  return {
    kind: 'policies',
    permissive,
    restrictive,
    because: policies.map((policy) => ({
      kind: 'policy',
      text: `The ${policy.permissive ? '' : 'restrictive '}policy "${policy.name}".`,
      sql: printPolicy(policy, relation),
    })),
  };
};

/**
 * The expression by which a policy judges the rows that a verb finds (`using`) or makes (`check`); null: it
 * judges none of those.
 */
export const expressionOf = (policy: Policy, part: 'using' | 'check'): string | null =>
  part === 'using' ? policy.using : (policy.check ?? (policy.command === 'insert' ? null : policy.using));
