import type { Role, Routine } from '../model/index.ts';
import type { Evidence, VerbAccess } from './matrix.ts';
import { plainIdent } from './plain-name.ts';
import type { Rights } from './rights.ts';

/** `search(text, integer)`: a routine's name with what tells it from others of that name. */
export const routineName = ({ name, parameters }: Routine): string =>
  `${name}(${parameters.map(({ type }) => type).join(', ')})`;

/** Finds out whether a role may call a routine. What it does then is up to the routine. */
export const surveyRoutine = (rights: Rights, role: Role, routine: Routine): VerbAccess => {
  const name = `${plainIdent(routine.schema)}.${plainIdent(routine.name)}(${routine.parameters.map(({ type }) => type).join(', ')})`;
  const answer = (
    reach: 'none' | 'all',
    because: readonly Evidence[],
    notes: readonly string[],
  ): VerbAccess => ({
    verb: 'execute',
    reach,
    columns: [],
    because,
    notes,
    tried: [],
  });
  if (!rights.usesSchema(role.name, routine.schema))
    return answer(
      'none',
      [{ kind: 'rule', text: `${role.name} has no USAGE on the schema ${routine.schema}.` }],
      [],
    );
  if (!rights.mayExecute(role.name, routine.oid))
    return answer('none', [{ kind: 'rule', text: `No grant gives ${role.name} EXECUTE on ${name}.` }], []);
  const held = rights.heldRoles(role.name);
  const because = routine.execute
    .filter(
      (grantee) => grantee === 'PUBLIC' || grantee === role.name || (!role.superuser && held.has(grantee)),
    )
    .map(
      (grantee): Evidence => ({
        kind: 'grant',
        text:
          grantee === 'PUBLIC'
            ? 'PUBLIC, which is everybody, may execute it, as every new function until that is revoked.'
            : grantee === role.name
              ? `${role.name} was granted EXECUTE.`
              : `${role.name} inherits from ${grantee}, who may execute it.`,
        sql: `grant execute on function ${name} to ${grantee === 'PUBLIC' ? 'public' : plainIdent(grantee)}`,
      }),
    );
  const notes = routine.securityDefiner
    ? [`It is SECURITY DEFINER: it runs with all rights of ${routine.owner}, whoever calls it.`]
    : [];
  return answer(
    'all',
    because.length > 0 ? because : [{ kind: 'rule', text: `${role.name} is a superuser.` }],
    notes,
  );
};
