import { readFileSync } from 'node:fs';
import type { KeySource } from '../../credentials/index.ts';
import type { ConnectOptions } from '../../db/index.ts';
import { ConfigError } from '../config/config-error.ts';
import { type ConfigFile, parseConfigFile } from '../config/config-file.ts';
import {
  type Environment,
  noSources,
  type PostgrestConfig,
  parsePostgrestConfig,
} from '../config/postgrest-config.ts';
import { findAddress } from '../database-address.ts';

/** Where the settings are, but for those of the database. */
export type ConfigPlace = {
  /** A file such as `postgrest.conf`. */
  readonly path: string | undefined;
  readonly environment: Environment;
};

const readText = (path: string, what: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${what} could not be read: ${(error as Error).message}`);
  }
};

const readFile = ({ path, environment }: ConfigPlace): ConfigFile =>
  path === undefined
    ? noSources.file
    : parseConfigFile(readText(path, `The configuration ${path}`), path, (name) => environment[name]);

/**
 * Reads and checks the settings of file, environment and database.
 *
 * @param database what the database sets, by names such as `db_schemas`
 * @throws ConfigError
 */
export const loadConfig = (
  place: ConfigPlace,
  database: ReadonlyMap<string, string> = noSources.database,
): PostgrestConfig =>
  parsePostgrestConfig({ environment: place.environment, file: readFile(place), database });

/**
 * Where the database is. An address that begins with `@` is in the file of that name.
 *
 * @throws ConfigError
 */
export const findDatabase = (config: PostgrestConfig, environment: Environment): Promise<ConnectOptions> => {
  const given = config.values['db-uri'];
  const text = given.startsWith('@')
    ? readText(given.slice(1), 'The file with the address of the database (db-uri)').trim()
    : given;
  return findAddress(text, environment, 'db-uri');
};

/**
 * What tokens are verified with. A secret that begins with `@` is in the file of that name, less the line
 * end at its end.
 *
 * @throws ConfigError
 */
export const findKeys = ({ values }: PostgrestConfig): KeySource | undefined => {
  const { 'jwt-secret': secret, 'jwt-secret-is-base64': isBase64 } = values;
  if (secret === undefined) return undefined;
  if (!secret.startsWith('@')) return { kind: isBase64 ? 'base64' : 'text', text: secret };
  let bytes: Buffer;
  try {
    bytes = readFileSync(secret.slice(1));
  } catch (error) {
    throw new ConfigError(`The file with the JWT secret could not be read: ${(error as Error).message}`);
  }
  const chomped = bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
  return isBase64 ? { kind: 'base64', text: chomped.toString('latin1') } : { kind: 'bytes', bytes: chomped };
};
