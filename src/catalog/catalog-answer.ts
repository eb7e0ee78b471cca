import type { Model, Relation, Routine } from '../model/index.ts';

/** What `catalogSql` answers: the model, but for what is worked out from it here. */
export type CatalogAnswer = Omit<Model, 'relations' | 'routines'> & {
  readonly relations: readonly CatalogRelation[];
  readonly routines: readonly CatalogRoutine[];
};

export type CatalogRelation = Relation & {
  /** Views: the tree of the query that they are. */
  readonly rule: string | null;
};

export type CatalogRoutine = Omit<Routine, 'settings' | 'isolation' | 'searchPath'> & {
  /** `pg_proc.proconfig`: `name=value`. */
  readonly config: readonly string[];
};
