import type { Column, Relation } from '../model/index.ts';
import { type DecidingText, textsReading } from './looked-at.ts';
import type { Value } from './values.ts';

/** Values of the columns that something looks at when it decides about a row. */
export type Variant = { readonly [column: string]: Value };

const MAX_VALUES = 6;
const MAX_VARIANTS = 12;

const TEXTS = ['text', 'character varying', 'character', 'citext', 'extensions.citext'];
const NUMBERS = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'];

/** What a column has where nobody says otherwise: its default, if that is a constant, else NULL. */
const usualOf = ({ default: text, nullable }: Column): Value | undefined => {
  if (text === null) return nullable ? null : undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  const quoted = /^'((?:[^']|'')*)'::/.exec(text)?.[1];
  return quoted?.replaceAll("''", "'");
};

/** The value that most rows have comes first. */
const valuesOf = (column: Column, texts: readonly DecidingText[]): readonly Value[] => {
  const values = toldApart(column, texts);
  if (values.length === 0) return column.nullable ? [null] : [];
  const usual = usualOf(column);
  const known = usual === null || values.includes(usual ?? '') || TEXTS.includes(column.baseType);
  return [
    ...new Set([
      ...(usual === undefined || !known ? [] : [usual]),
      ...values,
      ...(column.nullable ? [null] : []),
    ]),
  ];
};

/** Values that texts may tell apart. */
const toldApart = (column: Column, texts: readonly DecidingText[]): readonly Value[] => {
  // What policies and views ask for goes before what is in functions, and words before sentences.
  const ordered = [...texts].sort((a, b) => Number(a.of === 0) - Number(b.of === 0));
  const constants = ordered.flatMap((text) => text.constants);
  const asked = new Set([...constants.filter((text) => !/\s/.test(text)), ...constants]);
  if (column.enumValues.length > 0) {
    // Those that somebody asks for go before those that nobody does.
    const usual = usualOf(column);
    const rank = (value: string): number => (value === usual ? 0 : asked.has(value) ? 1 : 2);
    return [...column.enumValues].sort((a, b) => rank(a) - rank(b)).slice(0, MAX_VALUES);
  }
  if (column.baseType === 'boolean') return [false, true];
  if (TEXTS.includes(column.baseType)) {
    const fits = (text: string): boolean => column.maxLength === null || text.length <= column.maxLength;
    const fitting = [...asked].filter(fits).slice(0, MAX_VALUES);
    return fitting.length === 0 ? [] : [...fitting, 'other'].filter(fits);
  }
  if (NUMBERS.includes(column.baseType)) {
    const numbers = [...new Set(texts.flatMap((text) => text.numbers))].slice(0, 2);
    return [...new Set(numbers.flatMap((n) => [n - 1, n, n + 1]))];
  }
  if (column.baseType === 'date') return ['2000-01-01', '2999-01-01'];
  if (column.baseType.startsWith('timestamp')) return ['2000-01-01T00:00:00Z', '2999-01-01T00:00:00Z'];
  return [];
};

const product = (lists: readonly (readonly [string, readonly Value[]])[]): readonly Variant[] =>
  lists.reduce<readonly Variant[]>(
    (variants, [name, values]) =>
      variants.flatMap((variant) => values.map((value) => ({ ...variant, [name]: value }))),
    [{}],
  );

/** Each value in turn, while the other columns keep their first: the second of each column, then the third. */
const oneByOne = (lists: readonly (readonly [string, readonly Value[]])[]): readonly Variant[] => {
  const base: Variant = Object.fromEntries(lists.map(([name, values]) => [name, values[0] as Value]));
  // Those with few values first: what a row is, rather than what it is called.
  const fewFirst = [...lists].sort(([, a], [, b]) => a.length - b.length);
  const most = Math.max(...lists.map(([, values]) => values.length));
  const variants: Variant[] = [base];
  for (let i = 1; i < most; i++)
    for (const [name, values] of fewFirst)
      if (i < values.length) variants.push({ ...base, [name]: values[i] as Value });
  return variants;
};

/**
 * What kinds of rows there are to the eyes of those who decide about them: the combinations of the values that
 * they tell apart, or, where these are many, each value once.
 *
 * @param skip columns whose values come from elsewhere: keys, owners, references
 */
export const findVariants = (
  texts: readonly DecidingText[],
  relation: Relation,
  skip: ReadonlySet<string>,
): readonly Variant[] => {
  const lists = relation.columns
    .filter((column) => !skip.has(column.name) && column.generated === null && column.identity !== 'always')
    .flatMap((column) => {
      const reading = textsReading(texts, relation, column);
      const values = reading.length === 0 ? [] : valuesOf(column, reading);
      return values.length === 0 ? [] : [[column.name, values] as const];
    });
  const count = lists.reduce((size, [, values]) => size * values.length, 1);
  return (count <= MAX_VARIANTS ? product(lists) : oneByOne(lists)).slice(0, 2 * MAX_VARIANTS);
};

/** `published = false, status = draft`, or nothing. */
export const printVariant = (variant: Variant): string =>
  Object.entries(variant)
    .map(([name, value]) => (value === null ? `${name} is null` : `${name} = ${value}`))
    .join(', ');
