import type { Finding } from '../base/index.ts';
import { isPgError, type Session } from '../db/index.ts';
import { retryCollisions } from './catalog-collision.ts';
import { passwordVerifier } from './password-verifier.ts';

/** The login that serves. */
export type ServingLogin = {
  readonly user: string;
  /** With it the login is made where there is none. */
  readonly password?: string | undefined;
};

/** Makes the login that serves, where there is none: it may nothing but log in. */
const makeLogin = async (session: Session, { user, password }: ServingLogin): Promise<void> => {
  if (password === undefined || !/^[\x21-\x7e]+$/.test(password)) return;
  const [row] = await session.query(
    `select format('create role %I login noinherit nosuperuser nocreatedb nocreaterole nobypassrls password %L', $1::text, $2::text) as statement
     where to_regrole(quote_ident($1)) is null`,
    [user, passwordVerifier(password)],
  );
  if (row?.statement) await retryCollisions(() => session.query(row.statement as string));
};

/**
 * Makes the serving login where there is none, and lets it take the roles of requests, where it may not yet; gives
 * what could not be done.
 */
export const grantRoles = async (session: Session, login: ServingLogin): Promise<readonly Finding[]> => {
  try {
    await makeLogin(session, login);
  } catch (error) {
    // That it is missing is told below.
    if (!isPgError(error)) throw error;
  }
  return grantTo(session, login.user);
};

const grantTo = async (session: Session, server: string): Promise<readonly Finding[]> => {
  const [login] = await session.query(
    'select quote_ident($1) as name, to_regrole(quote_ident($1)) as found',
    [server],
  );
  if (!login?.found) {
    return [
      {
        id: 'server-login-missing',
        severity: 'error',
        subject: server,
        message: `There is no role "${server}" for the server to log in as.`,
        remedy: `create role ${login?.name} login noinherit password '…'`,
      },
    ];
  }
  const grants = await session.query(
    `select format('grant %I to %I', role.rolname, server.rolname) as statement
     from pg_roles as role, pg_roles as server
     where role.rolname in ('anon', 'authenticated', 'service_role') and server.rolname = $1
       and not server.rolsuper
       and not exists (select from pg_auth_members as m where m.roleid = role.oid and m.member = server.oid)
     order by role.rolname`,
    [server],
  );
  const findings: Finding[] = [];
  for (const { statement } of grants) {
    const finding = await grantRole(session, statement as string, server);
    if (finding) findings.push(finding);
  }
  return findings;
};

const grantRole = async (
  session: Session,
  statement: string,
  server: string,
): Promise<Finding | undefined> => {
  try {
    await retryCollisions(() => session.query(statement));
    return undefined;
  } catch (error) {
    if (!isPgError(error)) throw error;
    // Another session has granted it in the same moment.
    if (error.code === '23505') return undefined;
    return {
      id: 'server-role-missing',
      severity: 'error',
      subject: server,
      message: `The server cannot take a role of requests: ${error.message}. Someone who may has to grant it.`,
      remedy: statement,
    };
  }
};
