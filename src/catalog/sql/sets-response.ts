/** `response.` as a text constant's bytes in a parsed expression (`pg_node_tree`). */
export const responseBytes = [...Buffer.from('response.')].join(' ');

/**
 * SQL: `Model.setsResponse` as far as functions go; views, defaults and policies are looked through
 * where they are read. A function in the SQL standard's form has no source, only a tree. OFFSET keeps
 * Postgres from looking through its own functions first.
 */
export const setsResponseSql = `
select exists (
  select from (
    select p.prosrc, p.prosqlbody from pg_proc p join own on own.oid = p.pronamespace offset 0
  ) p
  where p.prosrc ~* 'response\\.(headers|status)'
     or p.prosqlbody is not null and strpos(p.prosqlbody::text, '${responseBytes}') > 0)`;
