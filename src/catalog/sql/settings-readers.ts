/**
 * SQL: what of the database's own SQL could read a setting, as `{language, source}`; null where no event trigger tells
 * the server of changes, as what was found would not hold for long.
 *
 * A function is looked at by its source. Of what is kept as a tree (views, policies, defaults, checks, conditions of
 * triggers) only what calls a function of Postgres that reads settings or runs a text, or looks at `pg_settings`, is
 * printed. What belongs to an extension was written without knowing of a request's settings, unless it names one.
 */
export const settingsReadersSql = `
select case when (
  select count(*) = 2 from pg_event_trigger
  where evtname in ('ashlar_ddl', 'ashlar_drop') and evtenabled in ('O', 'A')
) then (
  with reading as (
    select format('(:funcid (%s)|:relid %s) ', string_agg(oid::text, '|'), 'pg_settings'::regclass::oid) as pattern
    from pg_proc
    where pronamespace = 'pg_catalog'::regnamespace
      and (proname in ('current_setting', 'pg_show_all_settings', 'ts_stat', 'ts_rewrite') or proname ~ '^query_to_xml')
  ),
  printed (source) as (
    select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d, reading where d.adbin::text ~ pattern
    union all
    select pg_get_constraintdef(k.oid) from pg_constraint k, reading where k.conbin::text ~ pattern
    union all
    select concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    from pg_policy p, reading where concat(p.polqual::text, p.polwithcheck::text) ~ pattern
    union all
    select regexp_replace(pg_get_triggerdef(t.oid), ' EXECUTE (FUNCTION|PROCEDURE) .*$', '')
    from pg_trigger t, reading where t.tgqual::text ~ pattern
    union all
    select pg_get_ruledef(r.oid)
    from reading, pg_rewrite r join pg_class c on c.oid = r.ev_class join own on own.oid = c.relnamespace
    where concat(r.ev_qual::text, r.ev_action::text) ~ pattern
    union all
    select pg_get_expr(t.typdefaultbin, 0) from pg_type t, reading where t.typdefaultbin::text ~ pattern
  ),
  functions as (
    select l.lanname as language, coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) as source,
           exists (
             select from pg_depend d
             where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
           ) as is_extension
    from pg_proc p join own on own.oid = p.pronamespace join pg_language l on l.oid = p.prolang
    where own.name <> 'ashlar' and p.prokind <> 'a' and p.prorettype <> 'event_trigger'::regtype
    offset 0
  )
  select coalesce(json_agg(x), '[]') from (
    select 'sql' as "language", source as "source" from printed
    union all
    select language::text, source from functions
    where (not is_extension or source ~* 'request\\.')
      and (language not in ('sql', 'plpgsql')
        or source ~* 'current_setting|pg_settings|pg_show_all_settings|ts_stat|ts_rewrite|query_to_xml|execute|show')
  ) x
) end`;
