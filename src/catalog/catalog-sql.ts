import { foreignKeysSql } from './sql/foreign-keys.ts';
import { mediaHandlersSql } from './sql/media-handlers.ts';
import { policiesSql } from './sql/policies.ts';
import { relationsSql } from './sql/relations.ts';
import { representationsSql } from './sql/representations.ts';
import { rolesSql } from './sql/roles.ts';
import { routinesSql } from './sql/routines.ts';
import { schemasSql } from './sql/schemas.ts';
import { setsResponseSql } from './sql/sets-response.ts';
import { settingsReadersSql } from './sql/settings-readers.ts';
import { typesSql } from './sql/types.ts';

/**
 * What has to hold before the catalog is read, until the end of the transaction. Without a search
 * path Postgres prints every name in full, and no function of a schema can stand in for one of
 * Postgres' own. Compiling the statement (`jit`) would take longer than running it, and a merge join
 * would walk through all types for each relation. A large schema takes what it takes, whatever time requests have.
 * The others are settings by which constants are
 * printed.
 */
export const settingsSql = `
select set_config('statement_timeout', '0', true), set_config('search_path', '', true), set_config('jit', 'off', true), set_config('enable_mergejoin', 'off', true),
       set_config('quote_all_identifiers', 'off', true),
       set_config('datestyle', 'iso, mdy', true), set_config('intervalstyle', 'postgres', true),
       set_config('timezone', 'UTC', true), set_config('extra_float_digits', '1', true),
       set_config('bytea_output', 'hex', true)`;

const list = (name: string, select: string): string =>
  `'${name}', (select coalesce(json_agg(x), '[]') from (${select}) x)`;

/**
 * The whole catalog as one JSON text, in one statement: all of it is read by one snapshot. The names
 * of the columns are those of the model. `$1` is the login that serves, or null for the current one.
 *
 * `own` are the schemas that are not Postgres' own; `domains` leads from each domain to the type below
 * all domains; `settable` are the settings that `$1` may set, by their kind or by GRANT SET ON PARAMETER;
 * `unvalidated` are NOT NULL constraints that old rows may break (Postgres 18);
 * `unreachable` are foreign tables whose wrapper has no handler, and the views of them: Postgres does not
 * say what can be done with those, it fails.
 */
export const catalogSql = `
with recursive own as materialized (
  select oid, nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
),
chain (oid, base, modifier, not_null) as (
  select t.oid, t.typbasetype, t.typtypmod, t.typnotnull from pg_type t where t.typtype = 'd'
  union all
  select chain.oid, t.typbasetype, t.typtypmod, chain.not_null or t.typnotnull
  from chain join pg_type t on t.oid = chain.base
  where t.typtype = 'd'
),
domains as materialized (
  select chain.oid, chain.base, chain.modifier, chain.not_null, t.typtype = 'e' as is_enum
  from chain join pg_type t on t.oid = chain.base
  where t.typtype <> 'd'
),
unvalidated as materialized (
  select conrelid as relation, conkey[1] as number from pg_constraint where contype = 'n' and not convalidated
),
settable as materialized (
  select name from pg_settings
  where context = 'user'
     or has_parameter_privilege((select oid from pg_roles where rolname = coalesce($1, current_user)), name, 'SET')
),
unreachable (relation) as (
  select ft.ftrelid
  from pg_foreign_table ft
  join pg_foreign_server s on s.oid = ft.ftserver
  join pg_foreign_data_wrapper w on w.oid = s.srvfdw
  where w.fdwhandler = 0
  union
  select r.ev_class
  from unreachable u
  join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = u.relation
                  and d.classid = 'pg_rewrite'::regclass
  join pg_rewrite r on r.oid = d.objid
)
select json_build_object(
  'postgres', current_setting('server_version_num')::int,
  ${[
    list('schemas', schemasSql),
    list('relations', relationsSql),
    list('foreignKeys', foreignKeysSql),
    list('routines', routinesSql),
    list('types', typesSql),
    list('roles', rolesSql),
    list('policies', policiesSql),
    list('representations', representationsSql),
    list('mediaHandlers', mediaHandlersSql),
  ].join(',\n')},
  'setsResponse', (${setsResponseSql}),
  'settingsReaders', (${settingsReadersSql})
)::text`;
