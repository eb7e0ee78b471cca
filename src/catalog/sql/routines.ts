import { granteesSql } from './grants.ts';

/** SQL: the input arguments of `p`, numbered as calls number them. */
const parametersSql = `
select coalesce(i.name, '') as "name",
       format_type(i.type, null) as "type",
       case i.type
         when 'bit'::regtype then 'bit varying'
         when 'bit[]'::regtype then 'bit varying[]'
         when 'bpchar'::regtype then 'character varying'
         when 'bpchar[]'::regtype then 'character varying[]'
         else format_type(i.type, null) end as "inputType",
       i.type::bigint as "typeOid",
       row_number() over (order by i.position) <= p.pronargs - p.pronargdefaults as "required",
       coalesce(i.mode = 'v', false) as "variadic"
from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes)
     with ordinality i (type, name, mode, position)
where i.mode is null or i.mode in ('i', 'b', 'v')
order by i.position`;

/** SQL: the columns that OUT, INOUT and TABLE give to the row that \`p\` returns. */
const outputsSql = `
select coalesce(o.name, '') as "name", format_type(o.type, null) as "type"
from unnest(p.proallargtypes, p.proargnames, p.proargmodes) with ordinality o (type, name, mode, position)
where o.mode in ('o', 'b', 't')
order by o.position`;

/** SQL: the columns of the composite type \`bc\`, which is no relation. */
const attributesSql = `
select a.attname as "name", format_type(a.atttypid, a.atttypmod) as "type"
from pg_attribute a
where a.attrelid = bc.oid and bc.relkind = 'c' and a.attnum > 0 and not a.attisdropped
order by a.attnum`;

/** SQL: `Model.routines`, with all settings of each. */
export const routinesSql = `
select p.oid::bigint as "oid",
       own.name as "schema",
       p.proname as "name",
       d.description as "comment",
       coalesce((select json_agg(x) from (${parametersSql}) x), '[]') as "parameters",
       json_build_object(
         'set', p.proretset,
         'kind', case
           when bt.oid = 'void'::regtype then 'void'
           when bt.typtype = 'c' or p.proargmodes && '{o,b,t}'::"char"[] then 'composite'
           else 'scalar' end,
         'type', json_build_object('schema', bn.nspname, 'name', coalesce(bc.relname, bt.typname)),
         'typeOid', p.prorettype::bigint,
         'relation', case when bc.relkind in ('r', 'p', 'v', 'm', 'f') then bc.oid::bigint end,
         'compositeAlias', bt.typtype = 'c' and dom.oid is not null,
         'columns', coalesce(
           (select json_agg(x) from (${attributesSql}) x),
           (select json_agg(x) from (${outputsSql}) x),
           '[]'),
         'rows', p.prorows
       ) as "returns",
       case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as "volatility",
       p.prosecdef as "securityDefiner",
       pg_get_userbyid(p.proowner) as "owner",
       coalesce(to_json(p.proconfig), '[]') as "config",
       ${granteesSql(`coalesce(p.proacl, acldefault('f', p.proowner))`, 'EXECUTE')} as "execute"
from pg_proc p
join own on own.oid = p.pronamespace
left join domains dom on dom.oid = p.prorettype
join pg_type bt on bt.oid = coalesce(dom.base, p.prorettype)
join pg_namespace bn on bn.oid = bt.typnamespace
left join pg_class bc on bc.oid = bt.typrelid
left join pg_description d on d.objoid = p.oid and d.classoid = 'pg_proc'::regclass and d.objsubid = 0
where p.prokind = 'f'`;
