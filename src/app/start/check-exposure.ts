import type { Finding } from '../../base/index.ts';
import { isPgError } from '../../db/index.ts';
import { readExposure } from '../checks/exposure.ts';
import type { StartContext } from './start-check.ts';

/** Refuses what is open with nothing that keeps its rows apart, as `ashlar migrate` does. */
export const checkExposure = async ({
  admin,
  serving,
}: Pick<StartContext, 'admin' | 'serving'>): Promise<readonly Finding[]> => {
  try {
    return await readExposure(admin ?? serving);
  } catch (error) {
    // Some services keep parts of the catalog from logins.
    if (!isPgError(error) || error.code !== '42501') throw error;
    return [
      {
        id: 'unknown-exposure',
        severity: 'error',
        subject: 'dbUrl',
        message: `The catalog may not be read (${error.message}), so nobody can tell whether a table is open to all.`,
        remedy:
          'grant select on pg_catalog.TABLE to public;   -- as a superuser, and as Postgres has it by itself',
      },
    ];
  }
};
