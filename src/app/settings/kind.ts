/** What becomes of a value that somebody gave; the fault is what `expects` does not say already. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault?: string };

/**
 * What a setting can be: how its value is read from text (flags and the environment) and from the file, and how
 * it is printed.
 */
export type Kind<T> = {
  /** What a person is told to write: `a whole number from 0 to 65535`. */
  readonly expects: string;
  /** The type in TypeScript, for the published types. */
  readonly type: string;
  /** What stands for the value in the help: `PORT`; undefined: a switch, which takes none. */
  readonly word: string | undefined;
  /** What text means, before it is checked; text that means nothing stays what it is. */
  readonly parse: (text: string) => unknown;
  readonly check: (value: unknown) => Reading<T>;
  print(value: T): string;
};

const found = <T>(value: T): Reading<T> => ({ ok: true, value });
const wrong: Reading<never> = { ok: false };

/** Text, which may have to be of some form. */
export const text = (
  word: string,
  given: {
    readonly expects?: string;
    /** What is wrong with it; undefined: nothing. */
    readonly fault?: (text: string) => string | undefined;
  } = {},
): Kind<string> => ({
  expects: given.expects ?? 'text',
  type: 'string',
  word,
  parse: (value) => value,
  check: (value) => {
    if (typeof value !== 'string' || value === '') return wrong;
    const fault = given.fault?.(value);
    return fault === undefined ? found(value) : { ok: false, fault };
  },
  print: (value) => value,
});

/** A whole number within bounds, both included. */
export const integer = (word: string, from: number, to: number): Kind<number> => ({
  expects: `a whole number from ${from} to ${to}`,
  type: 'number',
  word,
  parse: (given) => (/^\d+$/.test(given) ? Number(given) : given),
  check: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to
      ? found(value)
      : wrong,
  print: String,
});

const units: { readonly [unit: string]: number } = { '': 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

const readBytes = (given: string): number | string => {
  const [, count, unit = ''] = /^(\d+) ?([kmg]b|)$/i.exec(given) ?? [];
  return count === undefined ? given : Number(count) * (units[unit.toUpperCase()] ?? 1);
};

/** A number of bytes; text may have a unit, in the configuration file, too: `512KB`, `1MB`. */
export const bytes = (from: number, to: number): Kind<number> => ({
  expects: `a number of bytes from ${from} to ${to}, or text such as 512KB or 1MB`,
  type: 'number',
  word: 'SIZE',
  parse: readBytes,
  check: (value) => integer('SIZE', from, to).check(typeof value === 'string' ? readBytes(value) : value),
  print: (value) => {
    const unit = ['GB', 'MB', 'KB'].find((name) => value % (units[name] ?? 1) === 0 && value > 0);
    return unit === undefined ? String(value) : `${value / (units[unit] ?? 1)}${unit}`;
  },
});

const spellings: { readonly [word: string]: boolean } = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

/** Yes or no. On the command line it is a pair of switches, `--watch` and `--no-watch`. */
export const flag = (): Kind<boolean> => ({
  expects: 'true or false',
  type: 'boolean',
  word: undefined,
  parse: (given) => spellings[given.toLowerCase()] ?? given,
  check: (value) => (typeof value === 'boolean' ? found(value) : wrong),
  print: String,
});

const either = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** One of some words. */
export const choice = <const Word extends string>(
  word: string,
  words: readonly [Word, Word, ...Word[]],
): Kind<Word> => ({
  expects: either(words),
  type: words.map((known) => `'${known}'`).join(' | '),
  word,
  parse: (given) => given,
  check: (value) => {
    const known = words.find((candidate) => candidate === value);
    return known === undefined ? wrong : found(known);
  },
  print: (value) => value,
});

/** Names, parted by commas in text. */
export const names = <const Name extends string = string>(
  word: string,
  given: {
    /** The names that there are, where not all are good. */
    readonly known?: readonly Name[];
    readonly mayBeEmpty?: boolean;
  } = {},
): Kind<readonly Name[]> => {
  const isName = (value: unknown): value is Name =>
    typeof value === 'string' && value !== '' && given.known?.includes(value as Name) !== false;
  return {
    expects: given.known === undefined ? 'a list of names' : `a list of ${given.known.join(', ')}`,
    type:
      given.known === undefined
        ? 'readonly string[]'
        : `readonly (${given.known.map((name) => `'${name}'`).join(' | ')})[]`,
    word,
    parse: (text) =>
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    check: (value) =>
      Array.isArray(value) && value.every(isName) && (value.length > 0 || given.mayBeEmpty === true)
        ? found(Object.freeze([...value]))
        : wrong,
    print: (value) => value.join(','),
  };
};

const isPairs = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names, each with a text: in text `posts=public, max-age=60; tags=no-cache`. */
export const pairs = (
  word: string,
  given: { readonly expects: string; readonly fault: (text: string) => string | undefined },
): Kind<{ readonly [name: string]: string }> => ({
  expects: given.expects,
  type: '{ readonly [name: string]: string }',
  word,
  parse: (text) => {
    const said = text
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair !== '');
    if (!said.every((pair) => pair.includes('='))) return text;
    return Object.fromEntries(
      said.map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
      }),
    );
  },
  check: (value) => {
    if (!isPairs(value)) return wrong;
    const entries: [string, string][] = [];
    for (const [name, text] of Object.entries(value)) {
      if (name === '' || typeof text !== 'string') return wrong;
      const fault = given.fault(text);
      if (fault !== undefined) return { ok: false, fault: `that of ${name} ${fault}` };
      entries.push([name, text]);
    }
    return found(Object.freeze(Object.fromEntries(entries)));
  },
  print: (value) =>
    Object.entries(value)
      .map(([name, text]) => `${name}=${text}`)
      .join('; '),
});
