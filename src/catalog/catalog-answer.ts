import type { Model, Relation, Routine } from '../model/index.ts';
import type { SettingsReader } from './read-settings.ts';

/** What `catalogSql` answers: the model, but for what is worked out from it here. */
export type CatalogAnswer = Omit<Model, 'relations' | 'routines' | 'settingsRead'> & {
  readonly relations: readonly CatalogRelation[];
  readonly routines: readonly CatalogRoutine[];
  /** What may read settings; null: nobody would tell if something began to. */
  readonly settingsReaders: readonly SettingsReader[] | null;
};

export type CatalogRelation = Relation & {
  /** Views: the tree of the query that they are. */
  readonly rule: string | null;
};

export type CatalogRoutine = Omit<Routine, 'settings' | 'isolation' | 'searchPath'> & {
  /** `pg_proc.proconfig`: `name=value`. */
  readonly config: readonly string[];
};
