import type { Finding } from '../../base/index.ts';
import type { EmbeddedStep } from '../../db/index.ts';
import type { MigrationFailure, MigrationProgress } from '../../migrate/index.ts';

/** What goes on while a project is served, for the person who watches. */
export type DevProgress =
  | { readonly kind: 'postgres'; readonly step: EmbeddedStep }
  | { readonly kind: 'migration'; readonly progress: MigrationProgress }
  | { readonly kind: 'finding'; readonly finding: Finding }
  /** Migrations were applied while serving, and the API follows them. */
  | { readonly kind: 'reloaded'; readonly applied: readonly string[]; readonly durationMs: number }
  /** A migration failed while serving; what was before is served on. */
  | { readonly kind: 'failed'; readonly failure: MigrationFailure }
  /** Files have changed, but could not be read, or the database not be reached. */
  | { readonly kind: 'trouble'; readonly message: string };

export type OnDevProgress = (progress: DevProgress) => void;
