import { grantsSql } from './grants.ts';

const list = (name: string, select: string): string =>
  `'${name}', (select coalesce(json_agg(x), '[]') from (${select}) x)`;

const oids = (name: string, catalog: string): string =>
  `'${name}', (select coalesce(json_agg(d.objid::bigint order by d.objid), '[]') from pg_depend d
   where d.classid = '${catalog}'::regclass and d.deptype = 'e' and d.objsubid = 0)`;

/** SQL: `Evidence.reads`. A view depends on what it reads by way of its rule. */
const readsSql = `
select distinct r.ev_class::bigint as "view", d.refobjid::bigint as "relation"
from pg_rewrite r
join pg_class v on v.oid = r.ev_class and v.relkind in ('v', 'm')
join own on own.oid = v.relnamespace
join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
                and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
join pg_class c on c.oid = d.refobjid and c.relkind in ('r', 'p', 'v', 'm', 'f')
where r.ev_type = '1'
order by 1, 2`;

const extensionsSql = `
select e.extname as "name", n.nspname as "schema", e.extversion as "version", a.default_version as "available"
from pg_extension e
join pg_namespace n on n.oid = e.extnamespace
left join pg_available_extensions a on a.name = e.extname
order by e.extname`;

/** SQL: `Evidence.indexes`. Included columns are no part of the key. */
const indexesSql = `
select i.indexrelid::bigint as "oid",
       ic.relname as "name",
       i.indrelid::bigint as "relation",
       (select json_agg(k.number order by k.position)
        from unnest(i.indkey::int2[]) with ordinality k (number, position)
        where k.position <= i.indnkeyatts) as "columns",
       am.amname as "method",
       i.indisunique as "unique",
       exists (select from pg_constraint con where con.conindid = i.indexrelid and con.contype in ('p', 'u', 'x')
              ) as "constraint",
       pg_get_expr(i.indpred, i.indrelid) as "predicate",
       json_build_array(am.amname, i.indisunique, i.indkey::text, i.indnkeyatts, i.indclass::text, i.indcollation::text,
                        i.indoption::text, pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid)
                       )::text as "shape",
       coalesce(s.idx_scan, 0) as "scans"
from pg_index i
join pg_class ic on ic.oid = i.indexrelid
join pg_class c on c.oid = i.indrelid
join own on own.oid = c.relnamespace
join pg_am am on am.oid = ic.relam
left join pg_stat_all_indexes s on s.indexrelid = i.indexrelid
where i.indisvalid
order by own.name, c.relname, ic.relname`;

const sequencesSql = `
select own.name as "schema",
       c.relname as "name",
       pg_get_userbyid(c.relowner) as "owner",
       ${grantsSql(`coalesce(c.relacl, acldefault('s', c.relowner))`)} as "grants"
from pg_class c
join own on own.oid = c.relnamespace
where c.relkind = 'S'
order by own.name, c.relname`;

const routineSourcesSql = `
select p.oid::bigint as "routine",
       l.lanname as "language",
       pg_get_function_identity_arguments(p.oid) as "signature",
       p.prosrc as "body",
       pg_get_functiondef(p.oid) as "definition",
       p.prosqlbody is not null as "standard"
from pg_proc p
join own on own.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
where p.prokind = 'f'
  and l.lanname not in ('c', 'internal')
  and not exists (select from pg_depend d
                  where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
order by own.name, p.proname, p.oid`;

/** SQL: `Evidence.insertTriggers`. Of `tgtype` 1 is ROW, 2 BEFORE and 4 INSERT (pg_trigger.h). */
const insertTriggersSql = `
select t.tgrelid::bigint as "relation", t.tgname as "name", t.tgfoid::bigint as "routine"
from pg_trigger t
join pg_class c on c.oid = t.tgrelid
join own on own.oid = c.relnamespace
where not t.tgisinternal and t.tgenabled in ('O', 'A') and t.tgtype & 7 = 7
order by own.name, c.relname, t.tgname`;

const creatorsSql = `
select own.name as "schema",
       (select json_agg(distinct case a.grantee when 0 then 'PUBLIC' else pg_get_userbyid(a.grantee)::text end)
        from aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
        where a.privilege_type = 'CREATE' and a.grantee <> n.nspowner) as "roles"
from pg_namespace n
join own on own.oid = n.oid
where exists (select from aclexplode(n.nspacl) a where a.privilege_type = 'CREATE' and a.grantee <> n.nspowner)
order by own.name`;

const usageSql = `
select s.relid::bigint as "relation",
       s.n_live_tup as "rows",
       coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0) as "scans"
from pg_stat_all_tables s
join own on own.name = s.schemaname
where coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0) > 0
order by own.name, s.relname`;

const ownSql = `
with own as materialized (
  select oid, nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
)`;

const exposureParts = [list('reads', readsSql), oids('extensionRelations', 'pg_class')];

/** `ExposureEvidence`, as one JSON text. */
export const exposureEvidenceSql = `${ownSql}
select json_build_object(
  ${exposureParts.join(',\n  ')}
)::text`;

/** What the checks look at beside the model, as one JSON text; and whether there are buckets to look at. */
export const evidenceSql = `${ownSql}
select json_build_object(
  ${[
    ...exposureParts,
    oids('extensionRoutines', 'pg_proc'),
    list('extensions', extensionsSql),
    list('indexes', indexesSql),
    list('sequences', sequencesSql),
    list('insertTriggers', insertTriggersSql),
    list('routineSources', routineSourcesSql),
    list('creators', creatorsSql),
    list('usage', usageSql),
  ].join(',\n  ')}
)::text,
coalesce(has_table_privilege(to_regclass('storage.buckets')::oid, 'select'), false)
  and exists (select from pg_attribute a
              where a.attrelid = to_regclass('storage.buckets') and a.attname = 'public' and not a.attisdropped)`;

/** `Evidence.publicBuckets`, where there are buckets. */
export const publicBucketsSql = `select coalesce(json_agg(id::text order by id::text), '[]')::text from storage.buckets where public`;
