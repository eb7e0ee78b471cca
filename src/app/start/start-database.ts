import type { Finding, Observation, Observe } from '../../base/index.ts';
import {
  type ConnectOptions,
  type Embedded,
  isConnectionError,
  type KeepEvent,
  openSession,
  type Session,
  startEmbedded,
} from '../../db/index.ts';
import { applyMigrations, bootstrap, type MigrationFolder, type ServingLogin } from '../../migrate/index.ts';
import { exposureGuard } from '../checks/exposure.ts';
import { findAddress } from '../database-address.ts';
import { MigrationStopped } from '../dev/prepare-project.ts';
import { announceRunning, type Login } from '../dev/running-dev.ts';
import type { SettingValues } from '../settings/settings.ts';
import type { Undoing } from '../undoing.ts';
import { StartRefused } from './start-refused.ts';
import type { WorkerDatabase } from './worker-message.ts';

/** A database that is there to be served. */
export type StartDatabase = {
  /** The login that serves, here and as the workers are told of it. */
  readonly server: ConnectOptions;
  readonly forWorkers: WorkerDatabase;
  /** The owner's; undefined: nobody gave it. */
  readonly owner: ConnectOptions | undefined;
  readonly embedded: Embedded | undefined;
};

const keptObservation = (event: KeepEvent): Observation => {
  switch (event.kind) {
    case 'ended':
      return {
        level: 'error',
        name: 'db.embedded-ended',
        message: `Postgres has ended by itself (${event.exit.signal ?? `exit code ${event.exit.code}`}) and is being started again`,
      };
    case 'not-started':
      return {
        level: 'error',
        name: 'db.embedded-not-started',
        message: `Postgres could not be started again: ${event.error.message}`,
      };
    case 'back':
      return {
        level: 'info',
        name: 'db.embedded-back',
        message: 'Postgres is back',
        fields: { downMs: Math.round(event.downMs) },
      };
  }
};

const openEmbedded = async (
  folder: string,
  { pgPort }: SettingValues,
  observe: Observe,
  undoing: Undoing,
): Promise<StartDatabase> => {
  const embedded = await startEmbedded({
    folder,
    ...(pgPort === undefined ? {} : { port: pgPort }),
    onProgress: (step) =>
      observe({ level: 'info', name: 'db.embedded-start', message: `the embedded Postgres: ${step}` }),
    keep: (event) => observe(keptObservation(event)),
  });
  undoing.add(() => embedded.stop('fast'));
  const { owner, server } = embedded;
  undoing.add(announceRunning(folder, { pid: process.pid, owner: owner as Login, server: server as Login }));
  return { server, forWorkers: { kind: 'login', login: server }, owner, embedded };
};

/** The database of the settings, or the one that comes along. */
export const openStartDatabase = async (
  folder: string,
  values: SettingValues,
  observe: Observe,
  undoing: Undoing,
): Promise<StartDatabase> => {
  const { dbUrl, adminUrl } = values;
  if (dbUrl === undefined) {
    if (adminUrl !== undefined)
      throw new StartRefused([
        {
          id: 'no-serving-login',
          severity: 'error',
          subject: 'dbUrl',
          message: 'adminUrl is the login of the owner, who does not serve. Which login serves is not said.',
          remedy:
            'export ASHLAR_DB_URL=postgresql://authenticator:PASSWORD@HOST:5432/DATABASE   # "ashlar migrate" makes that login where there is none',
        },
      ]);
    return openEmbedded(folder, values, observe, undoing);
  }
  return {
    server: await findAddress(dbUrl, process.env, 'dbUrl'),
    forWorkers: { kind: 'url', url: dbUrl },
    owner: adminUrl === undefined ? undefined : await findAddress(adminUrl, process.env, 'adminUrl'),
    embedded: undefined,
  };
};

const reason = (error: Error): string => error.message.replace(/\.?$/, '.');

/** What a person can do about a login that fails: by the SQLSTATE, or the error of the socket. */
const remedyOf = (setting: 'dbUrl' | 'adminUrl', { cause }: Error, { user }: ConnectOptions): string => {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  if (code === '28P01' || code === '28000')
    return setting === 'dbUrl'
      ? `Put the password of ${user} into dbUrl. Where that login does not exist yet, "ashlar migrate" (with adminUrl) or "ashlar start --migrate" makes it.`
      : `Put the password of ${user} into adminUrl.`;
  if (code === '3D000') return `createdb DATABASE   # or name another one in ${setting}`;
  return `Start the database, or mend ${setting}. To try it: psql "$URL" -c 'select 1'`;
};

/** Logs in; who cannot is told why. */
export const logIn = async (setting: 'dbUrl' | 'adminUrl', connect: ConnectOptions): Promise<Session> => {
  try {
    return await openSession(connect);
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    throw new StartRefused([
      {
        id: 'unreachable-database',
        severity: 'error',
        subject: setting,
        message: `The database of ${setting} cannot be used. ${reason(error)}`,
        remedy: remedyOf(setting, error, connect),
      },
    ]);
  }
};

const servingLogin = ({ user, password }: ConnectOptions): ServingLogin => ({
  user,
  password: typeof password === 'string' ? password : undefined,
});

/**
 * Prepares the database, the login that serves included, and applies what is pending.
 *
 * @throws MigrationStopped
 */
export const migrateForStart = async (
  admin: Session,
  server: ConnectOptions,
  files: MigrationFolder | undefined,
  observe: Observe,
): Promise<void> => {
  const tell = (found: readonly Finding[]): void => {
    for (const { id, message } of found) observe({ level: 'warn', name: `migrate.${id}`, message });
  };
  const prepared = await bootstrap(admin, { server: servingLogin(server) });
  tell(prepared.findings);
  if (prepared.failure !== undefined) throw new MigrationStopped(prepared.failure, []);
  if (files === undefined) return;
  const run = await applyMigrations(admin, files.files, { guard: exposureGuard });
  tell(run.findings);
  const applied = run.applied.map(({ name }) => name);
  for (const name of applied)
    observe({ level: 'info', name: 'migrate.applied', message: `applied ${name}`, fields: { file: name } });
  if (run.failure !== undefined) throw new MigrationStopped(run.failure, applied);
};
