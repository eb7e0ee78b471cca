import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ConfigError } from '../config/config-error.ts';
import type { Environment } from '../config/postgrest-config.ts';
import { readSettings, type Settings } from './read-settings.ts';
import type { Taker } from './setting.ts';

/** The file that may have a project's settings, in the order in which it is looked for. */
const fileNames = ['ashlar.config.ts', 'ashlar.config.mts', 'ashlar.config.js', 'ashlar.config.mjs'];

/** Formats of Node's loader: said, so that Node need not guess and tell that it did. */
const formatOf = (path: string): string => (/ts$/.test(extname(path)) ? 'module-typescript' : 'module');

let readings = 0;

const definition = new URL(`./define-config${extname(fileURLToPath(import.meta.url))}`, import.meta.url).href;

/** Where in the file it went wrong, as far as Node tells: the lines that it shows, or the number of one. */
const printPlace = (error: unknown, path: string, url: string): string => {
  const stack = ((error instanceof Error && error.stack) || '').replaceAll(url, path);
  // What cannot be parsed is shown in front of the error; what fails when it runs has the place in its first line.
  if (stack.startsWith(`${path}:`)) return `\n${stack.slice(0, stack.indexOf('\n\n'))}`;
  const at = stack.indexOf(`${path}:`);
  return at < 0 ? '' : `\n${/^[^)\s]*/.exec(stack.slice(at))?.[0]}`;
};

/**
 * Imports a configuration. What it imports as `ashlar` is the Ashlar that runs, also where the project has none
 * installed, or another.
 */
const importConfig = async (path: string): Promise<unknown> => {
  // A module is run once for each address, and a server reads its settings anew when it is told to.
  const url = `${pathToFileURL(path).href}?reading=${++readings}`;
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier === url) return { url, format: formatOf(path), shortCircuit: true };
      if (specifier === 'ashlar') return { url: definition, shortCircuit: true };
      return next(specifier, context);
    },
  });
  try {
    const { default: config } = (await import(url)) as { readonly default?: unknown };
    return config;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${path} could not be run: ${message}${printPlace(error, path, url)}`, error);
  } finally {
    hooks.deregister();
  }
};

export type SettingsPlace = {
  /** The project's folder. */
  readonly folder: string;
  readonly options: ReadonlyMap<string, string | boolean>;
  readonly environment: Environment;
};

/**
 * Reads the settings of a command for a project, from its options, the environment and the project's file.
 *
 * @throws ConfigError
 */
export const loadSettings = async (
  command: Taker,
  { folder, options, environment }: SettingsPlace,
): Promise<Settings> => {
  const path = fileNames.map((name) => join(resolve(folder), name)).find((name) => existsSync(name));
  const file = path === undefined ? undefined : { path, config: await importConfig(path) };
  return readSettings(command, {
    options,
    environment,
    file,
    readFile: (name) => readFileSync(resolve(folder, name), 'utf8'),
  });
};
