import { type AccessChange, compareAccess, type ExpectedAccess, expectedAccess } from '../../access/index.ts';
import { readCatalog } from '../../catalog/index.ts';
import { createPool, openSession } from '../../db/index.ts';
import { type MigrationFile, readMigrations } from '../../migrate/index.ts';
import { prepareProject } from '../dev/prepare-project.ts';
import { type ScratchDatabase, startScratch } from './scratch-database.ts';
import { surveyDatabase } from './survey-project.ts';

const quiet = (): void => {};

/**
 * Finds out what migrations change of who can do what: the project is made twice in a database that is thrown away,
 * without them and with them. Without its seed, as that may need what they add.
 *
 * @param applied the names of the migrations
 * @returns nothing where there was no other migration, as then everything is new
 * @throws MigrationStopped, EmbeddedError, ConnectionError
 */
export const findAccessDifference = async (
  folder: string,
  applied: readonly string[],
): Promise<readonly AccessChange[]> => {
  const files = await readMigrations(folder);
  // What comes after them may have been saved meanwhile, and is told of in its turn.
  const last = files.files.findLastIndex(({ name }) => applied.includes(name));
  const later = files.files.slice(0, last + 1);
  const earlier = later.filter(({ name }) => !applied.includes(name));
  if (earlier.length === 0 || last < 0) return [];
  const scratch = await startScratch(quiet);
  try {
    const session = await openSession(scratch.owner);
    try {
      const surveyWith = async (some: readonly MigrationFile[]): Promise<ExpectedAccess> => {
        await prepareProject(
          session,
          { ...files, files: [...some], seed: undefined, findings: [] },
          scratch.server.user,
          quiet,
        );
        const model = await readModel(scratch);
        return expectedAccess(await surveyDatabase({ session, model, login: scratch.server.user }, {}));
      };
      const before = await surveyWith(earlier);
      return compareAccess(before, await surveyWith(later));
    } finally {
      await session.close();
    }
  } finally {
    await scratch.close();
  }
};

const readModel = async ({ owner, server }: ScratchDatabase) => {
  const pool = createPool({ connect: owner, max: 1 });
  return readCatalog(pool, { servingRole: server.user }).finally(() => pool.close());
};
