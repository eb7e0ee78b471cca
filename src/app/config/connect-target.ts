import type { ConnectOptions } from '../../db/index.ts';
import { ConfigError } from './config-error.ts';
import { type Conninfo, parseConninfo } from './conninfo.ts';
import type { Environment } from './postgrest-config.ts';

/** Whether and how the connection is encrypted, by libpq's names for it. */
export type TlsMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** Files that TLS needs, by their paths. */
export type TlsFiles = {
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
};

/** A database to connect to: the options but for TLS, whose files are not read yet. */
export type ConnectTarget = {
  readonly options: Omit<ConnectOptions, 'ssl'>;
  readonly tls: TlsMode;
  readonly tlsFiles: TlsFiles;
};

/** What libpq would find out about the machine. */
export type Surroundings = {
  readonly environment: Environment;
  /** Who runs us. */
  readonly user: string;
  /** Finds the directory of the local server's socket; undefined: there is none, so `localhost` is meant. */
  readonly findSocketDirectory: (port: number) => string | undefined;
};

/** Environment variables of libpq that stand in for parameters that are not given. */
const variables: readonly (readonly [keyword: string, variable: string])[] = [
  ['host', 'PGHOST'],
  ['hostaddr', 'PGHOSTADDR'],
  ['port', 'PGPORT'],
  ['dbname', 'PGDATABASE'],
  ['user', 'PGUSER'],
  ['password', 'PGPASSWORD'],
  ['options', 'PGOPTIONS'],
  ['application_name', 'PGAPPNAME'],
  ['sslmode', 'PGSSLMODE'],
  ['sslrootcert', 'PGSSLROOTCERT'],
  ['sslcert', 'PGSSLCERT'],
  ['sslkey', 'PGSSLKEY'],
];

const tlsModes: readonly TlsMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/**
 * Where a connection string of libpq leads; what it does not say comes from the environment (`PGHOST`, …)
 * and then from libpq's defaults.
 *
 * Source: Postgres, "Parameter Key Words", "Environment Variables".
 *
 * @throws ConfigError
 */
export const readConnectTarget = (text: string, surroundings: Surroundings): ConnectTarget => {
  const given = withEnvironment(parseConninfo(text), surroundings.environment);
  const user = given.get('user') ?? surroundings.user;
  const port = readPort(given.get('port'));
  const host = readHost(given) ?? surroundings.findSocketDirectory(port) ?? 'localhost';
  const password = given.get('password');
  const settings = readOptions(given.get('options') ?? '');
  return {
    options: {
      host,
      port,
      user,
      database: given.get('dbname') ?? user,
      ...(password === undefined ? {} : { password }),
      applicationName: given.get('application_name') ?? given.get('fallback_application_name') ?? 'ashlar',
      ...(Object.keys(settings).length === 0 ? {} : { settings }),
    },
    tls: host.startsWith('/') ? 'disable' : readTlsMode(given),
    tlsFiles: {
      rootCertificate: given.get('sslrootcert'),
      certificate: given.get('sslcert'),
      key: given.get('sslkey'),
    },
  };
};

const withEnvironment = (given: Conninfo, environment: Environment): Conninfo => {
  const all = new Map<string, string>();
  for (const [keyword, variable] of variables) {
    const value = environment[variable];
    if (value !== undefined && value !== '') all.set(keyword, value);
  }
  for (const [keyword, value] of given) if (value !== '') all.set(keyword, value);
  return all;
};

const readHost = (given: Conninfo): string | undefined => {
  const host = given.get('hostaddr') ?? given.get('host');
  if (host?.includes(','))
    throw new ConfigError(
      'The address of the database (db-uri) names several hosts. Name one: the one that takes writes.',
    );
  return host;
};

const readPort = (text: string | undefined): number => {
  if (text === undefined) return 5432;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new ConfigError(`The address of the database (db-uri) has the port "${text}", which is none.`);
};

const readTlsMode = (given: Conninfo): TlsMode => {
  const wanted = given.get('sslmode') ?? 'prefer';
  const mode = tlsModes.find((known) => known === wanted);
  if (mode === undefined)
    throw new ConfigError(
      `The address of the database (db-uri) has sslmode=${wanted}. It is one of: ${tlsModes.join(', ')}.`,
    );
  // As libpq has it: who names a root certificate wants it to be checked.
  return mode === 'require' && given.has('sslrootcert') ? 'verify-ca' : mode;
};

/** `-c name=value` and `--name=value`, blanks within them after a backslash. */
const readOptions = (text: string): { readonly [name: string]: string } => {
  const words = (text.match(/(?:\\[\s\S]|\S)+/g) ?? []).map((word) => word.replace(/\\([\s\S])/g, '$1'));
  const settings: Record<string, string> = {};
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const pair = word === '-c' ? (words[++i] ?? '') : word.replace(/^(?:--|-c)/, '');
    const equals = pair.indexOf('=');
    if (equals < 1 || (word !== '-c' && !/^(?:--|-c)/.test(word)))
      throw new ConfigError(
        `The address of the database (db-uri) has options that cannot be read at "${word}". Settings are written as: -c name=value`,
      );
    settings[pair.slice(0, equals).replaceAll('-', '_')] = pair.slice(equals + 1);
  }
  return settings;
};
