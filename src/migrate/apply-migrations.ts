import type { Finding } from '../base/index.ts';
import { isPgError, type Session } from '../db/index.ts';
import { Extensions } from './extensions.ts';
import { type LedgerKind, openLedger, readLedger, recordEntry, renameEntry } from './ledger.ts';
import { type MigrationFailure, makeFailure, readFailure } from './migration-failure.ts';
import type { MigrationFile } from './migration-file.ts';
import { withMigrationLock } from './migration-lock.ts';
import { ignoreProgress, type OnProgress } from './migration-progress.ts';
import { findOddities, type MigrationPlan, planMigrations } from './plan-migrations.ts';
import { prepareFile } from './prepare-file.ts';
import { runFile } from './run-file.ts';
import { resetRole, resetSession } from './session-state.ts';

export type ApplyOptions = {
  readonly onProgress?: OnProgress;
};

export type AppliedFile = {
  readonly name: string;
  readonly durationMs: number;
};

/** What came of applying files. */
export type MigrationRun = {
  /** Applied now, in order; they stay, also if a later one failed. */
  readonly applied: readonly AppliedFile[];
  /** What a person should know, though it was carried out. */
  readonly findings: readonly Finding[];
  /** What stopped it. */
  readonly failure: MigrationFailure | undefined;
};

/**
 * Applies the migrations that the database has not seen, in order. Each is a transaction together with
 * its record, so that of a file that fails nothing stays; one that says `-- ashlar:no-transaction` is run
 * statement by statement. An edited file stops it before anything is applied. Other processes that want
 * to do the same wait.
 *
 * Rejects with a ConnectionError; whether the file under way was applied is then found by trying again. Rejects
 * with a PgError if the login may not keep the record.
 *
 * @param session the owner's, and used for nothing else meanwhile
 * @example
 * const { files } = await readMigrations(process.cwd());
 * const { applied, failure } = await applyMigrations(session, files);
 * if (failure) console.error(printFailure(failure));
 */
export const applyMigrations = (
  session: Session,
  files: readonly MigrationFile[],
  { onProgress = ignoreProgress }: ApplyOptions = {},
): Promise<MigrationRun> =>
  withMigrationLock(session, onProgress, async () => {
    await openLedger(session);
    const plan = planMigrations(files, await readLedger(session, 'migration'));
    const findings = findOddities(plan);
    const edited = refuseEdited(plan);
    if (edited) return { applied: [], findings, failure: edited };
    for (const { file, entry } of plan.renamed) await renameEntry(session, entry.name, file.name);
    return { ...(await applyFiles(session, plan.pending, 'migration', onProgress)), findings };
  });

/**
 * Runs the file of first rows, once per database: one that has been run is not run again, even if it was
 * edited since. To be called when the migrations have been applied.
 */
export const applySeed = (
  session: Session,
  seed: MigrationFile,
  { onProgress = ignoreProgress }: ApplyOptions = {},
): Promise<MigrationRun> =>
  withMigrationLock(session, onProgress, async () => {
    await openLedger(session);
    const [entry] = await readLedger(session, 'seed');
    if (!entry) return { ...(await applyFiles(session, [seed], 'seed', onProgress)), findings: [] };
    const findings: Finding[] =
      entry.checksum === seed.checksum
        ? []
        : [
            {
              id: 'seed-edited',
              severity: 'info',
              subject: seed.path,
              message: `${seed.path} was changed since it was run. It is run once per database, so the change is not there.`,
            },
          ];
    return { applied: [], findings, failure: undefined };
  });

const applyFiles = async (
  session: Session,
  files: readonly MigrationFile[],
  kind: LedgerKind,
  onProgress: OnProgress,
): Promise<Omit<MigrationRun, 'findings'>> => {
  const extensions = new Extensions(session);
  const applied: AppliedFile[] = [];
  try {
    for (const file of files) {
      onProgress({ kind: 'applying', file: file.path });
      await resetSession(session);
      const outcome = await applyFile(session, file, kind, extensions, onProgress);
      if (typeof outcome !== 'number') return { applied, failure: outcome };
      applied.push({ name: file.name, durationMs: outcome });
      onProgress({ kind: 'applied', file: file.path, durationMs: outcome });
    }
  } finally {
    await resetSession(session).catch(() => {});
  }
  return { applied, failure: undefined };
};

/** Applies and records one file; gives how long it took (in ms), or why it failed. */
const applyFile = async (
  session: Session,
  file: MigrationFile,
  kind: LedgerKind,
  extensions: Extensions,
  onProgress: OnProgress,
): Promise<number | MigrationFailure> => {
  const reading = prepareFile(file);
  if ('failure' in reading) return reading.failure;
  const { prepared } = reading;
  const start = performance.now();
  const record = async (): Promise<number> => {
    const durationMs = performance.now() - start;
    await recordEntry(session, {
      kind,
      name: file.name,
      checksum: file.checksum,
      durationMs,
      baseline: false,
    });
    return durationMs;
  };

  if (!prepared.transaction) {
    const failure = await runFile(session, prepared, extensions, onProgress);
    if (failure) return failure;
    await resetSession(session);
    return record();
  }

  await session.query('begin');
  const failure = await runFile(session, prepared, extensions, onProgress);
  if (failure) return failure;
  await resetRole(session);
  const durationMs = await record();
  try {
    await session.query('commit');
  } catch (error) {
    // A deferred constraint or trigger has the last word.
    if (isPgError(error)) return readFailure(file, undefined, error);
    throw error;
  }
  return durationMs;
};

/** An edited file is refused: what the database did and what a new one would do must not differ. */
export const refuseEdited = ({ edited }: MigrationPlan): MigrationFailure | undefined => {
  const [first, ...others] = edited;
  if (!first) return undefined;
  const { file, entry } = first;
  return makeFailure(
    file,
    `${file.name} was edited after it had been applied (${entry.appliedAt.slice(0, 16).replace('T', ' ')} UTC)`,
    [
      ...(others.length > 0 ? [`So were: ${others.map((other) => other.file.name).join(', ')}.`] : []),
      `Put its text back as it was (git log -p -- ${file.path} shows it), and write what you want to change as a new migration.`,
      `If the database already is as the file now says, record that with: ashlar migrate --baseline ${file.name}`,
      'If the database holds nothing that you need, stop the server, remove it (in a project: the folder .ashlar) and start anew.',
    ],
  );
};
