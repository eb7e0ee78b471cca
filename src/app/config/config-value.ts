/** A value as a source gives it: the environment and the database know text only, a file knows more. */
export type ConfigValue = string | number | boolean;

/** Where the value of a setting came from; each wins over those after it. */
export type ConfigSource = 'database' | 'environment' | 'file' | 'default';

/** The value as text, as a person would write it. */
export const printValue = (value: ConfigValue): string => String(value);

/**
 * Reads yes or no as PostgREST does: `true` and `false` in any case and with any signs around, or a number,
 * which stands for yes if it is above zero. Undefined: it is neither.
 *
 * @example readFlag('"True"') // true
 * @example readFlag('0') // false
 */
export const readFlag = (value: ConfigValue): boolean | undefined => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return undefined;
  const word = value.replace(/\P{L}/gu, '').toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  return /^\s*-?\d+\s*$/.test(value) ? Number(value) > 0 : undefined;
};

/** Reads a whole number; undefined: it is none. */
export const readInteger = (value: ConfigValue): number | undefined => {
  if (typeof value === 'boolean') return undefined;
  const number = typeof value === 'number' ? value : /^\s*-?\d+\s*$/.test(value) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
};

/**
 * Splits a list at its commas; blanks around the names do not count, and quotes mean nothing.
 *
 * @example splitNames('public,  tenant') // ['public', 'tenant']
 */
export const splitNames = (text: string): readonly string[] => text.split(',').map((name) => name.trim());
