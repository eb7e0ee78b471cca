import { basename, resolve } from 'node:path';
import { type Finding, type Observe, packageVersion } from '../../base/index.ts';
import type { Session } from '../../db/index.ts';
import { type MigrationFolder, readMigrations, skipSeed } from '../../migrate/index.ts';
import { ConfigError } from '../config/config-error.ts';
import { findAddress } from '../database-address.ts';
import { findProject, isProject } from '../dev/find-project.ts';
import { makeIdentify } from '../project/project-api.ts';
import { findProjectKeys, type ProjectKeys } from '../project/project-keys.ts';
import type { SettingValues } from '../settings/settings.ts';
import { Undoing } from '../undoing.ts';
import { checkSecret } from './check-secret.ts';
import { Crew } from './crew.ts';
import { FrontDoor } from './front-door.ts';
import { runStartChecks } from './start-checks.ts';
import { logIn, migrateForStart, openStartDatabase, type StartDatabase } from './start-database.ts';
import { StartRefused } from './start-refused.ts';
import type { WorkerJob } from './worker-message.ts';

export type StartOptions = {
  /** The project's folder. */
  readonly folder: string;
  readonly values: SettingValues;
  readonly observe: Observe;
  /** Reads the settings anew, for workers that are started then. */
  readonly reload: () => Promise<SettingValues>;
};

/** A project that is served in production. */
export type StartServer = {
  readonly url: string;
  /** The processes that answer now. */
  readonly workers: () => readonly number[];
  /**
   * Replaces the workers one by one, with the settings as they are now. Where the server listens and which database
   * it serves stays as it was.
   */
  readonly roll: () => Promise<void>;
  /** Resolves, with the reason, if the embedded Postgres has ended and cannot be started again. */
  readonly lost: Promise<string>;
  /** Answers what is under way, and stops everything. */
  readonly close: () => Promise<void>;
};

/**
 * Serves a project in production: its own Postgres or another, by so many workers as were asked for. It does not
 * start where that would not be safe, and tells everything that is in the way at once.
 *
 * @throws StartRefused, ConfigError, AppFailure, MigrationStopped, EmbeddedError
 * @example
 * const server = await openStart({ folder: 'app', values, observe, reload });
 * process.once('SIGTERM', () => server.close());
 */
export const openStart = async (options: StartOptions): Promise<StartServer> => {
  const undoing = new Undoing();
  try {
    return await open(options, undoing);
  } catch (error) {
    await undoing.run();
    throw error;
  }
};

/** A database of one's own may be served without files; that which comes along would be empty. */
const findFiles = async (
  given: string,
  { dbUrl }: SettingValues,
): Promise<[string, MigrationFolder | undefined]> => {
  const folder = resolve(given);
  if (dbUrl !== undefined && !isProject(folder)) return [folder, undefined];
  return [findProject(folder), await readMigrations(folder)];
};

/** What several servers would each make for themselves has to be given. */
const findMissingSecret = ({ dbUrl, jwtSecret, jwksUrl }: SettingValues): readonly Finding[] =>
  dbUrl === undefined || jwtSecret !== undefined || jwksUrl !== undefined
    ? []
    : [
        {
          id: 'no-secret',
          severity: 'error',
          subject: 'jwtSecret',
          message: 'What tokens are verified with is not said: neither jwtSecret nor jwksUrl is set.',
          remedy:
            'export ASHLAR_JWT_SECRET="$(openssl rand -base64 48)"   # keep it: tokens hold as long as it is the same',
        },
      ];

/** Addresses that cannot be read, before anybody goes there. */
const findBadAddresses = async (values: SettingValues): Promise<readonly Finding[]> => {
  const found: Finding[] = [];
  for (const setting of ['dbUrl', 'adminUrl'] as const) {
    const text = values[setting];
    try {
      if (text !== undefined) await findAddress(text, process.env, setting);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      found.push({ id: 'bad-address', severity: 'error', subject: setting, message: error.message });
    }
  }
  return found;
};

const findKeys = async (folder: string, values: SettingValues, observe: Observe): Promise<ProjectKeys> => {
  const faults = [...findMissingSecret(values), ...(await findBadAddresses(values))];
  if (faults.length > 0) throw new StartRefused(faults);
  const keys = await findProjectKeys(folder, values);
  const weak = checkSecret({ keys });
  if (weak.length > 0) throw new StartRefused(weak);
  // What else cannot be used of them is told now, not by a worker.
  makeIdentify(keys.keys, values, observe);
  return keys;
};

const isError = ({ severity }: Finding): boolean => severity === 'error';

/** Migrates if that is wanted, and looks at everything that has to be safe. */
const prepare = async (
  { values, observe }: StartOptions,
  database: StartDatabase,
  keys: ProjectKeys,
  files: MigrationFolder | undefined,
): Promise<void> => {
  const sessions: Session[] = [];
  const enter = async (...login: Parameters<typeof logIn>): Promise<Session> => {
    const session = await logIn(...login);
    sessions.push(session);
    return session;
  };
  try {
    const admin = database.owner === undefined ? undefined : await enter('adminUrl', database.owner);
    if (values.migrate) {
      if (admin === undefined)
        throw new StartRefused([
          {
            id: 'no-owner-login',
            severity: 'error',
            subject: 'adminUrl',
            message:
              '--migrate needs the login of the owner, which is not given: the login that serves may not change tables.',
            remedy: 'export ASHLAR_ADMIN_URL=postgresql://OWNER:PASSWORD@HOST:5432/DATABASE',
          },
        ]);
      await migrateForStart(admin, database.server, files, observe);
    }
    const serving = await enter('dbUrl', database.server);
    const findings = await runStartChecks({ values, keys, serving, admin, files });
    const errors = findings.filter(isError);
    if (errors.length > 0) throw new StartRefused(errors);
    // Rows that are made up do not belong beside those of users, whatever serves the database next.
    if (admin !== undefined && files !== undefined) await skipSeed(admin, files.seed);
    for (const { id, message, remedy } of findings)
      observe({
        level: 'warn',
        name: `start.${id}`,
        message: remedy === undefined ? message : `${message} ${remedy}`,
      });
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
};

const open = async (options: StartOptions, undoing: Undoing): Promise<StartServer> => {
  const { values, observe } = options;
  const { host } = values;
  const [folder, files] = await findFiles(options.folder, values);
  const keys = await findKeys(folder, values, observe);
  const door = await FrontDoor.open(host, values.port);
  undoing.add(() => door.close());
  const { port } = door;
  observe({
    level: 'info',
    name: 'app.starting',
    message: `Ashlar ${packageVersion()} starts on Node ${process.versions.node}`,
    fields: { folder, workers: values.workers },
  });
  const database = await openStartDatabase(folder, values, observe, undoing);
  await prepare(options, database, keys, files);

  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const job: WorkerJob = {
    folder,
    title: basename(folder),
    database: database.forWorkers,
    keys,
    values,
    listening: { host, port, url },
  };
  const crew = new Crew(job, { observe });
  await crew.start();
  undoing.add(() => crew.stop());
  // Undone first: nobody comes in any more, and who has come in is with a worker.
  undoing.add(() => door.close());
  door.lead(crew.take);
  database.embedded?.announce(url);
  observe({
    level: 'info',
    name: 'app.listening',
    message: `listening on ${url}`,
    fields: { url, workers: [...crew.pids] },
  });
  let closing = false;
  return {
    url,
    workers: () => crew.pids,
    roll: async () => {
      const next = await options.reload();
      await crew.roll({ ...job, values: next, keys: await findKeys(folder, next, observe) });
    },
    lost: new Promise((resolve) => {
      void database.embedded?.exited.then(({ failure }) => {
        if (!closing)
          resolve(`Postgres has ended by itself, and could not be started again. ${failure?.message ?? ''}`);
      });
    }),
    close: () => {
      closing = true;
      return undoing.run();
    },
  };
};
