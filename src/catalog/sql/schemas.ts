import { granteesSql } from './grants.ts';

/** SQL: `Model.schemas`. */
export const schemasSql = `
select n.oid::bigint as "oid",
       n.nspname as "name",
       d.description as "comment",
       ${granteesSql(`coalesce(n.nspacl, acldefault('n', n.nspowner))`, 'USAGE')} as "usage"
from pg_namespace n
join own on own.oid = n.oid
left join pg_description d on d.objoid = n.oid and d.classoid = 'pg_namespace'::regclass and d.objsubid = 0
order by n.nspname`;
