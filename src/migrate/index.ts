/**
 * migrate: a folder of SQL to the database, each file once and as a whole; what goes wrong is told with
 * file, line and column. Here is also the SQL that prepares a new database (`bootstrap`).
 */
export type { AppliedFile } from './apply-files.ts';
export {
  type ApplyOptions,
  applyMigrations,
  applySeed,
  type MigrationRun,
  skipSeed,
} from './apply-migrations.ts';
export { type Baseline, type BaselineOptions, recordBaseline } from './baseline.ts';
export { type BootstrapOptions, type BootstrapRun, bootstrap, listBootstrapFiles } from './bootstrap.ts';
export type { ServingLogin } from './grant-roles.ts';
export type { Guard } from './guard.ts';
export type { LedgerEntry, LedgerKind } from './ledger.ts';
export type { MigrationFailure } from './migration-failure.ts';
export type { MigrationFile } from './migration-file.ts';
export type { MigrationProgress, OnProgress } from './migration-progress.ts';
export {
  type FolderStatus,
  type MigrationState,
  type MigrationStatus,
  readStatus,
} from './migration-status.ts';
export { findOddities, type MigrationPlan, planMigrations } from './plan-migrations.ts';
export { type PrintOptions, printFailure } from './print-failure.ts';
export { type MigrationFolder, migrationHomes, readMigrations } from './read-migrations.ts';
export { type Rehearsal, rehearseMigrations } from './rehearse-migrations.ts';
export type { SourcePlace } from './source-place.ts';
export { suggestName } from './suggest-name.ts';
export { type MigrationWatch, type WatchOptions, watchMigrations } from './watch-migrations.ts';
