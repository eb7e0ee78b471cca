import type { Finding } from '../../base/index.ts';
import { type ConnectOptions, isConnectionError, openSession, type Session } from '../../db/index.ts';
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
  type ServingLogin,
} from '../../migrate/index.ts';
import { exposureGuard, readExposure } from '../checks/exposure.ts';
import { findAddress } from '../database-address.ts';
import { AppFailure } from '../failure.ts';
import type { OnDevProgress } from './dev-progress.ts';
import { findProject } from './find-project.ts';
import { MigrationStopped } from './prepare-project.ts';
import { reachDatabase } from './reach-database.ts';

export type MigrateOptions = {
  /** The project's folder. */
  readonly folder: string;
  /** A connection string of libpq, for the owner. Default: the project's own database. */
  readonly database: string | undefined;
  /** The same database for the login that serves, which is made where there is none. */
  readonly serving?: string | undefined;
  readonly onProgress: OnDevProgress;
};

type Reached = {
  readonly owner: ConnectOptions;
  /** The login that serves; undefined: somebody else sees to its rights. */
  readonly server: ServingLogin | undefined;
  readonly close: () => Promise<void>;
};

const loginOf = ({ user, password }: ConnectOptions): ServingLogin => ({
  user,
  password: typeof password === 'string' ? password : undefined,
});

const reach = async ({ database, serving, onProgress }: MigrateOptions, folder: string): Promise<Reached> => {
  if (database === undefined && serving !== undefined)
    throw new AppFailure(
      'dbUrl names the login that serves, which may not change tables. Name the login of the owner, too: export ASHLAR_ADMIN_URL=postgresql://OWNER:PASSWORD@HOST:5432/DATABASE',
    );
  if (database !== undefined)
    return {
      owner: await findAddress(database, process.env, 'adminUrl'),
      server: serving === undefined ? undefined : loginOf(await findAddress(serving, process.env, 'dbUrl')),
      close: async () => {},
    };
  const found = await reachDatabase(folder, (step) => onProgress({ kind: 'postgres', step }));
  return { ...found, server: { user: found.server.user } };
};

/** Logs in; whose address was given is told what to do with it. */
const logIn = async (owner: ConnectOptions, isGiven: boolean): Promise<Session> => {
  try {
    return await openSession(owner);
  } catch (error) {
    if (!isGiven || !isConnectionError(error)) throw error;
    // Node repeats the address.
    const again = ` ${owner.host}:${owner.port}`;
    const reason = error.message.endsWith(again) ? error.message.slice(0, -again.length) : error.message;
    throw new AppFailure(`${reason}. See to it that the database runs, and that adminUrl is right.`, error);
  }
};

/** Does something with a project's files and its database. */
const withProject = async <T>(
  options: MigrateOptions,
  work: (session: Session, files: MigrationFolder, server: ServingLogin | undefined) => Promise<T>,
): Promise<T> => {
  const folder = findProject(options.folder);
  const files = await readMigrations(folder);
  for (const finding of files.findings) options.onProgress({ kind: 'finding', finding });
  const reached = await reach(options, folder);
  try {
    const session = await logIn(reached.owner, options.database !== undefined);
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

export type Migrated = {
  /** The names of the files that were applied. */
  readonly applied: readonly string[];
  /** What is open though it should not be: it was so before, as no file may bring it about. */
  readonly open: readonly Finding[];
};

/**
 * Prepares a database and applies the migrations that it has not seen. What would open a table without row-level
 * security, or the like, is refused.
 *
 * @throws MigrationStopped, and what reaching the database throws
 */
export const migrateProject = (options: MigrateOptions): Promise<Migrated> =>
  withProject(options, async (session, { files }, server) => {
    const prepared = await bootstrap(session, server === undefined ? {} : { server });
    for (const finding of prepared.findings) options.onProgress({ kind: 'finding', finding });
    if (prepared.failure !== undefined) throw new MigrationStopped(prepared.failure, []);
    const run = await applyMigrations(session, files, { ...progressOf(options), guard: exposureGuard });
    for (const finding of run.findings) options.onProgress({ kind: 'finding', finding });
    const applied = run.applied.map(({ name }) => name);
    if (run.failure !== undefined) throw new MigrationStopped(run.failure, applied);
    const open = await readExposure(session);
    for (const finding of open) options.onProgress({ kind: 'finding', finding });
    return { applied, open };
  });

/** How the files stand to the database. Changes nothing. */
export const readProjectStatus = (options: MigrateOptions): Promise<FolderStatus> =>
  withProject(options, (session, files) => readStatus(session, files));

/** Applies what is pending, and undoes it. */
export const rehearseProject = (options: MigrateOptions): Promise<Rehearsal> =>
  withProject(options, (session, { files }) =>
    rehearseMigrations(session, files, { ...progressOf(options), guard: exposureGuard }),
  );

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
