import { type ConnectOptions, openSession } from '../../db/index.ts';
import { type MigrationWatch, readMigrations, watchMigrations } from '../../migrate/index.ts';
import { findAccessDifference } from '../access/access-difference.ts';
import type { ModelKeeper } from '../model-keeper.ts';
import type { OnDevProgress } from './dev-progress.ts';
import { MigrationStopped, prepareProject, tellFindings } from './prepare-project.ts';

export type ProjectWatchOptions = {
  readonly folder: string;
  readonly owner: ConnectOptions;
  readonly serverLogin: string;
  /** The schemas that are served. */
  readonly schemas: readonly string[];
  readonly model: ModelKeeper;
  readonly onProgress: OnDevProgress;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Applies what is new in a project's files as soon as it is saved, and has the API follow. Requests under
 * way end as they began; what fails is told, and the API stays as it was.
 */
export const watchProject = (options: ProjectWatchOptions): MigrationWatch => {
  const { folder, owner, serverLogin, schemas, model, onProgress } = options;

  const apply = async (): Promise<readonly string[]> => {
    const files = await readMigrations(folder);
    const session = await openSession(owner);
    try {
      const applied = await prepareProject(session, files, serverLogin, onProgress);
      await tellFindings(session, files, schemas, onProgress);
      return applied;
    } finally {
      await session.close();
    }
  };

  const follow = async (): Promise<void> => {
    const started = performance.now();
    try {
      const applied = await apply();
      if (applied.length > 0) await model.reload();
      onProgress({ kind: 'reloaded', applied, durationMs: performance.now() - started });
      // The API is served meanwhile; this takes some seconds.
      if (applied.length > 0) tellAccess(applied);
    } catch (error) {
      if (!(error instanceof MigrationStopped)) throw error;
      if (error.applied.length > 0) await model.reload();
      onProgress({ kind: 'failed', failure: error.failure, applied: error.applied, served: true });
    }
  };

  let telling: Promise<void> = Promise.resolve();
  let closed = false;
  const tellAccess = (applied: readonly string[]): void => {
    telling = telling
      .then(() => (closed ? [] : findAccessDifference(folder, applied)))
      .then(
        (changes) => {
          if (!closed && changes.length > 0) onProgress({ kind: 'access', changes });
        },
        (error) =>
          onProgress({
            kind: 'trouble',
            message: `What the migration changes of the permissions could not be found out: ${messageOf(error)}`,
          }),
      );
  };

  const watch = watchMigrations(folder, () =>
    follow().catch((error) => onProgress({ kind: 'trouble', message: messageOf(error) })),
  );
  return {
    ...watch,
    close: async () => {
      closed = true;
      await watch.close();
      await telling;
    },
  };
};
