import type { QualifiedName } from '../../base/index.ts';
import { type ConfigValue, printValue, readFlag, readInteger, splitNames } from './config-value.ts';

/** What becomes of a value that a source gave. */
export type Reading<T> =
  | { readonly kind: 'value'; readonly value: T }
  /** Left as if it were not set, because it is empty. */
  | { readonly kind: 'unset' }
  /** Left as if it were not set, and the user is told why. */
  | { readonly kind: 'ignored'; readonly reason: string }
  /** The server does not start with it. */
  | { readonly kind: 'refused'; readonly reason: string };

/** A setting: how its value is read, what holds without one, and who may set it when. */
export type Setting<T> = {
  readonly read: (value: ConfigValue) => Reading<T>;
  readonly fallback: T;
  /** The value as a file would have it. */
  print(value: T): string;
  /** One sentence, for the example file and the reference. */
  readonly meaning: string;
  /** Other names, in the order in which they are looked for. */
  readonly aliases: readonly string[];
  /** Whether the database may set it (`pgrst.…`). */
  readonly inDatabase: boolean;
  /** Whether a change takes effect when the configuration is read again. */
  readonly reloadable: boolean;
};

type Traits = Partial<Pick<Setting<unknown>, 'aliases' | 'inDatabase' | 'reloadable'>>;

const traits = (given: Traits): Pick<Setting<unknown>, 'aliases' | 'inDatabase' | 'reloadable'> => ({
  aliases: given.aliases ?? [],
  inDatabase: given.inDatabase ?? false,
  reloadable: given.reloadable ?? false,
});

/** Text in quotes, as `parseConfigFile` reads it. */
export const printQuoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '$$$$').replaceAll('\n', '\\n')}"`;

const found = <T>(value: T): Reading<T> => ({ kind: 'value', value });
const unset = { kind: 'unset' } as const;

/** Turns a reading of one kind of value into one of another. */
const chain = <A, B>(reading: Reading<A>, next: (value: A) => Reading<B>): Reading<B> =>
  reading.kind === 'value' ? next(reading.value) : reading;

const readText = (value: ConfigValue): Reading<string> => {
  const text = printValue(value);
  return text === '' ? unset : found(text);
};

/** Text that may be missing; empty text is none. */
export const optionalText = (
  meaning: string,
  given: Traits & { readonly check?: (text: string) => string | undefined } = {},
): Setting<string | undefined> => ({
  ...traits(given),
  meaning,
  fallback: undefined,
  print: (value) => printQuoted(value ?? ''),
  read: (value) =>
    chain(readText(value), (text) => {
      const reason = given.check?.(text);
      return reason === undefined ? found(text) : { kind: 'refused', reason };
    }),
});

/** Text that is always there. */
export const text = (meaning: string, fallback: string, given: Traits = {}): Setting<string> => ({
  ...traits(given),
  meaning,
  fallback,
  print: printQuoted,
  read: readText,
});

/** One of some words. */
export const choice = <const Word extends string>(
  meaning: string,
  wordsOf: readonly [Word, ...Word[]],
  fallback: NoInfer<Word>,
  given: Traits = {},
): Setting<Word> => ({
  ...traits(given),
  meaning,
  fallback,
  print: printQuoted,
  read: (value) =>
    chain(readText(value), (word) => {
      const known = wordsOf.find((candidate) => candidate === word);
      return known === undefined
        ? { kind: 'refused', reason: `it must be one of: ${wordsOf.join(', ')}` }
        : found(known);
    }),
});

/** Yes or no. */
export const flag = (meaning: string, fallback: boolean, given: Traits = {}): Setting<boolean> => ({
  ...traits(given),
  meaning,
  fallback,
  print: String,
  read: (value) => {
    if (value === '') return unset;
    const known = readFlag(value);
    return known === undefined ? { kind: 'ignored', reason: 'it is neither true nor false' } : found(known);
  },
});

/** Reads a whole number within bounds. */
const readBounded = (value: ConfigValue, from: number, to: number): Reading<number> => {
  if (value === '') return unset;
  const number = readInteger(value);
  if (number === undefined) return { kind: 'ignored', reason: 'it is not a whole number' };
  return number >= from && number <= to
    ? found(number)
    : { kind: 'refused', reason: `it must be from ${from} to ${to}` };
};

type Bounds = { readonly from?: number; readonly to?: number };

/** A whole number. */
export const integer = (meaning: string, fallback: number, given: Traits & Bounds = {}): Setting<number> => ({
  ...traits(given),
  meaning,
  fallback,
  print: String,
  read: (value) => readBounded(value, given.from ?? 0, given.to ?? Number.MAX_SAFE_INTEGER),
});

/** A whole number that may be missing. */
export const optionalInteger = (
  meaning: string,
  given: Traits & Bounds = {},
): Setting<number | undefined> => ({
  ...traits(given),
  meaning,
  fallback: undefined,
  print: (value) => (value === undefined ? '""' : String(value)),
  read: (value) => readBounded(value, given.from ?? 0, given.to ?? Number.MAX_SAFE_INTEGER),
});

/** Names, parted by commas. */
export const names = (
  meaning: string,
  fallback: readonly string[],
  given: Traits & {
    /** Whether empty text is a list without names, rather than no value. */
    readonly mayBeEmpty?: boolean;
    readonly check?: (names: readonly string[]) => string | undefined;
  } = {},
): Setting<readonly string[]> => ({
  ...traits(given),
  meaning,
  fallback,
  print: (value) => printQuoted(value.join(',')),
  read: (value) => {
    const list = printValue(value);
    if (list === '') return given.mayBeEmpty ? found([]) : unset;
    const split = splitNames(list);
    const reason = given.check?.(split);
    return reason === undefined ? found(split) : { kind: 'refused', reason };
  },
});

/** The name of a function, with its schema or without: then `schema` is empty, and the search path decides. */
export const functionName = (meaning: string, given: Traits = {}): Setting<QualifiedName | undefined> => ({
  ...traits(given),
  meaning,
  fallback: undefined,
  print: (value) =>
    printQuoted(value === undefined ? '' : `${value.schema === '' ? '' : `${value.schema}.`}${value.name}`),
  read: (value) =>
    chain(readText(value), (name) => {
      const dot = name.indexOf('.');
      return found(
        dot < 0 ? { schema: '', name } : { schema: name.slice(0, dot), name: name.slice(dot + 1) },
      );
    }),
});

/** The mode of a socket's file, as chmod takes it: `660`. */
export const fileMode = (meaning: string, fallback: number): Setting<number> => ({
  ...traits({}),
  meaning,
  fallback,
  print: (value) => printQuoted(value.toString(8)),
  read: (value) =>
    chain(readText(value), (digits) => {
      if (!/^[0-7]+$/.test(digits)) return { kind: 'refused', reason: 'it is not an octal number' };
      const mode = Number.parseInt(digits, 8);
      return mode >= 0o600 && mode <= 0o777
        ? found(mode)
        : { kind: 'refused', reason: 'it must be from 600 to 777' };
    }),
});
