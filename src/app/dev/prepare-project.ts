import type { Finding } from '../../base/index.ts';
import type { Session } from '../../db/index.ts';
import {
  applyMigrations,
  applySeed,
  bootstrap,
  type MigrationFailure,
  type MigrationFolder,
  type MigrationRun,
  type OnProgress,
} from '../../migrate/index.ts';
import { AppFailure } from '../failure.ts';
import type { OnDevProgress } from './dev-progress.ts';

/** A migration could not be applied, so what follows it was not begun. */
export class MigrationStopped extends AppFailure {
  readonly failure: MigrationFailure;
  /** Applied before it. */
  readonly applied: readonly string[];

  constructor(failure: MigrationFailure, applied: readonly string[]) {
    super(`${failure.file}: ${failure.message}`);
    this.name = 'MigrationStopped';
    this.failure = failure;
    this.applied = applied;
  }
}

type Step = Pick<MigrationRun, 'findings' | 'failure'> & { readonly applied: readonly string[] };

const namesOf = (run: MigrationRun): Step => ({ ...run, applied: run.applied.map(({ name }) => name) });

/**
 * Brings a database to where a project's files want it: prepared, migrated, and with its first rows.
 *
 * @param server the login that serves; undefined: no login gets the right to take the roles of requests
 * @returns the files that were applied
 * @throws MigrationStopped; ConnectionError
 */
export const prepareProject = async (
  session: Session,
  { files, seed, findings }: MigrationFolder,
  server: string | undefined,
  onProgress: OnDevProgress,
): Promise<readonly string[]> => {
  const applied: string[] = [];
  const tell = (found: readonly Finding[]): void => {
    for (const finding of found) onProgress({ kind: 'finding', finding });
  };
  const take = (step: Step): void => {
    tell(step.findings);
    applied.push(...step.applied);
    if (step.failure !== undefined) throw new MigrationStopped(step.failure, applied);
  };
  const options: { readonly onProgress: OnProgress } = {
    onProgress: (progress) => onProgress({ kind: 'migration', progress }),
  };
  tell(findings);
  const prepared = await bootstrap(session, server === undefined ? {} : { server });
  take({ ...prepared, applied: [] });
  take(namesOf(await applyMigrations(session, files, options)));
  if (seed !== undefined) take(namesOf(await applySeed(session, seed, options)));
  return applied;
};
