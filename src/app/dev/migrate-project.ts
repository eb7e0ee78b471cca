import { type ConnectOptions, openSession, type Session } from '../../db/index.ts';
import {
  applyMigrations,
  type Baseline,
  bootstrap,
  type FolderStatus,
  type MigrationFolder,
  type OnProgress,
  type Rehearsal,
  readMigrations,
  readStatus,
  recordBaseline,
  rehearseMigrations,
} from '../../migrate/index.ts';
import { findAddress } from '../database-address.ts';
import type { OnDevProgress } from './dev-progress.ts';
import { findProject } from './find-project.ts';
import { MigrationStopped } from './prepare-project.ts';
import { reachDatabase } from './reach-database.ts';

export type MigrateOptions = {
  /** The project's folder. */
  readonly folder: string;
  /** A connection string of libpq. Default: the project's own database. */
  readonly database: string | undefined;
  readonly onProgress: OnDevProgress;
};

type Reached = {
  readonly owner: ConnectOptions;
  /** The login that serves; undefined: somebody else sees to its rights. */
  readonly server: string | undefined;
  readonly close: () => Promise<void>;
};

const reach = async ({ database, onProgress }: MigrateOptions, folder: string): Promise<Reached> => {
  if (database !== undefined)
    return { owner: await findAddress(database, process.env), server: undefined, close: async () => {} };
  const found = await reachDatabase(folder, (step) => onProgress({ kind: 'postgres', step }));
  return { ...found, server: found.server.user };
};

/** Does something with a project's files and its database. */
const withProject = async <T>(
  options: MigrateOptions,
  work: (session: Session, files: MigrationFolder, server: string | undefined) => Promise<T>,
): Promise<T> => {
  const folder = findProject(options.folder);
  const files = await readMigrations(folder);
  for (const finding of files.findings) options.onProgress({ kind: 'finding', finding });
  const reached = await reach(options, folder);
  try {
    const session = await openSession(reached.owner);
    try {
      return await work(session, files, reached.server);
    } finally {
      await session.close();
    }
  } finally {
    await reached.close();
  }
};

const progressOf = ({ onProgress }: MigrateOptions): { readonly onProgress: OnProgress } => ({
  onProgress: (progress) => onProgress({ kind: 'migration', progress }),
});

/**
 * Prepares a database and applies the migrations that it has not seen.
 *
 * @returns the names of those that were applied
 * @throws MigrationStopped, and what reaching the database throws
 */
export const migrateProject = (options: MigrateOptions): Promise<readonly string[]> =>
  withProject(options, async (session, { files }, server) => {
    const prepared = await bootstrap(session, server === undefined ? {} : { server });
    for (const finding of prepared.findings) options.onProgress({ kind: 'finding', finding });
    if (prepared.failure !== undefined) throw new MigrationStopped(prepared.failure, []);
    const run = await applyMigrations(session, files, progressOf(options));
    for (const finding of run.findings) options.onProgress({ kind: 'finding', finding });
    const applied = run.applied.map(({ name }) => name);
    if (run.failure !== undefined) throw new MigrationStopped(run.failure, applied);
    return applied;
  });

/** How the files stand to the database. Changes nothing. */
export const readProjectStatus = (options: MigrateOptions): Promise<FolderStatus> =>
  withProject(options, (session, files) => readStatus(session, files));

/** Applies what is pending, and undoes it. */
export const rehearseProject = (options: MigrateOptions): Promise<Rehearsal> =>
  withProject(options, (session, { files }) => rehearseMigrations(session, files, progressOf(options)));

/**
 * Records migrations as applied without running them.
 *
 * @param names only these; undefined: all that are pending
 */
export const baselineProject = (
  options: MigrateOptions,
  names: readonly string[] | undefined,
): Promise<Baseline> =>
  withProject(options, (session, { files }) =>
    recordBaseline(session, files, { ...(names === undefined ? {} : { names }), ...progressOf(options) }),
  );
