import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { ConnectOptions } from '../db/index.ts';
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
 * @throws ConfigError
 */
export const findAddress = (text: string, environment: Environment): Promise<ConnectOptions> =>
  findTls(readConnectTarget(text, { environment, user: userInfo().username, findSocketDirectory }));
