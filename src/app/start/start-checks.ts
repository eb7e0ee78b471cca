import type { Finding } from '../../base/index.ts';
import { checkExposure } from './check-exposure.ts';
import { checkLogin } from './check-login.ts';
import { checkMigrations } from './check-migrations.ts';
import { checkSecret } from './check-secret.ts';
import { checkServer } from './check-server.ts';
import { checkTables } from './check-tables.ts';
import type { StartCheck, StartContext } from './start-check.ts';

/** All that is looked at before a project is served, in the order in which it is told. */
const startChecks: readonly StartCheck[] = [
  checkSecret,
  checkServer,
  checkLogin,
  checkMigrations,
  checkTables,
  checkExposure,
];

/** Looks at everything, so that all of it can be told at once. */
export const runStartChecks = async (context: StartContext): Promise<readonly Finding[]> => {
  const found: Finding[] = [];
  for (const check of startChecks) found.push(...(await check(context)));
  return found;
};
