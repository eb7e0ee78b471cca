import type { Grant, Relation, Role } from '../model/index.ts';
import type { Evidence } from './matrix.ts';
import { plainIdent, plainName } from './plain-name.ts';
import type { Rights } from './rights.ts';

const printGrantee = (grantee: string): string => (grantee === 'PUBLIC' ? 'public' : plainIdent(grantee));

const reason = (role: Role, grantee: string, owner: string, what: string): string =>
  grantee === 'PUBLIC'
    ? `PUBLIC, which is everybody, has ${what}.`
    : grantee === role.name
      ? `${role.name} ${grantee === owner ? 'owns it, and so has' : 'was granted'} ${what}.`
      : `${role.name} inherits from ${grantee}, ${grantee === owner ? 'who owns it, and so has' : 'who was granted'} ${what}.`;

/** The grants by which a role has a privilege on a relation or on some of its columns. */
export const grantEvidence = (
  rights: Rights,
  role: Role,
  relation: Relation,
  privilege: string,
): readonly Evidence[] => {
  const held = rights.heldRoles(role.name);
  const gives = (grant: Grant): boolean =>
    grant.privilege === privilege && (grant.grantee === 'PUBLIC' || held.has(grant.grantee));
  const name = plainName(relation);
  const whole = relation.grants.filter(gives).map(
    ({ grantee }): Evidence => ({
      kind: 'grant',
      text: reason(role, grantee, relation.owner, `${privilege} on ${name}`),
      sql: `grant ${privilege.toLowerCase()} on ${name} to ${printGrantee(grantee)}`,
    }),
  );
  const grantees = new Map<string, string[]>();
  for (const column of relation.columns)
    for (const grant of column.grants.filter(gives))
      grantees.set(grant.grantee, [...(grantees.get(grant.grantee) ?? []), column.name]);
  const single = [...grantees].map(([grantee, columns]): Evidence => {
    const list = columns.map(plainIdent).join(', ');
    return {
      kind: 'grant',
      text: reason(role, grantee, relation.owner, `${privilege} on ${columns.length} of its columns`),
      sql: `grant ${privilege.toLowerCase()} (${list}) on ${name} to ${printGrantee(grantee)}`,
    };
  });
  // A superuser holds every role; that it is one is told where it matters.
  if (role.superuser) return [{ kind: 'rule', text: `${role.name} is a superuser.` }];
  if (whole.length + single.length > 0) return [...whole, ...single];
  return [
    {
      kind: 'rule',
      text: `${role.name} is a member of one of Postgres' own roles that has it, such as pg_read_all_data.`,
    },
  ];
};
