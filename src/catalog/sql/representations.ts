/**
 * SQL: `Model.representations`: implicit casts by function between a domain and json or text that the
 * serving login (`$1`) may call.
 */
export const representationsSql = `
select format_type(c.castsource, null) as "source",
       format_type(c.casttarget, null) as "target",
       json_build_object('schema', n.nspname, 'name', p.proname) as "function"
from pg_cast c
join pg_type s on s.oid = c.castsource
join pg_type t on t.oid = c.casttarget
join pg_proc p on p.oid = c.castfunc
join pg_namespace n on n.oid = p.pronamespace
where c.castcontext = 'i' and c.castmethod = 'f'
  and (s.typtype = 'd' and c.casttarget in ('json'::regtype, 'text'::regtype)
    or t.typtype = 'd' and c.castsource in ('json'::regtype, 'text'::regtype))
  and has_function_privilege((select oid from pg_roles where rolname = coalesce($1, current_user)), p.oid, 'EXECUTE')
order by 1, 2`;
