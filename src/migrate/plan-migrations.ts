import type { Finding } from '../base/index.ts';
import type { LedgerEntry } from './ledger.ts';
import type { MigrationFile } from './migration-file.ts';

/** How the files of a folder stand to what the database remembers. */
export type MigrationPlan = {
  /** To be applied, in order. */
  readonly pending: readonly MigrationFile[];
  /** Applied, but another text now. Nothing can be applied while there is one. */
  readonly edited: readonly { readonly file: MigrationFile; readonly entry: LedgerEntry }[];
  /** Applied under another name: the ledger follows. */
  readonly renamed: readonly { readonly file: MigrationFile; readonly entry: LedgerEntry }[];
  /** Applied, but no longer in the folder. */
  readonly missing: readonly LedgerEntry[];
  /** The pending ones that stand before one that is applied already. */
  readonly late: readonly MigrationFile[];
};

/**
 * Holds the files, in their order, against what has been applied.
 *
 * A pending file that stands before an applied one is applied all the same: two people who work on two
 * branches produce it, and the database that has seen only one of them must be able to catch up.
 */
export const planMigrations = (
  files: readonly MigrationFile[],
  applied: readonly LedgerEntry[],
): MigrationPlan => {
  const entries = new Map(applied.map((entry) => [entry.name, entry]));
  const names = new Set(files.map(({ name }) => name));
  const unknown = files.filter(({ name }) => !entries.has(name));
  const gone = applied.filter(({ name }) => !names.has(name));

  // Only a text that occurs once on each side tells which file became which.
  const sole = <T extends { readonly checksum: string }>(
    list: readonly T[],
    checksum: string,
  ): T | undefined => {
    const found = list.filter((item) => item.checksum === checksum);
    return found.length === 1 ? found[0] : undefined;
  };
  const renamed = gone.flatMap((entry) => {
    const file = sole(unknown, entry.checksum);
    return file && sole(gone, entry.checksum) ? [{ file, entry }] : [];
  });
  const pending = unknown.filter((file) => !renamed.some((rename) => rename.file === file));
  const last = files.findLast(
    (file) => entries.has(file.name) || renamed.some((rename) => rename.file === file),
  );
  return {
    pending,
    edited: files.flatMap((file) => {
      const entry = entries.get(file.name);
      return entry && entry.checksum !== file.checksum ? [{ file, entry }] : [];
    }),
    renamed,
    missing: gone.filter((entry) => !renamed.some((rename) => rename.entry === entry)),
    late: last ? pending.filter((file) => files.indexOf(file) < files.indexOf(last)) : [],
  };
};

/** What a person should know of a plan, though it can be carried out. */
export const findOddities = (plan: MigrationPlan): readonly Finding[] => [
  ...plan.renamed.map(
    ({ file, entry }): Finding => ({
      id: 'migration-renamed',
      severity: 'info',
      subject: file.path,
      message: `${entry.name} was applied and is now called ${file.name}; it is not applied again.`,
    }),
  ),
  ...plan.late.map(
    (file): Finding => ({
      id: 'migration-late',
      severity: 'warning',
      subject: file.path,
      message: `${file.name} stands before migrations that are applied already, so a new database will apply it earlier than this one does. Where that matters, give it a later name.`,
    }),
  ),
  ...plan.missing.map(
    (entry): Finding => ({
      id: 'migration-missing',
      severity: 'warning',
      subject: entry.name,
      message: `${entry.name} was applied to this database (${entry.appliedAt.slice(0, 10)}), but is not in the folder. If it was deleted, bring it back, or a new database will lack it; on an older checkout this is as it should be.`,
    }),
  ),
];
