import { setTimeout as pause } from 'node:timers/promises';
import { isPgError } from '../db/index.ts';

const tries = 20;

/**
 * Does something that changes the cluster's own catalogs, again if it collides: several databases of a
 * cluster may be prepared at once, and the roles are the cluster's. `work` leaves no failed transaction.
 */
export const retryCollisions = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isCollision(error) || attempt === tries) throw error;
      await pause(5 * attempt * Math.random());
    }
  }
};

/** Two sessions changed the same row of a catalog, which Postgres reports as an internal error. */
const isCollision = (error: unknown): boolean =>
  isPgError(error) && error.code === 'XX000' && error.message.includes('concurrently');
