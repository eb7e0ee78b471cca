import type { Finding } from '../base/index.ts';
import type { Session } from '../db/index.ts';
import { readBootstrapFiles } from './bootstrap-files.ts';
import { grantRecords } from './grant-records.ts';
import { grantRoles, type ServingLogin } from './grant-roles.ts';
import { openLedger, readLedger, recordEntry } from './ledger.ts';
import type { MigrationFailure } from './migration-failure.ts';
import type { MigrationFile } from './migration-file.ts';
import { withMigrationLock } from './migration-lock.ts';
import { ignoreProgress, type OnProgress } from './migration-progress.ts';
import { runBootstrapFile } from './run-bootstrap-file.ts';
import { resetSession } from './session-state.ts';

export type BootstrapOptions = {
  /** The login that serves; it may then take the roles of requests. Undefined: none gets the right. */
  readonly server?: string | ServingLogin;
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
 * Rejects with a ConnectionError, or with a PgError if the login may not keep the record.
 *
 * @param session the owner's, and used for nothing else meanwhile
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
    const applied: string[] = [];
    const findings: Finding[] = [];
    for (const file of await listBootstrapFiles(session)) {
      onProgress({ kind: 'applying', file: file.path });
      const start = performance.now();
      await session.query('begin');
      const run = await runBootstrapFile(session, file);
      findings.push(...run.findings);
      if (run.failure) {
        await session.query('rollback');
        return { applied, findings, failure: run.failure };
      }
      const durationMs = performance.now() - start;
      const { name, checksum } = file;
      await recordEntry(session, { kind: 'bootstrap', name, checksum, durationMs, baseline: false });
      await session.query('commit');
      applied.push(name);
      onProgress({ kind: 'applied', file: file.path, durationMs });
    }
    if (server !== undefined) {
      const login = typeof server === 'string' ? { user: server } : server;
      findings.push(...(await grantRoles(session, login)));
      await grantRecords(session, login.user);
    }
    return { applied, findings, failure: undefined };
  });

/** Those of our files that the database has not seen. */
export const listBootstrapFiles = async (session: Session): Promise<readonly MigrationFile[]> => {
  const done = new Set((await readLedger(session, 'bootstrap')).map(({ name }) => name));
  return (await readBootstrapFiles()).filter(({ name }) => !done.has(name));
};
