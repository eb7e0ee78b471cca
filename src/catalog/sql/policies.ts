/** SQL: `Model.policies`. */
export const policiesSql = `
select p.oid::bigint as "oid",
       p.polrelid::bigint as "relation",
       p.polname as "name",
       case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete'
                     else 'all' end as "command",
       p.polpermissive as "permissive",
       (select json_agg(x.name order by x.name collate "C")
        from (select case m.role when 0 then 'PUBLIC' else pg_get_userbyid(m.role)::text end as name
              from unnest(p.polroles) m (role)) x) as "roles",
       pg_get_expr(p.polqual, p.polrelid) as "using",
       pg_get_expr(p.polwithcheck, p.polrelid) as "check"
from pg_policy p
join pg_class c on c.oid = p.polrelid
join own on own.oid = c.relnamespace
order by own.name, c.relname, p.polname`;
