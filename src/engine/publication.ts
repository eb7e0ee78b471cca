import type { ModelIndex } from '../model/index.ts';

/** A reading of the database. Each has a number of its own, which plans name. */
export type Publication = { readonly index: ModelIndex; readonly snapshot: number };

/** Where the engine finds the latest reading; undefined until there is one. */
export type ModelSource = { readonly current: () => Publication | undefined };
