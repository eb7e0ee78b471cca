import { type MigrationFolder, readMigrations, watchMigrations } from '../../migrate/index.ts';
import type { OnDevProgress } from './dev-progress.ts';
import { MigrationStopped } from './prepare-project.ts';

export type PrepareWhenWellOptions = {
  readonly folder: string;
  readonly onProgress: OnDevProgress;
  /** Ends the waiting. Undefined: it does not wait, what fails is thrown. */
  readonly signal: AbortSignal | undefined;
};

/** Resolves when the files have changed since the call. */
const nextChange = (folder: string, signal: AbortSignal) => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const watch = watchMigrations(folder, resolve);
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  // Nobody waits for it where all went well.
  promise.catch(() => {});
  return {
    came: promise,
    close: () => {
      watch.close();
      signal.removeEventListener('abort', abort);
    },
  };
};

/**
 * Prepares a database by a project's files. Where one of them fails, that is told, and it is tried again when they have
 * changed.
 *
 * @throws MigrationStopped where it does not wait; the reason of the signal; what reading and preparing throw
 */
export const prepareWhenWell = async (
  { folder, onProgress, signal }: PrepareWhenWellOptions,
  prepare: (files: MigrationFolder) => Promise<readonly string[]>,
): Promise<readonly string[]> => {
  if (signal === undefined) return prepare(await readMigrations(folder));
  const before: string[] = [];
  for (;;) {
    // Watched before they are read, so that nothing is missed that is saved meanwhile.
    const change = nextChange(folder, signal);
    try {
      return [...before, ...(await prepare(await readMigrations(folder)))];
    } catch (error) {
      if (!(error instanceof MigrationStopped)) throw error;
      before.push(...error.applied);
      onProgress({ kind: 'failed', failure: error.failure, applied: error.applied, served: false });
      await change.came;
    } finally {
      change.close();
    }
  }
};
