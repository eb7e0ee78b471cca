import { setTimeout as pause } from 'node:timers/promises';
import type { Finding } from '../base/index.ts';
import { isPgError, type Session } from '../db/index.ts';
import { readBootstrapFiles } from './bootstrap-files.ts';
import { openLedger, readLedger, recordEntry } from './ledger.ts';
import { type MigrationFailure, readFailure } from './migration-failure.ts';
import type { MigrationFile } from './migration-file.ts';
import { withMigrationLock } from './migration-lock.ts';
import { ignoreProgress, type OnProgress } from './migration-progress.ts';
import { resetSession } from './session-state.ts';
import { type FileStatement, splitStatements } from './split-statements.ts';

export type BootstrapOptions = {
  /** The login that serves; it may then take the roles of requests. Undefined: none gets the right. */
  readonly server?: string;
  readonly onProgress?: OnProgress;
};

/** What came of preparing a database. */
export type BootstrapRun = {
  /** The files of ours that were applied now. */
  readonly applied: readonly string[];
  /** What could not be done, and what that means. */
  readonly findings: readonly Finding[];
  readonly failure: MigrationFailure | undefined;
};

/**
 * Prepares a database: the roles of requests, the schemas `auth`, `storage` and `extensions`, the
 * publication `supabase_realtime`, and the triggers that report a changed schema. What is there already is
 * left as it is; what the login may not do is left out and found. A second time does nothing.
 *
 * Rejects with a ConnectionError.
 *
 * @example
 * const session = await openSession(embedded.owner);
 * await bootstrap(session, { server: embedded.server.user });
 */
export const bootstrap = (
  session: Session,
  { server, onProgress = ignoreProgress }: BootstrapOptions = {},
): Promise<BootstrapRun> =>
  withMigrationLock(session, onProgress, async () => {
    await resetSession(session);
    await openLedger(session);
    const done = new Set((await readLedger(session, 'bootstrap')).map(({ name }) => name));
    const files = (await readBootstrapFiles()).filter(({ name }) => !done.has(name));
    const applied: string[] = [];
    const findings: Finding[] = [];
    for (const file of files) {
      onProgress({ kind: 'applying', file: file.path });
      const start = performance.now();
      await session.query('begin');
      const failure = await runBootstrapFile(session, file, findings);
      if (failure) return { applied, findings, failure };
      const durationMs = performance.now() - start;
      await recordEntry(session, {
        kind: 'bootstrap',
        name: file.name,
        checksum: file.checksum,
        durationMs,
        baseline: false,
      });
      await session.query('commit');
      applied.push(file.name);
      onProgress({ kind: 'applied', file: file.path, durationMs });
    }
    if (server !== undefined) findings.push(...(await letTakeRoles(session, server)));
    return { applied, findings, failure: undefined };
  });

/** Runs our statements inside a transaction, each so that the others survive its failing. */
export const runBootstrapFile = async (
  session: Session,
  file: MigrationFile,
  findings: Finding[],
): Promise<MigrationFailure | undefined> => {
  const { statements, directives } = splitStatements(file.text);
  let end = 0;
  await session.query('savepoint statement');
  for (const statement of statements) {
    const loss = directives.find(({ offset }) => offset >= end && offset < statement.start)?.text;
    end = statement.start + statement.text.length;
    const finding = await tryStatement(session, file, statement, loss);
    if (finding === undefined) continue;
    if ('message' in finding && 'help' in finding) {
      await session.query('rollback');
      return finding;
    }
    findings.push(finding);
  }
  await session.query('release savepoint statement');
  return undefined;
};

/** Several databases of a cluster may be prepared at once, and the roles are the cluster's. */
const tries = 20;

const tryStatement = async (
  session: Session,
  file: MigrationFile,
  statement: FileStatement,
  loss: string | undefined,
): Promise<Finding | MigrationFailure | undefined> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await session.query(statement.text);
      await session.query('release savepoint statement; savepoint statement');
      return undefined;
    } catch (error) {
      if (!isPgError(error)) throw error;
      await session.query('rollback to savepoint statement');
      if (isThere(error.code)) return undefined;
      if (isCollision(error.code, error.message) && attempt < tries) {
        await pause(5 * attempt * Math.random());
        continue;
      }
      if (loss === undefined || !isDenied(error.code)) return readFailure(file, statement, error);
      return {
        id: 'bootstrap-incomplete',
        severity: 'warning',
        subject: file.path,
        message: loss,
      };
    }
  }
};

/** It exists already: found so, or made by someone else in the same moment (a unique violation in the catalog). */
const isThere = (code: string): boolean => ['42710', '42P06', '42P07', '42723', '23505'].includes(code);

/** Two sessions changed the same row of a catalog, which Postgres reports as an internal error. */
const isCollision = (code: string, message: string): boolean =>
  code === 'XX000' && message.includes('concurrently');

/** Insufficient privilege; or an extension without its files. */
const isDenied = (code: string): boolean => ['42501', '0A000', '58P01'].includes(code);

/** Lets the serving login take the roles of requests, where it may not yet. */
const letTakeRoles = async (session: Session, server: string): Promise<readonly Finding[]> => {
  const [login] = await session.query('select rolname from pg_roles where rolname = $1', [server]);
  if (!login) {
    return [
      {
        id: 'server-login-missing',
        severity: 'error',
        subject: server,
        message: `There is no role "${server}" for the server to log in as.`,
        remedy: `create role "${server}" login noinherit password '…'`,
      },
    ];
  }
  const grants = await session.query(
    `select format('grant %I to %I', role.rolname, server.rolname) as statement
     from pg_roles role, pg_roles server
     where role.rolname in ('anon', 'authenticated', 'service_role') and server.rolname = $1
       and not server.rolsuper
       and not exists (select from pg_auth_members m where m.roleid = role.oid and m.member = server.oid)
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
  for (let attempt = 1; ; attempt++) {
    try {
      await session.query(statement);
      return undefined;
    } catch (error) {
      if (!isPgError(error)) throw error;
      if (error.code === '23505') return undefined;
      if (isCollision(error.code, error.message) && attempt < tries) {
        await pause(5 * attempt * Math.random());
        continue;
      }
      return {
        id: 'server-role-missing',
        severity: 'error',
        subject: server,
        message: `The server cannot take a role of requests (${error.message}). One who may has to grant it.`,
        remedy: statement,
      };
    }
  }
};
