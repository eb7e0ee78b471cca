import type { Model, Policy, Relation } from '../model/index.ts';
import { plainIdent, plainName } from './plain-name.ts';
import { printPolicy } from './print-policy.ts';
import { expressionOf } from './row-rule.ts';
import type { RelationVerb } from './survey-table.ts';

/** What Postgres has refused, and to whom. */
export type Refused = {
  /** Postgres' message with SQLSTATE 42501. */
  readonly message: string;
  readonly role: string;
  /** What the request would have done; other tables than its own are read. */
  readonly verb: RelationVerb;
  /** The schema that the request is for. */
  readonly schema: string;
  /** Where the request shows no token of a user: why, so that who forgot it does not open the table to everybody. */
  readonly tokenless?: Tokenless | undefined;
};

/** `no-bearer`: there is an `Authorization` header, of another kind than Bearer. */
export type Tokenless = 'no-token' | 'no-bearer';

/** The role of users who have signed in. */
const SIGNED_IN = 'authenticated';

const sayTokenless = (tokenless: Tokenless, role: string): string =>
  tokenless === 'no-bearer'
    ? `The Authorization header does not begin with "Bearer ", so the request counts as one without a token: it runs as ${role}`
    : `The request has no user's token, so it runs as ${role}`;

const HOW_TO_SIGN_IN = 'Send one as Authorization: Bearer … ("ashlar token" makes one to try).';

/** What to do about a missing right: sign in where that is enough, else the statement; that one holds for everybody. */
const suggest = (
  { tokenless, role }: Refused,
  why: string,
  signedInMay: boolean,
  remedy: string,
  statement: string,
): string => {
  if (tokenless !== undefined && signedInMay)
    return `${sayTokenless(tokenless, role)}; ${SIGNED_IN} may. ${HOW_TO_SIGN_IN} Only if everyone may, a migration says so: ${statement}`;
  const first = tokenless === 'no-bearer' ? `${sayTokenless(tokenless, role)}. ` : '';
  return `${first}${why} ${remedy}: ${statement}`;
};

/** The roles whose rights a role has, as far as memberships tell. */
const heldRoles = (model: Model, name: string): ReadonlySet<string> => {
  const held = new Set([name]);
  for (const one of held) {
    const role = model.roles.find((candidate) => candidate.name === one);
    if (role?.inherit) for (const other of role.memberOf) held.add(other);
  }
  return held;
};

const findNamed = (model: Model, schema: string, name: string): Relation | undefined =>
  model.relations.find((relation) => relation.name === name && relation.schema === schema) ??
  model.relations.find((relation) => relation.name === name);

const PRIVILEGES: readonly RelationVerb[] = ['select', 'insert', 'update', 'delete'];

const explainTable = (
  model: Model,
  refused: Refused,
  relation: Relation,
  held: ReadonlySet<string>,
): string => {
  const { role, verb } = refused;
  const name = plainName(relation);
  const has = (grants: Relation['grants'], privilege: string, by = held): boolean =>
    grants.some(
      (grant) => grant.privilege === privilege && (grant.grantee === 'PUBLIC' || by.has(grant.grantee)),
    );
  const columnsWith = (privilege: string, by = held): readonly string[] =>
    relation.columns.filter(({ grants }) => has(grants, privilege, by)).map((column) => column.name);
  // A write also reads: the rows that it names, and those that it gives back.
  const lacking =
    [verb, ...PRIVILEGES].find(
      (one, i) => (i === 0 || one === 'select') && !has(relation.grants, one.toUpperCase()),
    ) ?? verb;
  const privilege = lacking.toUpperCase();
  const some = columnsWith(privilege);
  const grant = `grant ${lacking} on ${name} to ${plainIdent(role)};`;
  const signedIn = heldRoles(model, SIGNED_IN);
  if (some.length === 0) {
    const signedInMay =
      has(relation.grants, privilege, signedIn) || columnsWith(privilege, signedIn).length > 0;
    const why = `No grant gives ${role} ${privilege} on ${name}.`;
    return suggest(refused, why, signedInMay, 'A migration can', grant);
  }
  return suggest(
    refused,
    `${role} has ${privilege} on ${some.join(', ')} of ${name} only, and the request needs another column.`,
    has(relation.grants, privilege, signedIn) || columnsWith(privilege, signedIn).length > some.length,
    'A migration can give it',
    grant.replace(` on ${name}`, ` (…) on ${name}`),
  );
};

const explainRow = (
  model: Model,
  refused: Refused,
  relation: Relation,
  held: ReadonlySet<string>,
): string => {
  const { role, verb, tokenless } = refused;
  const policiesOf = (roles: ReadonlySet<string>): readonly Policy[] =>
    model.policies.filter(
      (policy) =>
        policy.relation === relation.oid &&
        (policy.command === 'all' || policy.command === verb) &&
        policy.roles.some((one) => one === 'PUBLIC' || roles.has(one)) &&
        (!policy.permissive || expressionOf(policy, 'check') !== null),
    );
  const policies = policiesOf(held);
  const name = plainName(relation);
  if (!policies.some(({ permissive }) => permissive))
    return suggest(
      refused,
      `Row-level security is on for ${name}, and no policy lets ${role} ${verb} rows.`,
      policiesOf(heldRoles(model, SIGNED_IN)).some(({ permissive }) => permissive),
      'A migration can make one',
      `create policy … on ${name} for ${verb} to ${plainIdent(role)} with check (…);`,
    );
  const asksWho = policies.some((policy) => expressionOf(policy, 'check')?.includes('auth.'));
  const first =
    tokenless === undefined || !asksWho
      ? ''
      : `${sayTokenless(tokenless, role)}, and auth.uid() is null. ${HOW_TO_SIGN_IN} `;
  return `${first}The row is not as the policies on ${name} want it: ${policies.map((policy) => printPolicy(policy, relation)).join('; ')}`;
};

/**
 * Explains why Postgres has refused a request, by the grants and policies that there are: which is missing, or which
 * says no, and the statement that would change that. It has no values of rows in it.
 *
 * @returns undefined where it is not known
 */
export const explainRefusal = (model: Model, refused: Refused): string | undefined => {
  const { message, role, schema } = refused;
  const held = heldRoles(model, role);
  const table = /^permission denied for (?:table|view|materialized view|foreign table) "?([^"]+)"?$/.exec(
    message,
  )?.[1];
  if (table !== undefined) {
    const relation = findNamed(model, schema, table);
    return relation === undefined ? undefined : explainTable(model, refused, relation, held);
  }
  const row =
    /^new row violates row-level security policy (?:"[^"]+" )?(?:\(USING expression\) )?for table "([^"]+)"$/.exec(
      message,
    )?.[1];
  if (row !== undefined) {
    const relation = findNamed(model, schema, row);
    return relation === undefined ? undefined : explainRow(model, refused, relation, held);
  }
  const named = /^permission denied for (schema|sequence|function) "?([^"]+)"?$/.exec(message);
  if (named === null) return undefined;
  const [, kind, name] = named as unknown as readonly [string, 'schema' | 'sequence' | 'function', string];
  const right = { schema: 'usage', sequence: 'usage', function: 'execute' }[kind];
  const signedIn = heldRoles(model, SIGNED_IN);
  const allows = (roles: readonly string[]): boolean => roles.some((one) => signedIn.has(one));
  const signedInMay =
    (kind === 'schema' && model.schemas.some((one) => one.name === name && allows(one.usage))) ||
    (kind === 'function' && model.routines.some((one) => one.name === name && allows(one.execute)));
  return suggest(
    refused,
    `${role} has no ${right.toUpperCase()} on the ${kind} ${name}.`,
    signedInMay,
    'A migration can give it',
    `grant ${right} on ${kind} ${plainIdent(name)} to ${plainIdent(role)};`,
  );
};
