import type { AccessChange } from '../../access/index.ts';
import type { Finding } from '../../base/index.ts';
import type { EmbeddedStep, KeepEvent } from '../../db/index.ts';
import type { MigrationFailure, MigrationProgress } from '../../migrate/index.ts';

/** What goes on while a project is served, for the person who watches. */
export type DevProgress =
  | { readonly kind: 'postgres'; readonly step: EmbeddedStep }
  /** Postgres has ended by itself and is started again. */
  | { readonly kind: 'kept'; readonly event: KeepEvent }
  | { readonly kind: 'migration'; readonly progress: MigrationProgress }
  | { readonly kind: 'finding'; readonly finding: Finding }
  /** How much is wrong with the project by now; that there is nothing, too. */
  | { readonly kind: 'findings'; readonly errors: number; readonly warnings: number }
  /** Migrations were applied while serving, and the API follows them. */
  | { readonly kind: 'reloaded'; readonly applied: readonly string[]; readonly durationMs: number }
  /** What the migrations that were just applied change of who can do what. */
  | { readonly kind: 'access'; readonly changes: readonly AccessChange[] }
  /**
   * A file failed. What was before it is served on, those included that were applied just now; at the start nothing is
   * served before it is mended.
   */
  | {
      readonly kind: 'failed';
      readonly failure: MigrationFailure;
      readonly applied: readonly string[];
      readonly served: boolean;
    }
  /** Files have changed, but could not be read, or the database not be reached. */
  | { readonly kind: 'trouble'; readonly message: string };

export type OnDevProgress = (progress: DevProgress) => void;
