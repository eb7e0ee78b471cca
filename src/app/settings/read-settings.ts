import { findSimilar } from '../../base/index.ts';
import { ConfigError } from '../config/config-error.ts';
import type { Environment } from '../config/postgrest-config.ts';
import type { Reading } from './kind.ts';
import { showValue } from './mask.ts';
import { optionOf, type Setting, type Taker, variableOf } from './setting.ts';
import { type SettingName, type SettingValues, settingNames, settingOf } from './settings.ts';

/** Who set a value, the first of them wins: an option, an environment variable, the file, or nobody. */
export type SettingSource =
  | { readonly kind: 'option'; readonly name: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'default' };

/** What the settings are read from. */
export type SettingSources = {
  /** By the option's name: `pool-size`; a switch that was negated is false. */
  readonly options: ReadonlyMap<string, string | boolean>;
  readonly environment: Environment;
  /** What `ashlar.config.ts` exports. */
  readonly file: { readonly path: string; readonly config: unknown } | undefined;
  /** Reads a file that a secret is in. */
  readonly readFile: (path: string) => string;
};

/** The settings of a command, and where each came from. */
export type Settings = {
  readonly values: SettingValues;
  readonly sources: { readonly [Name in SettingName]: SettingSource };
};

const prefix = 'ASHLAR_';

const describeSource = (name: SettingName, source: SettingSource): string => {
  switch (source.kind) {
    case 'option':
      return `--${source.name}`;
    case 'environment':
      return `the environment variable ${source.name}`;
    case 'file':
      return `${name} in ${source.name}`;
    case 'default':
      return name;
  }
};

/** How a value that is wrong is shown: what it is, but nothing of a secret. */
const describeValue = (setting: Setting<unknown>, value: unknown): string => {
  if (value === '') return 'empty';
  if (setting.secret !== undefined) return 'something else';
  return typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
};

class Reader {
  readonly #command: Taker;
  readonly #given: SettingSources;
  readonly #config: { readonly [name: string]: unknown };
  readonly faults: string[] = [];

  constructor(command: Taker, given: SettingSources) {
    this.#command = command;
    this.#given = given;
    this.#config = this.#readConfig();
  }

  #readConfig(): { readonly [name: string]: unknown } {
    const { file } = this.#given;
    if (file === undefined) return {};
    const { path, config } = file;
    if (typeof config === 'object' && config !== null && !Array.isArray(config))
      return config as { readonly [name: string]: unknown };
    this.faults.push(
      `${path} has to say what the settings are: export default defineConfig({ … }). It exports ${config === undefined ? 'nothing as default' : 'something else'}.`,
    );
    return {};
  }

  /** Names that mean nothing, each with the one that was probably meant. */
  checkNames(): void {
    const { environment, file } = this.#given;
    for (const name of Object.keys(this.#config))
      if (!settingNames.includes(name as SettingName))
        this.faults.push(`There is no setting ${name} (in ${file?.path}).${suggest(name, settingNames)}`);
    const variables = settingNames.map((known) => variableOf(known).slice(prefix.length));
    for (const name of Object.keys(environment))
      if (name.startsWith(prefix) && !variables.includes(name.slice(prefix.length)))
        this.faults.push(
          `There is no setting for the environment variable ${name}.${suggest(name.slice(prefix.length), variables, prefix)}`,
        );
  }

  read(name: SettingName): { readonly value: unknown; readonly source: SettingSource } {
    const { options, environment, file } = this.#given;
    const setting = settingOf(name);
    const option = optionOf(name);
    const ofOption = options.get(option);
    if (ofOption !== undefined) return this.#take(name, setting, ofOption, { kind: 'option', name: option });
    const variable = variableOf(name);
    const ofEnvironment = environment[variable];
    // A variable that is set to nothing is how compose files and unit files unset one.
    if (ofEnvironment !== undefined && ofEnvironment !== '')
      return this.#take(name, setting, ofEnvironment, { kind: 'environment', name: variable });
    const ofFile = Object.hasOwn(this.#config, name) ? this.#config[name] : undefined;
    if (ofFile !== undefined && file !== undefined)
      return this.#take(name, setting, ofFile, { kind: 'file', name: file.path });
    return {
      value: setting.fallbackOf?.[this.#command] ?? setting.fallback,
      source: { kind: 'default' },
    };
  }

  #take(name: SettingName, setting: Setting<unknown>, given: unknown, source: SettingSource) {
    const { kind } = setting;
    const value = this.#open(name, setting, given, source);
    const reading: Reading<unknown> = kind.check(
      source.kind !== 'file' && typeof value === 'string' ? kind.parse(value) : value,
    );
    if (reading.ok) return { value: reading.value, source };
    const what = reading.fault ?? `it is ${describeValue(setting, value)}`;
    this.faults.push(`${describeSource(name, source)} has to be ${kind.expects}; ${what}.`);
    return { value: undefined, source };
  }

  /** A secret may be in a file. */
  #open(name: SettingName, setting: Setting<unknown>, given: unknown, source: SettingSource): unknown {
    if (setting.secret === undefined || typeof given !== 'string' || !given.startsWith('@')) return given;
    try {
      return this.#given.readFile(given.slice(1)).replace(/\r?\n$/, '');
    } catch (error) {
      this.faults.push(
        `${describeSource(name, source)} names a file that cannot be read: ${(error as Error).message}.`,
      );
      return given;
    }
  }
}

const suggest = (name: string, known: readonly string[], before = ''): string => {
  const meant = findSimilar(name, known, 0.5)[0]?.name;
  return meant === undefined ? ' "ashlar config" lists them all.' : ` Did you mean ${before}${meant}?`;
};

/**
 * Reads the settings of a command. An option wins over an environment variable (`ASHLAR_…`), that over the file,
 * and that over the default.
 *
 * @throws ConfigError that tells of everything that is wrong: names that do not exist, values of a wrong type
 * @example
 * readSettings('dev', { ...sources, options: new Map([['port', '80']]) }).values.port // 80
 */
export const readSettings = (command: Taker, given: SettingSources): Settings => {
  const reader = new Reader(command, given);
  reader.checkNames();
  const read = settingNames.map((name) => [name, reader.read(name)] as const);
  if (reader.faults.length > 0) throw new ConfigError(reader.faults.join('\n'));
  return {
    values: Object.freeze(
      Object.fromEntries(read.map(([name, { value }]) => [name, value])),
    ) as SettingValues,
    sources: Object.freeze(
      Object.fromEntries(read.map(([name, { source }]) => [name, source])),
    ) as Settings['sources'],
  };
};

/** What holds for a command where nothing is set, with some values in its place. */
export const withDefaults = (command: Taker, given: Partial<SettingValues>): SettingValues =>
  Object.fromEntries(
    settingNames.map((name) => {
      const { fallback, fallbackOf } = settingOf(name);
      return [name, given[name] ?? fallbackOf?.[command] ?? fallback];
    }),
  ) as SettingValues;

/** One setting for a person or a script: its value as it may be shown, and who set it. */
export type SettingRow = {
  readonly name: SettingName;
  readonly meaning: string;
  /** Undefined: there is none. */
  readonly value: unknown;
  /** The value as text. */
  readonly shown: string;
  readonly source: SettingSource;
};

/** All settings, one row each, nothing secret in them. */
export const listSettings = ({ values, sources }: Settings): readonly SettingRow[] =>
  settingNames.map((name) => {
    const setting = settingOf(name);
    const value: unknown = values[name];
    const shown = value === undefined ? (setting.absent ?? '') : showValue(setting, value);
    return {
      name,
      meaning: setting.meaning,
      value: setting.secret === undefined || value === undefined ? value : shown,
      shown,
      source: sources[name],
    };
  });
