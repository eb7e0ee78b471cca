import type { Session } from '../db/index.ts';
import { retryCollisions } from './catalog-collision.ts';

/**
 * Lets the serving login keep answers (`ashlar.idempotency_keys`) and see which migrations were applied, and nobody
 * else: no role of requests gets a right in the schema.
 */
export const grantRecords = async (session: Session, server: string): Promise<void> => {
  const grants = await session.query(
    `select format(statement, rolname) as statement
     from pg_roles, unnest(array[
       'grant usage on schema ashlar to %I',
       'grant select, insert, delete on ashlar.idempotency_keys to %I',
       'grant execute on function ashlar.claim_idempotency_key(text, text) to %I',
       'grant select on ashlar.migrations to %I'
     ]) as statement
     where rolname = $1
       and not (
         coalesce(has_table_privilege(rolname, to_regclass('ashlar.idempotency_keys'), 'insert'), false)
         and has_table_privilege(rolname, 'ashlar.migrations', 'select')
       )`,
    [server],
  );
  for (const { statement } of grants) await retryCollisions(() => session.query(statement as string));
};
