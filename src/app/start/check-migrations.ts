import type { Finding } from '../../base/index.ts';
import { isPgError, type Session } from '../../db/index.ts';
import { listBootstrapFiles, type MigrationFolder, readStatus } from '../../migrate/index.ts';
import type { StartContext } from './start-check.ts';

/** What keeps a database from being what the files say: not the files of a newer release that it has already. */
const behind = { pending: true, late: true, renamed: true, edited: false } as const;

const list = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

/** The embedded Postgres is migrated without that anybody names its owner. */
const howToMigrate = (embedded: boolean): string =>
  `ashlar migrate   # ${embedded ? '' : 'with adminUrl, the login of its owner; '}or let the server do it: ashlar start --migrate`;

const compare = async (
  session: Session,
  files: MigrationFolder,
  embedded: boolean,
): Promise<readonly Finding[]> => {
  const { migrations } = await readStatus(session, files);
  const pending = migrations.filter(({ state }) => state in behind && behind[state as keyof typeof behind]);
  const edited = migrations.filter(({ state }) => state === 'edited');
  const unprepared = (await listBootstrapFiles(session)).length > 0;
  const findings: Finding[] = [];
  if (pending.length > 0 || unprepared)
    findings.push({
      id: 'pending-migrations',
      severity: 'error',
      subject: 'migrations',
      message:
        pending.length === 0
          ? 'The database has not been prepared for this version of Ashlar.'
          : `The database is behind the files: ${pending.length === 1 ? '1 migration is' : `${pending.length} migrations are`} pending (${list(pending.map(({ name }) => name))}).`,
      remedy: howToMigrate(embedded),
    });
  if (edited.length > 0)
    findings.push({
      id: 'edited-migrations',
      severity: 'error',
      subject: 'migrations',
      message: `These files were edited after they had been applied, so the database may not be what they say: ${list(edited.map(({ name }) => name))}.`,
      remedy:
        'ashlar migrate --status   # put them back as they were and write a new migration, or record them: ashlar migrate --baseline NAME',
    });
  return findings;
};

/** Refuses to serve a database that lacks what the project's files say. */
export const checkMigrations = async ({
  admin,
  serving,
  files,
  values,
}: Pick<StartContext, 'admin' | 'serving' | 'files' | 'values'>): Promise<readonly Finding[]> => {
  if (files === undefined) return [];
  try {
    return await compare(admin ?? serving, files, values.dbUrl === undefined);
  } catch (error) {
    // The serving login is not let see the record where the database was prepared without naming it.
    if (!isPgError(error) || error.code !== '42501') throw error;
    return [
      {
        id: 'unknown-migrations',
        severity: 'warning',
        subject: 'migrations',
        message:
          'The serving login may not see which migrations were applied, so nobody knows whether some are pending.',
        remedy: 'ashlar migrate   # with dbUrl and adminUrl: it lets that login see them',
      },
    ];
  }
};
