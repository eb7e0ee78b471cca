import type { QualifiedName } from '../../base/index.ts';
import type { Session } from '../../db/index.ts';
import { quoteIdent, quoteQualified } from '../../sql/index.ts';
import { databaseNameOf } from '../config/postgrest-config.ts';
import { postgrestSettingNames, postgrestSettings } from '../config/postgrest-settings.ts';

/** The names by which the database sets them: `pgrst.db_schemas`. */
const settingNames = postgrestSettingNames
  .filter((name) => postgrestSettings[name].inDatabase)
  .flatMap((name) => [name, ...postgrestSettings[name].aliases])
  .map((name) => `pgrst.${databaseNameOf(name)}`);

/**
 * What was set with ALTER ROLE … SET for the login: for this database, which wins, or for all.
 * (For a database alone, ALTER DATABASE … SET, it does not count.)
 */
const ofRole = `
  select substr(setting, 1, strpos(setting, '=') - 1) as name,
         substr(setting, strpos(setting, '=') + 1) as value
  from pg_catalog.pg_db_role_setting stored, unnest(stored.setconfig) as setting
  where stored.setrole = (select oid from pg_catalog.pg_roles where rolname = current_user)
    and stored.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = current_catalog))
  order by stored.setdatabase`;

const ofFunction = `
  select name, current_setting(name, true) as value
  from unnest($1::text[]) as name
  where current_setting(name, true) is not null`;

const nameSql = (name: QualifiedName): string =>
  name.schema === '' ? quoteIdent(name.name) : quoteQualified(name);

/**
 * Reads the settings that the database has for the login (PostgREST, "In-Database Configuration"), by names
 * such as `db_schemas`: those of the role, and below them those that the function sets for the transaction.
 *
 * @param preConfig the function (`db-pre-config`)
 * @throws PgError where the function is not there or fails; ConnectionError
 */
export const readDatabaseSettings = async (
  session: Session,
  preConfig: QualifiedName | undefined,
): Promise<ReadonlyMap<string, string>> => {
  const known = new Set(settingNames);
  const found = new Map<string, string>();
  const add = (rows: Awaited<ReturnType<Session['query']>>): void => {
    for (const { name, value } of rows)
      if (name && value !== null && value !== undefined && known.has(name))
        found.set(name.slice('pgrst.'.length), value);
  };
  await session.query('begin read only');
  try {
    if (preConfig !== undefined) {
      await session.query(`select ${nameSql(preConfig)}()`);
      add(await session.query(ofFunction, [`{${settingNames.join(',')}}`]));
    }
    add(await session.query(ofRole));
  } finally {
    await session.query('rollback').catch(() => {});
  }
  return found;
};
