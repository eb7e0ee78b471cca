import type { Finding, QualifiedName } from '../../base/index.ts';
import { findUnknownTables } from '../project/project-tables.ts';
import type { StartContext } from './start-check.ts';

/** Refuses settings of tables that there are not: a guard that was meant would be missing. */
export const checkTables = async ({
  values,
  serving,
}: Pick<StartContext, 'values' | 'serving'>): Promise<readonly Finding[]> => {
  if (Object.keys(values.cache).length === 0 && values.requireMatch.length === 0) return [];
  const rows = await serving.query(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname = any($1)`,
    [`{${values.schemas.map((name) => JSON.stringify(name)).join(',')}}`],
  );
  return findUnknownTables(values, rows as unknown as readonly QualifiedName[]);
};
