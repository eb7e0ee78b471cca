/**
 * SQL: `Model.mediaHandlers`: aggregates over rows that give a domain named like a media type, and
 * functions that give one themselves.
 */
export const mediaHandlersSql = `
select lower(m.typname) as "mediaType",
       json_build_object('schema', own.name, 'name', p.proname) as "function",
       case when p.prokind = 'a' and c.oid is not null
         then json_build_object('schema', cn.nspname, 'name', c.relname) end as "relation",
       case when p.prokind = 'f' then p.oid::bigint end as "routine"
from pg_proc p
join own on own.oid = p.pronamespace
join pg_type m on m.oid = p.prorettype and m.typtype = 'd'
left join pg_class c on p.pronargs = 1 and c.reltype = p.proargtypes[0] and c.reltype <> 0
                    and c.relkind in ('r', 'p', 'v', 'm', 'f')
left join pg_namespace cn on cn.oid = c.relnamespace
where (m.typname ~* '^[a-z0-9.-]+/[a-z0-9.+-]+$' or m.typname = '*/*')
  and (p.prokind = 'f' and not p.proretset
    or p.prokind = 'a' and p.pronargs = 1 and (c.oid is not null or p.proargtypes[0] = 'anyelement'::regtype))
order by 1, own.name, p.proname, cn.nspname, c.relname, p.proargtypes::regtype[]::text collate "C"`;
