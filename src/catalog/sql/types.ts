/**
 * SQL: `Model.types`: those of the schemas and Postgres' own, without the row types of relations
 * (they are `Relation.rowType`) and the arrays of those.
 */
export const typesSql = `
select t.oid::bigint as "oid",
       n.nspname as "schema",
       t.typname as "name",
       case t.typtype when 'd' then 'domain' when 'e' then 'enum' when 'c' then 'composite' when 'r' then 'range'
                      when 'm' then 'multirange' when 'p' then 'pseudo' else 'base' end as "kind",
       case when t.typtype = 'd' then t.typbasetype::bigint
            when e.oid is not null then e.oid::bigint end as "over",
       d.description as "comment"
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
left join pg_type e on e.oid = t.typelem and t.typsubscript = 'array_subscript_handler'::regproc
left join pg_class c on c.oid = case when e.oid is null then t.typrelid else e.typrelid end
left join pg_description d on d.objoid = t.oid and d.classoid = 'pg_type'::regclass and d.objsubid = 0
where (n.nspname = 'pg_catalog' or t.typnamespace in (select oid from own))
  and (c.oid is null or c.relkind = 'c')
order by n.nspname, t.typname`;
