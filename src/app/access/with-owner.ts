import { readCatalog } from '../../catalog/index.ts';
import { type ConnectOptions, createPool, openSession, type Session } from '../../db/index.ts';
import { readMigrations } from '../../migrate/index.ts';
import type { Model } from '../../model/index.ts';
import { findAddress } from '../database-address.ts';
import type { OnDevProgress } from '../dev/dev-progress.ts';
import { findProject } from '../dev/find-project.ts';
import { prepareProject } from '../dev/prepare-project.ts';
import { reachDatabase } from '../dev/reach-database.ts';
import { startScratch } from './scratch-database.ts';

/** Which database is asked. */
export type AccessSource =
  /** One that is made of a project's files and thrown away. */
  | { readonly kind: 'scratch'; readonly folder: string }
  /** The project's own, as it is; what is done there is undone. */
  | { readonly kind: 'project'; readonly folder: string }
  /** That of another server, as its owner. */
  | { readonly kind: 'url'; readonly url: string };

/** A database, open for its owner. */
export type OwnedDatabase = {
  readonly session: Session;
  readonly model: Model;
  /** The login that serves; undefined: not known. */
  readonly login: string | undefined;
};

type Reached = {
  readonly owner: ConnectOptions;
  readonly server: ConnectOptions | undefined;
  readonly close: () => Promise<void>;
};

const reach = async (source: AccessSource, onProgress: OnDevProgress): Promise<Reached> => {
  switch (source.kind) {
    case 'scratch':
      return startScratch((step) => onProgress({ kind: 'postgres', step }));
    case 'project':
      return reachDatabase(findProject(source.folder), (step) => onProgress({ kind: 'postgres', step }));
    case 'url':
      return {
        owner: await findAddress(source.url, process.env, '--db-url'),
        server: undefined,
        close: async () => {},
      };
  }
};

const readModel = async (owner: ConnectOptions, login: string | undefined): Promise<Model> => {
  const pool = createPool({ connect: owner, max: 1 });
  try {
    return await readCatalog(pool, login === undefined ? {} : { servingRole: login });
  } finally {
    await pool.close();
  }
};

/** What is applied to a database that is thrown away is not news; what fails is. */
const quietly =
  (onProgress: OnDevProgress): OnDevProgress =>
  (progress) => {
    if (progress.kind === 'migration' && progress.progress.kind !== 'notice') return;
    onProgress(progress);
  };

/**
 * Does something with a database as its owner. A project's files are first applied to the one that is made for
 * it.
 *
 * @throws AppFailure, MigrationStopped, EmbeddedError, ConfigError, ConnectionError
 */
export const withOwner = async <T>(
  source: AccessSource,
  onProgress: OnDevProgress,
  work: (database: OwnedDatabase) => Promise<T>,
): Promise<T> => {
  const files = source.kind === 'scratch' ? await readMigrations(findProject(source.folder)) : undefined;
  const reached = await reach(source, onProgress);
  try {
    const session = await openSession(reached.owner);
    try {
      const login = reached.server?.user;
      if (files !== undefined) await prepareProject(session, files, login, quietly(onProgress));
      return await work({ session, model: await readModel(reached.owner, login), login });
    } finally {
      await session.close();
    }
  } finally {
    await reached.close();
  }
};
