import type { Session } from '../db/index.ts';
import { openLedger, readLedger, recordEntry } from './ledger.ts';
import type { MigrationFile } from './migration-file.ts';
import { withMigrationLock } from './migration-lock.ts';
import { ignoreProgress, type OnProgress } from './migration-progress.ts';

export type BaselineOptions = {
  /** Only these, also those that are recorded with another text. Default: all that are not recorded. */
  readonly names?: readonly string[];
  readonly onProgress?: OnProgress;
};

export type Baseline = {
  readonly recorded: readonly string[];
  /** Of those, the ones that were applied with another text: what was edited in them has not been run. */
  readonly edited: readonly string[];
  /** Names that no file has; nothing was recorded then. */
  readonly unknown: readonly string[];
};

/**
 * Records migrations as applied without running them: for a database that exists already, and for a file
 * that was edited after the database had been changed alike by hand.
 *
 * @example await recordBaseline(session, files, { names: ['0001_tables.sql'] })
 */
export const recordBaseline = (
  session: Session,
  files: readonly MigrationFile[],
  { names, onProgress = ignoreProgress }: BaselineOptions = {},
): Promise<Baseline> =>
  withMigrationLock(session, onProgress, async () => {
    await openLedger(session);
    const unknown = (names ?? []).filter((name) => !files.some((file) => file.name === name));
    if (unknown.length > 0) return { recorded: [], edited: [], unknown };
    const known = new Map((await readLedger(session, 'migration')).map((entry) => [entry.name, entry]));
    const chosen = files.filter(({ name }) => (names ? names.includes(name) : !known.has(name)));
    await session.query('begin');
    for (const { name, checksum } of chosen) {
      await recordEntry(session, { kind: 'migration', name, checksum, durationMs: 0, baseline: true });
    }
    await session.query('commit');
    const edited = chosen.filter(
      ({ name, checksum }) => (known.get(name)?.checksum ?? checksum) !== checksum,
    );
    return { recorded: chosen.map(({ name }) => name), edited: edited.map(({ name }) => name), unknown };
  });
