import type { Finding } from '../base/index.ts';
import type { Session } from '../db/index.ts';
import { type AppliedFile, applyFiles } from './apply-files.ts';
import type { Guard } from './guard.ts';
import { openLedger, readLedger, recordEntry, renameEntry } from './ledger.ts';
import { type MigrationFailure, makeFailure } from './migration-failure.ts';
import type { MigrationFile } from './migration-file.ts';
import { withMigrationLock } from './migration-lock.ts';
import { ignoreProgress, type OnProgress } from './migration-progress.ts';
import { findOddities, type MigrationPlan, planMigrations } from './plan-migrations.ts';

export type ApplyOptions = {
  readonly onProgress?: OnProgress;
  /** What must not come to be by it. Default: nothing. */
  readonly guard?: Guard;
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
 * With a guard, a file that brings about what must not be is only committed together with a later one that takes it
 * back; where none does, nothing of it stays and it is the failure.
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
  { onProgress = ignoreProgress, guard }: ApplyOptions = {},
): Promise<MigrationRun> =>
  withMigrationLock(session, onProgress, async () => {
    await openLedger(session);
    const plan = planMigrations(files, await readLedger(session, 'migration'));
    const findings = findOddities(plan);
    const edited = refuseEdited(plan);
    if (edited) return { applied: [], findings, failure: edited };
    for (const { file, entry } of plan.renamed) await renameEntry(session, entry.name, file.name);
    const run = await applyFiles(session, plan.pending, 'migration', onProgress, guard);
    return { ...run, findings: [...findings, ...run.findings] };
  });

/**
 * Runs the file of first rows, once per database: one that has been run is not run again, even if it was
 * edited since. To be called when the migrations have been applied.
 */
export const applySeed = (
  session: Session,
  seed: MigrationFile,
  { onProgress = ignoreProgress, guard }: ApplyOptions = {},
): Promise<MigrationRun> =>
  withMigrationLock(session, onProgress, async () => {
    await openLedger(session);
    const [entry] = await readLedger(session, 'seed');
    if (!entry) return applyFiles(session, [seed], 'seed', onProgress, guard);
    if (entry.baseline) {
      const message = `${seed.path} was not run: "ashlar start" has served this database, so the rows in it are not made up. A new database gets them.`;
      const skipped: Finding = { id: 'seed-skipped', severity: 'info', subject: seed.path, message };
      return { applied: [], findings: [skipped], failure: undefined };
    }
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

/** Records that a database which serves real users gets no first rows any more, unless it has them already. */
export const skipSeed = (session: Session, seed: MigrationFile | undefined): Promise<void> =>
  withMigrationLock(session, ignoreProgress, async () => {
    await openLedger(session);
    if ((await readLedger(session, 'seed')).length > 0) return;
    const { name, checksum } = seed ?? { name: 'seed.sql', checksum: '' };
    await recordEntry(session, { kind: 'seed', name, checksum, durationMs: 0, baseline: true });
  });

/** An edited file is refused: what the database did and what a new one would do must not differ. */
export const refuseEdited = ({ edited }: MigrationPlan): MigrationFailure | undefined => {
  const [first, ...others] = edited;
  if (!first) return undefined;
  const { file, entry } = first;
  const failure = makeFailure(
    file,
    `${file.name} was edited after it had been applied (${entry.appliedAt.slice(0, 16).replace('T', ' ')} UTC)`,
    [
      ...(others.length > 0 ? [`So were: ${others.map((other) => other.file.name).join(', ')}.`] : []),
      `Put its text back as it was (git log -p -- ${file.path} shows it), and write what you want to change as a new migration.`,
      `If the database already is as the file now says, record that, which runs nothing: ashlar migrate --baseline ${file.name}`,
      'If the database holds nothing that you need, stop the server, remove it (in a project: the folder .ashlar) and start anew.',
    ],
  );
  return { ...failure, edited: true };
};
