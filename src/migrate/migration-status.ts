import type { Session } from '../db/index.ts';
import { type LedgerEntry, readLedger } from './ledger.ts';
import { planMigrations } from './plan-migrations.ts';
import type { MigrationFolder } from './read-migrations.ts';

/** How one migration stands. */
export type MigrationState =
  | 'applied'
  /** Recorded as applied, but not run (`--baseline`). */
  | 'baseline'
  | 'pending'
  /** Pending, and before one that is applied. */
  | 'late'
  /** Applied, but another text now. */
  | 'edited'
  /** Applied under another name. */
  | 'renamed'
  /** Applied, but no longer in the folder. */
  | 'missing';

export type MigrationStatus = {
  readonly name: string;
  readonly state: MigrationState;
  /** ISO 8601, UTC; undefined: not yet. */
  readonly appliedAt: string | undefined;
  readonly durationMs: number | undefined;
};

export type FolderStatus = {
  /** By name: those of the folder, and those that are missing from it. */
  readonly migrations: readonly MigrationStatus[];
  /** Undefined: there is no seed. Skipped: the database was served before it could be run, so it is not any more. */
  readonly seed: 'pending' | 'applied' | 'skipped' | undefined;
};

/** Tells how the files of a folder stand to a database. Changes nothing. */
export const readStatus = async (
  session: Session,
  { files, seed }: Pick<MigrationFolder, 'files' | 'seed'>,
): Promise<FolderStatus> => {
  const applied = await readLedger(session, 'migration');
  const plan = planMigrations(files, applied);
  const status = (name: string, state: MigrationState, entry?: LedgerEntry): MigrationStatus => ({
    name,
    state,
    appliedAt: entry?.appliedAt,
    durationMs: entry?.durationMs,
  });
  const entries = new Map(applied.map((entry) => [entry.name, entry]));
  const migrations = files.map((file): MigrationStatus => {
    const { name } = file;
    const entry = entries.get(name);
    if (entry) {
      const isEdited = plan.edited.some((edit) => edit.entry === entry);
      return status(name, isEdited ? 'edited' : entry.baseline ? 'baseline' : 'applied', entry);
    }
    const rename = plan.renamed.find((renamed) => renamed.file === file);
    if (rename) return status(name, 'renamed', rename.entry);
    return status(name, plan.late.includes(file) ? 'late' : 'pending');
  });
  const [seeded] = await readLedger(session, 'seed');
  const missing = plan.missing.map((entry) => status(entry.name, 'missing', entry));
  return {
    migrations: [...migrations, ...missing].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    seed: seed && (seeded === undefined ? 'pending' : seeded.baseline ? 'skipped' : 'applied'),
  };
};
