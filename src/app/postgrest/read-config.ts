import { type ConnectOptions, isPgError, openSession, type Session } from '../../db/index.ts';
import type { PostgrestConfig } from '../config/postgrest-config.ts';
import {
  type PostgrestValues,
  postgrestSettingNames,
  postgrestSettings,
} from '../config/postgrest-settings.ts';
import { readDatabaseSettings } from './database-settings.ts';
import { type ConfigPlace, loadConfig } from './load-config.ts';

/**
 * Reads what file, environment and database say now. If the database cannot tell (its function is not there,
 * say), that is announced, and the others count.
 *
 * @param before the reading that holds, from which a function that only the database names is known
 * @throws ConfigError, ConnectionError
 */
export const readConfig = async (
  place: ConfigPlace,
  session: Session,
  announce: (message: string) => void,
  before?: PostgrestConfig,
): Promise<PostgrestConfig> => {
  const config = loadConfig(place);
  if (!config.values['db-config']) return config;
  try {
    const preConfig = before?.values['db-pre-config'] ?? config.values['db-pre-config'];
    return loadConfig(place, await readDatabaseSettings(session, preConfig));
  } catch (error) {
    if (!isPgError(error)) throw error;
    announce(`The settings of the database could not be read: ${error.message}`);
    return config;
  }
};

/** The values of a later reading, where a change may take effect without a new start. */
export const keepFixed = (before: PostgrestConfig, after: PostgrestConfig): PostgrestConfig => {
  const entries = postgrestSettingNames.map((name) => [
    name,
    (postgrestSettings[name].reloadable ? after : before).values[name],
  ]);
  return { ...after, values: Object.fromEntries(entries) as PostgrestValues };
};

/** Does something in a session of its own. */
export const withSession = async <T>(
  connect: ConnectOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const session = await openSession(connect);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
};
