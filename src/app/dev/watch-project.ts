import { type ConnectOptions, openSession } from '../../db/index.ts';
import { type MigrationWatch, readMigrations, watchMigrations } from '../../migrate/index.ts';
import type { ModelKeeper } from '../model-keeper.ts';
import type { OnDevProgress } from './dev-progress.ts';
import { MigrationStopped, prepareProject } from './prepare-project.ts';

export type ProjectWatchOptions = {
  readonly folder: string;
  readonly owner: ConnectOptions;
  readonly serverLogin: string;
  readonly model: ModelKeeper;
  readonly onProgress: OnDevProgress;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Applies what is new in a project's files as soon as it is saved, and has the API follow. Requests under
 * way end as they began; what fails is told, and the API stays as it was.
 */
export const watchProject = (options: ProjectWatchOptions): MigrationWatch => {
  const { folder, owner, serverLogin, model, onProgress } = options;

  const apply = async (): Promise<readonly string[]> => {
    const files = await readMigrations(folder);
    const session = await openSession(owner);
    try {
      return await prepareProject(session, files, serverLogin, onProgress);
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
    } catch (error) {
      if (!(error instanceof MigrationStopped)) throw error;
      if (error.applied.length > 0) await model.reload();
      onProgress({ kind: 'failed', failure: error.failure });
    }
  };

  return watchMigrations(folder, () =>
    follow().catch((error) => onProgress({ kind: 'trouble', message: messageOf(error) })),
  );
};
