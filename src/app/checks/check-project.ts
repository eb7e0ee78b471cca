import type { Finding } from '../../base/index.ts';
import { addPlaces, findProblems } from '../../checks/index.ts';
import { isPgError, openSession } from '../../db/index.ts';
import { readMigrations } from '../../migrate/index.ts';
import { startScratch } from '../access/scratch-database.ts';
import { findAddress } from '../database-address.ts';
import type { OnDevProgress } from '../dev/dev-progress.ts';
import { findProject } from '../dev/find-project.ts';
import { prepareProject } from '../dev/prepare-project.ts';
import { AppFailure } from '../failure.ts';
import { measureCosts } from './measure-costs.ts';
import { look, readProblems } from './read-problems.ts';

export type CheckOptions = {
  /** The project's folder. */
  readonly folder: string;
  /** A connection string of libpq: that database is looked at, as it is. Default: one that is made of the files. */
  readonly database: string | undefined;
  /** The schemas that are served. */
  readonly schemas: readonly string[];
  readonly onProgress: OnDevProgress;
};

const checkDatabase = async (address: string, schemas: readonly string[]): Promise<readonly Finding[]> => {
  const session = await openSession(await findAddress(address, process.env, '--db-url'));
  try {
    return await readProblems(session, schemas);
  } catch (error) {
    if (!isPgError(error)) throw error;
    throw new AppFailure(
      `The database could not be looked at: ${error.message}. It takes the login of the one who owns the tables.`,
      error,
    );
  } finally {
    await session.close();
  }
};

/**
 * Finds what is wrong with a project: applies its migrations and its seed to a database that is made for it and thrown
 * away, and looks at what has come of them. Or looks at a database that there is.
 *
 * @returns the gravest first; what is waived among them
 * @throws AppFailure, MigrationStopped, EmbeddedError, ConnectionError
 * @example await checkProject({ folder: 'examples/blog', database: undefined, schemas: ['public'], onProgress: () => {} })
 */
export const checkProject = async ({
  folder,
  database,
  schemas,
  onProgress,
}: CheckOptions): Promise<readonly Finding[]> => {
  if (database !== undefined) return checkDatabase(database, schemas);
  const files = await readMigrations(findProject(folder));
  const scratch = await startScratch((step) => onProgress({ kind: 'postgres', step }));
  try {
    const session = await openSession(scratch.owner);
    try {
      const oddities: Finding[] = [];
      await prepareProject(session, files, scratch.server.user, (progress) => {
        // What is odd about the files is found like all else; that they were applied goes without saying.
        if (progress.kind === 'finding') oddities.push(progress.finding);
        else if (progress.kind !== 'migration' || progress.progress.kind === 'notice') onProgress(progress);
      });
      const subject = await look(session);
      const found = await findProblems(subject, { schemas });
      const placed = await addPlaces(found, files.files);
      return [...(await measureCosts(session, subject.model, placed)), ...oddities];
    } finally {
      await session.close();
    }
  } finally {
    await scratch.close();
  }
};
