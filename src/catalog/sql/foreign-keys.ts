/** SQL: `Model.foreignKeys`; those that a partition has from its parent are left out. */
export const foreignKeysSql = `
select f.oid::bigint as "oid",
       f.conname as "name",
       f.conrelid::bigint as "relation",
       to_json(f.conkey) as "columns",
       f.confrelid::bigint as "foreignRelation",
       to_json(f.confkey) as "foreignColumns",
       exists (
         select from pg_constraint u
         where u.conrelid = f.conrelid and u.contype in ('p', 'u')
           and u.conkey @> f.conkey and u.conkey <@ f.conkey
       ) as "unique",
       case f.confdeltype when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set null'
                          when 'd' then 'set default' else 'no action' end as "onDelete"
from pg_constraint f
join pg_class c on c.oid = f.conrelid
join own on own.oid = c.relnamespace
where f.contype = 'f' and f.conparentid = 0
order by own.name, c.relname, f.conname`;
