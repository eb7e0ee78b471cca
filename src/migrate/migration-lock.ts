import type { Session } from '../db/index.ts';
import type { OnProgress } from './migration-progress.ts';

/** `ashl`, `migr`: two numbers that no one else is likely to lock. */
const key = `${0x6173686c}, ${0x6d696772}`;

/**
 * Does something while no other process applies migrations to the database. The lock is the session's,
 * so it goes when the connection does.
 */
export const withMigrationLock = async <T>(
  session: Session,
  onProgress: OnProgress,
  work: () => Promise<T>,
): Promise<T> => {
  const [row] = await session.query(`select pg_try_advisory_lock(${key}) as got`);
  if (row?.got !== 't') {
    onProgress({ kind: 'waiting' });
    await session.query(`select pg_advisory_lock(${key})`);
  }
  try {
    return await work();
  } finally {
    // A lost connection has let go of it already.
    await session.query(`select pg_advisory_unlock(${key})`).catch(() => {});
  }
};
