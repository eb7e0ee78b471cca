import type { Finding } from '../../base/index.ts';
import { exposureIds } from '../../checks/index.ts';
import type { Session } from '../../db/index.ts';
import {
  applyMigrations,
  applySeed,
  bootstrap,
  type MigrationFailure,
  type MigrationFolder,
  type MigrationRun,
  type OnProgress,
  suggestName,
} from '../../migrate/index.ts';
import { readProblems } from '../checks/read-problems.ts';
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

/** Whether requests would be answered with an empty list, and nobody would know why. */
const isSilent = (id: string, severity: Finding['severity']): boolean =>
  id === 'no-policy' && severity === 'warning';

/**
 * Tells what is wrong, as `ashlar check` does, but in short: what is open is told in full, other errors in a line
 * each, what answers with nothing and no error too, and of warnings how many there are. While one develops, it stops nothing.
 */
export const tellFindings = async (
  session: Session,
  files: MigrationFolder,
  schemas: readonly string[],
  onProgress: OnDevProgress,
): Promise<void> => {
  const found = (await readProblems(session, schemas)).filter(({ waived }) => waived === undefined);
  const exposed = new Set(exposureIds);
  for (const finding of found.filter(({ id, severity }) => severity === 'error' || isSilent(id, severity))) {
    const { remedy, docs: _, ...short } = finding;
    // The file that has opened it is applied, so editing that one would lead nowhere.
    const mended =
      remedy === undefined
        ? finding
        : { ...finding, remedy: `-- as a new migration, such as ${suggestName(files)}:\n${remedy}` };
    onProgress({ kind: 'finding', finding: exposed.has(finding.id) ? mended : short });
  }
  onProgress({
    kind: 'findings',
    errors: found.filter(({ severity }) => severity === 'error').length,
    warnings: found.filter(({ severity }) => severity === 'warning').length,
  });
};
