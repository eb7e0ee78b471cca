import { type Finding, findSimilar } from '../../base/index.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigFile } from './config-file.ts';
import { type ConfigSource, type ConfigValue, printValue } from './config-value.ts';
import {
  type PostgrestSettingName,
  type PostgrestValues,
  postgrestSettingNames,
  postgrestSettings,
} from './postgrest-settings.ts';
import { printQuoted, type Setting } from './setting.ts';

/** Environment variables by name. */
export type Environment = { readonly [name: string]: string | undefined };

/** What the settings are read from. */
export type ConfigSources = {
  readonly environment: Environment;
  readonly file: ConfigFile;
  /** What the database sets, by names such as `db_schemas`. */
  readonly database: ReadonlyMap<string, string>;
};

/** The settings of PostgREST mode, read and checked. */
export type PostgrestConfig = {
  readonly values: PostgrestValues;
  /** Where each value came from. */
  readonly sources: { readonly [Name in PostgrestSettingName]: ConfigSource };
  /** `app.settings.*`, ordered by name. */
  readonly appSettings: readonly (readonly [name: string, value: string])[];
  /** What a person should know, though the server starts. */
  readonly findings: readonly Finding[];
};

/** No settings from anywhere. */
export const noSources: ConfigSources = { environment: {}, file: new Map(), database: new Map() };

const prefix = 'PGRST_';
const appPrefix = 'PGRST_APP_SETTINGS_';
const appSettings = 'app.settings.';

const underscored = (name: string): string => name.replaceAll('-', '_');

/** `db-uri` → `PGRST_DB_URI`. */
export const variableOf = (name: string): string => `${prefix}${underscored(name).toUpperCase()}`;

/** `db-uri` → `db_uri`, which the database calls `pgrst.db_uri`. */
export const databaseNameOf = underscored;

/**
 * Reads the settings of PostgREST mode. The database wins over the environment, which wins over the file.
 * What is unknown, and a number or a yes/no that is none, is left out and told as a finding, as PostgREST
 * leaves it out.
 *
 * @throws ConfigError where a value cannot be used
 * @example
 * parsePostgrestConfig({ ...noSources, environment: { PGRST_DB_SCHEMAS: 'api' } }).values['db-schemas'] // ['api']
 */
export const parsePostgrestConfig = (given: ConfigSources): PostgrestConfig => {
  const findings: Finding[] = [...findUnknown(given)];
  const values: Record<string, unknown> = {};
  const sources: Record<string, ConfigSource> = {};
  for (const name of postgrestSettingNames) {
    const read = readSetting(name, postgrestSettings[name], given, findings);
    values[name] = read.value;
    sources[name] = read.source;
  }
  const config = {
    values: values as PostgrestValues,
    sources: sources as PostgrestConfig['sources'],
    appSettings: readAppSettings(given),
    findings,
  };
  checkTogether(config.values);
  return config;
};

const checkTogether = (values: PostgrestValues): void => {
  const { 'admin-server-port': admin, 'server-port': port } = values;
  if (admin !== undefined && admin === port && port !== 0)
    throw new ConfigError(
      `admin-server-port cannot be the same as server-port (${port}): the admin server is a server of its own. Give it another port.`,
    );
};

/** Which of the names the value is found under, by source. */
const findValue = (
  name: string,
  inDatabase: boolean,
  { database, environment, file }: ConfigSources,
): { readonly value: ConfigValue; readonly source: ConfigSource; readonly called: string } | undefined => {
  const ofDatabase = inDatabase ? database.get(databaseNameOf(name)) : undefined;
  if (ofDatabase !== undefined)
    return { value: ofDatabase, source: 'database', called: `pgrst.${databaseNameOf(name)}` };
  const ofEnvironment = environment[variableOf(name)];
  if (ofEnvironment !== undefined)
    return { value: ofEnvironment, source: 'environment', called: variableOf(name) };
  const ofFile = file.get(name);
  return ofFile === undefined ? undefined : { value: ofFile, source: 'file', called: name };
};

const readSetting = (
  name: PostgrestSettingName,
  setting: Setting<unknown>,
  given: ConfigSources,
  findings: Finding[],
): { readonly value: unknown; readonly source: ConfigSource } => {
  for (const called of [name, ...setting.aliases]) {
    const found = findValue(called, setting.inDatabase, given);
    if (found === undefined) continue;
    const reading = setting.read(found.value);
    const shown =
      name === 'jwt-secret' || name === 'db-uri' ? '' : ` ${JSON.stringify(printValue(found.value))}`;
    switch (reading.kind) {
      case 'value':
        return { value: reading.value, source: found.source };
      case 'unset':
        break;
      case 'ignored':
        findings.push({
          id: 'config-value-ignored',
          severity: 'warning',
          subject: found.called,
          message: `${found.called} is${shown}, which is left out because ${reading.reason}; the default holds (${setting.print(setting.fallback)}).`,
        });
        break;
      case 'refused':
        throw new ConfigError(
          `${name} cannot be${shown}: ${reading.reason}. It was set by ${describeSource(found.source, found.called)}.`,
        );
    }
  }
  return { value: setting.fallback, source: 'default' };
};

const describeSource = (source: ConfigSource, called: string): string => {
  switch (source) {
    case 'database':
      return `the database (${called})`;
    case 'environment':
      return `the environment variable ${called}`;
    case 'file':
      return `the file (${called})`;
    case 'default':
      return 'nobody';
  }
};

const readAppSettings = ({ environment, file }: ConfigSources): PostgrestConfig['appSettings'] => {
  const found = new Map<string, string>();
  for (const [name, value] of file) if (name.startsWith(appSettings)) found.set(name, printValue(value));
  for (const [name, value] of Object.entries(environment))
    if (name.startsWith(appPrefix) && value !== undefined)
      found.set(`${appSettings}${name.slice(appPrefix.length)}`, value);
  return [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
};

const knownNames: ReadonlySet<string> = new Set(
  postgrestSettingNames.flatMap((name) => [name, ...postgrestSettings[name].aliases]),
);

const findUnknown = ({ environment, file }: ConfigSources): readonly Finding[] => [
  ...[...file.keys()]
    .filter((name) => !knownNames.has(name) && !name.startsWith(appSettings))
    .map((name) => unknownName(name, [...knownNames])),
  ...Object.keys(environment)
    .filter((name) => name.startsWith(prefix) && !name.startsWith(appPrefix))
    .filter((name) => ![...knownNames].some((known) => variableOf(known) === name))
    .map((name) => unknownName(name, [...knownNames].map(variableOf))),
];

const unknownName = (name: string, known: readonly string[]): Finding => {
  const meant = findSimilar(name, known, 0.6)[0]?.name;
  return {
    id: 'config-name-unknown',
    severity: 'warning',
    subject: name,
    message: `There is no setting ${name}, so it is left out.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
  };
};

/**
 * Prints the settings as a file that reads the same, one a line, ordered by name.
 */
export const printPostgrestConfig = ({ values, appSettings: ofApp }: PostgrestConfig): string => {
  const lines = postgrestSettingNames.map((name) => {
    const setting: Setting<unknown> = postgrestSettings[name];
    return `${name} = ${setting.print(values[name])}`;
  });
  const own = ofApp.map(([name, value]) => `${name} = ${printQuoted(value)}`);
  return [...lines, ...own]
    .sort()
    .map((line) => `${line}\n`)
    .join('');
};

/** Prints a file with all settings, each with its meaning, those that are not set as comments. */
export const printExampleConfig = (): string =>
  postgrestSettingNames
    .map((name) => {
      const setting: Setting<unknown> = postgrestSettings[name];
      const comment = setting.fallback === undefined ? '# ' : '';
      return `# ${setting.meaning}\n${comment}${name} = ${setting.print(setting.fallback)}\n`;
    })
    .join('\n');
