import type { Finding } from '../base/index.ts';
import { isPgError, type Session } from '../db/index.ts';
import type { AppliedFile } from './apply-files.ts';
import { type ApplyOptions, refuseEdited } from './apply-migrations.ts';
import { listBootstrapFiles } from './bootstrap.ts';
import { Extensions } from './extensions.ts';
import { refuseFindings, Watch } from './guard.ts';
import { openLedger, readLedger } from './ledger.ts';
import { type MigrationFailure, readFailure } from './migration-failure.ts';
import type { MigrationFile } from './migration-file.ts';
import { withMigrationLock } from './migration-lock.ts';
import { ignoreProgress, type OnProgress } from './migration-progress.ts';
import { findOddities, planMigrations } from './plan-migrations.ts';
import { prepareFile } from './prepare-file.ts';
import { runBootstrapFile } from './run-bootstrap-file.ts';
import { runFile } from './run-file.ts';
import { resetRole, resetSession } from './session-state.ts';

/** What applying the migrations would come to. */
export type Rehearsal = {
  /** Would be applied, in order. */
  readonly applied: readonly AppliedFile[];
  /** Could not be tried inside of a transaction that is undone. */
  readonly untried: readonly { readonly name: string; readonly reason: string }[];
  readonly findings: readonly Finding[];
  /** What would stop it. */
  readonly failure: MigrationFailure | undefined;
};

/**
 * Applies everything that is pending in one transaction (with what `bootstrap` would do before it, if it was
 * never done) and undoes it. Until then the transaction holds its locks, and sequences do not go back.
 *
 * Rejects with a ConnectionError, or with a PgError if the login may not keep the record.
 */
export const rehearseMigrations = (
  session: Session,
  files: readonly MigrationFile[],
  { onProgress = ignoreProgress, guard }: ApplyOptions = {},
): Promise<Rehearsal> =>
  withMigrationLock(session, onProgress, async () => {
    await resetSession(session);
    await session.query('begin');
    try {
      await openLedger(session);
      for (const file of await listBootstrapFiles(session)) {
        const { failure } = await runBootstrapFile(session, file);
        if (failure) return { applied: [], untried: [], findings: [], failure };
      }
      const plan = planMigrations(files, await readLedger(session, 'migration'));
      const findings = findOddities(plan);
      const edited = refuseEdited(plan);
      if (edited) return { applied: [], untried: [], findings, failure: edited };
      const watch = new Watch(session, guard);
      await watch.begin();
      return { ...(await rehearseFiles(session, plan.pending, onProgress, watch)), findings };
    } finally {
      await session.query('rollback');
      await resetSession(session);
    }
  });

const rehearseFiles = async (
  session: Session,
  files: readonly MigrationFile[],
  onProgress: OnProgress,
  watch: Watch,
): Promise<Omit<Rehearsal, 'findings'>> => {
  const extensions = new Extensions(session);
  const applied: AppliedFile[] = [];
  const untried: { name: string; reason: string }[] = [];
  for (const file of files) {
    onProgress({ kind: 'applying', file: file.path });
    await resetSession(session);
    const outcome = await rehearseFile(session, file, extensions, onProgress);
    if (typeof outcome === 'number') {
      await resetRole(session);
      await watch.look(file);
      applied.push({ name: file.name, durationMs: outcome });
      onProgress({ kind: 'applied', file: file.path, durationMs: outcome });
    } else if (typeof outcome === 'string') {
      untried.push({ name: file.name, reason: outcome });
    } else if (outcome.code === '55P04' && applied.length > 0) {
      // Within one transaction no file can use an enum's value that an earlier one has added.
      untried.push({ name: file.name, reason: 'It uses a value of an enum that an earlier file adds.' });
    } else {
      return { applied, untried, failure: doubt(outcome, untried) };
    }
  }
  const { since, found } = watch;
  const failure = since === undefined ? undefined : doubt(refuseFindings(since, found, []), untried);
  return { applied, untried, failure };
};

/** How long the file took (in ms), why it was not tried, or why it failed. */
const rehearseFile = async (
  session: Session,
  file: MigrationFile,
  extensions: Extensions,
  onProgress: OnProgress,
): Promise<number | string | MigrationFailure> => {
  const reading = prepareFile(file);
  if ('failure' in reading) return reading.failure;
  if (!reading.prepared.transaction) return 'It runs without a transaction.';
  const start = performance.now();
  const undo = 'rollback to savepoint ashlar_file';
  await session.query('savepoint ashlar_file');
  const failure = await runFile(session, reading.prepared, extensions, onProgress, undo);
  if (failure) return failure;
  try {
    // What else is checked by the COMMIT.
    await session.query('set constraints all immediate');
  } catch (error) {
    if (!isPgError(error)) throw error;
    return readFailure(file, undefined, error);
  }
  return performance.now() - start;
};

/** A file that could not be tried may be why a later one fails. */
const doubt = (failure: MigrationFailure, untried: Rehearsal['untried']): MigrationFailure =>
  untried.length === 0
    ? failure
    : {
        ...failure,
        help: [
          ...failure.help,
          `It may need what ${untried.map(({ name }) => name).join(', ')} would have done, which could not be tried.`,
        ],
      };
