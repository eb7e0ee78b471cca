import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { ConnectOptions } from '../db/index.ts';
import { ConfigError } from './config/config-error.ts';
import { readConnectTarget } from './config/connect-target.ts';
import type { Environment } from './config/postgrest-config.ts';
import { findTls } from './find-tls.ts';

/** Where Postgres' packages put the socket of the local server. */
const socketDirectories = ['/var/run/postgresql', '/tmp'];

const findSocketDirectory = (port: number): string | undefined =>
  socketDirectories.find((directory) => existsSync(`${directory}/.s.PGSQL.${port}`));

/**
 * Finds the database that a connection string of libpq means, as libpq would.
 *
 * @param setting what the string was given as, for the message
 * @throws ConfigError
 */
export const findAddress = async (
  text: string,
  environment: Environment,
  setting: 'dbUrl' | 'adminUrl' | '--db-url' | 'db-uri',
): Promise<ConnectOptions> => {
  try {
    return await findTls(
      readConnectTarget(text, { environment, user: userInfo().username, findSocketDirectory }),
    );
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // What reads the string knows it by its name in PostgREST.
    throw new ConfigError(error.message.replace('(db-uri)', `(${setting})`), error);
  }
};
