import { grantsSql } from './grants.ts';

/**
 * Bits of `pg_relation_is_updatable`: `1 << CmdType` (nodes.h). Tables are always writable, a
 * materialized view never; views and foreign tables are asked, INSTEAD OF triggers counted in.
 */
const writableSql = (bit: number): string => `(c.relkind in ('r', 'p') or events.bits & ${bit} <> 0)`;

const columnsSql = `
select a.attnum as "number",
       a.attname as "name",
       d.description as "comment",
       format_type(a.atttypid, a.atttypmod) as "type",
       format_type(coalesce(dom.base, a.atttypid), null) as "baseType",
       a.atttypid::bigint as "typeOid",
       not (a.attnotnull and uv.number is null or coalesce(dom.not_null, false)) as "nullable",
       case
         when a.attidentity = 'd' then (
           select format('nextval(%L)', s.objid::regclass) from pg_depend s
           where s.refclassid = 'pg_class'::regclass and s.refobjid = a.attrelid and s.refobjsubid = a.attnum
             and s.classid = 'pg_class'::regclass and s.deptype = 'i')
         when a.attidentity = 'a' or a.attgenerated <> '' then null
         when ad.adbin is not null then pg_get_expr(ad.adbin, ad.adrelid)
         when t.typtype = 'd' then pg_get_expr(t.typdefaultbin, 0)
       end as "default",
       case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end as "generated",
       case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as "identity",
       case
         when coalesce(dom.base, a.atttypid) in ('bpchar'::regtype, 'varchar'::regtype)
           then nullif(coalesce(dom.modifier, a.atttypmod), -1) - 4
         when coalesce(dom.base, a.atttypid) in ('bit'::regtype, 'varbit'::regtype)
           then nullif(coalesce(dom.modifier, a.atttypmod), -1)
       end as "maxLength",
       case when t.typtype = 'e' or dom.is_enum then
         (select json_agg(e.enumlabel order by e.enumsortorder)
          from pg_enum e where e.enumtypid = coalesce(dom.base, a.atttypid))
         else '[]' end as "enumValues",
       case when c.relkind in ('r', 'p') or events.replaced then true
            when events.bits <> 0 then pg_column_is_updatable(c.oid, a.attnum, false)
            else false end as "updatable",
       null as "origin",
       case when a.attacl is null then '[]' else ${grantsSql('a.attacl')} end as "grants"
from pg_attribute a
join pg_type t on t.oid = a.atttypid
left join pg_attrdef ad on ad.adrelid = a.attrelid and ad.adnum = a.attnum
left join pg_description d on d.objoid = a.attrelid and d.classoid = 'pg_class'::regclass and d.objsubid = a.attnum
left join domains dom on dom.oid = a.atttypid
left join unvalidated uv on uv.relation = a.attrelid and uv.number = a.attnum
where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`;

/** SQL: the names of a constraint's columns in its order. */
const keyColumnsSql = `
(select json_agg(a.attname order by k.position)
 from unnest(con.conkey) with ordinality k (number, position)
 join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.number)`;

/**
 * SQL: `Model.relations`, and with each view the rule that it is (`pg_rewrite.ev_action`), from which
 * the origins of its columns are read.
 */
export const relationsSql = `
select c.oid::bigint as "oid",
       own.name as "schema",
       c.relname as "name",
       case c.relkind
         when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view'
         when 'm' then 'materialized view' else 'foreign table' end as "kind",
       d.description as "comment",
       pg_get_userbyid(c.relowner) as "owner",
       c.reltype::bigint as "rowType",
       c.relispartition as "isPartition",
       coalesce((select json_agg(k order by k.number) from (${columnsSql}) k), '[]') as "columns",
       coalesce((select ${keyColumnsSql} from pg_constraint con
                 where con.conrelid = c.oid and con.contype = 'p' and c.relkind in ('r', 'p')), '[]') as "primaryKey",
       coalesce((select json_agg(${keyColumnsSql} order by con.contype = 'p' desc, con.conname) from pg_constraint con
                 where con.conrelid = c.oid and con.contype in ('p', 'u')), '[]') as "uniqueKeys",
       ${writableSql(8)} as "insertable",
       ${writableSql(4)} as "updatable",
       ${writableSql(16)} as "deletable",
       c.relrowsecurity as "rowSecurity",
       c.relforcerowsecurity as "forceRowSecurity",
       coalesce((select o.option_value::boolean from pg_options_to_table(c.reloptions) o
                 where o.option_name = 'security_invoker'), false) as "securityInvoker",
       ${grantsSql(`coalesce(c.relacl, acldefault('r', c.relowner))`)} as "grants",
       (select r.ev_action::text from pg_rewrite r
        where r.ev_class = c.oid and r.ev_type = '1' and c.relkind in ('v', 'm')) as "rule"
from pg_class c
join own on own.oid = c.relnamespace
left join pg_description d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
cross join lateral (
  select case when c.relkind in ('v', 'f') and c.oid not in (select relation from unreachable)
              then pg_relation_is_updatable(c.oid, true) else 0 end as bits,
         -- INSTEAD OF (64, pg_trigger.h) INSERT (4) or UPDATE (16): the trigger sees every column.
         c.relkind = 'v' and exists (select from pg_trigger g where g.tgrelid = c.oid
                                     and g.tgtype & 64 <> 0 and g.tgtype & 20 <> 0) as replaced
  offset 0
) events
where c.relkind in ('r', 'p', 'v', 'm', 'f')
order by own.name, c.relname`;
