import type { ModelIndex } from '../model/index.ts';

/** A reading of the database. Each has a number of its own, which plans name. */
export type Publication = { readonly index: ModelIndex; readonly snapshot: number };

/** Where the engine finds the latest reading; undefined until there is one. */
export type ModelSource = {
  readonly current: () => Publication | undefined;
  /**
   * Whether the latest reading is known to be what the database is: whoever changes it tells, and nobody has since.
   * Default: it is not known.
   */
  readonly isSettled?: () => boolean;
};
