import {
  CLOSE,
  CLOSE_BRACE,
  COMMA,
  DOT,
  endOfIdentifier,
  endOfItem,
  OPEN,
  OPEN_BRACE,
  QUOTE,
} from './character.ts';
import { DELIMITER } from './misses.ts';
import { expectIdentifier, parseQuotedItem } from './parse-name.ts';
import { MISMATCH, type Scanner } from './scanner.ts';
import type { Operation, QuantifiableOperator, SearchOperator, SimpleOperator, Slot } from './tree.ts';

const OPERATOR = 'operator (eq, gt, ...)';
const TRUTH = 'isVal: (null, not_null, true, false, unknown)';

/** Where the value stands: alone in the parameter, or among others in `and=(…)`. */
export type Place = 'alone' | 'in logic';

type Truth = Extract<Operation, { kind: 'is' }>['value'];
const truths: readonly Truth[] = ['null', 'not_null', 'true', 'false', 'unknown'];

type Word =
  | { readonly kind: 'in' | 'is' | 'isdistinct' }
  | { readonly kind: 'search'; readonly operator: SearchOperator }
  | { readonly kind: 'simple'; readonly operator: SimpleOperator }
  | { readonly kind: 'compare'; readonly operator: QuantifiableOperator };

const search: readonly SearchOperator[] = ['fts', 'plfts', 'phfts', 'wfts'];
const simple: readonly SimpleOperator[] = ['neq', 'cs', 'cd', 'ov', 'sl', 'sr', 'nxr', 'nxl', 'adj'];
const compare: readonly QuantifiableOperator[] = [
  'eq',
  'gte',
  'gt',
  'lte',
  'lt',
  'like',
  'ilike',
  'match',
  'imatch',
];

/** Every operator, in the order in which they are tried. */
const words: ReadonlyMap<string, Word> = new Map<string, Word>([
  ['in', { kind: 'in' }],
  ['is', { kind: 'is' }],
  ['isdistinct', { kind: 'isdistinct' }],
  ...search.map((operator) => [operator, { kind: 'search', operator }] as const),
  ...simple.map((operator) => [operator, { kind: 'simple', operator }] as const),
  ...compare.map((operator) => [operator, { kind: 'compare', operator }] as const),
]);

/**
 * Reads `not.`, an operator and its value: `eq.5`, `not.in.(1,2)`, `like(any).{a*,b*}`, `is.null`,
 * `fts(english).cat`. Undefined if no operator stands here.
 *
 * Source: https://docs.postgrest.org/en/stable/references/api/tables_views.html#operators
 */
export const parseOperation = (
  s: Scanner,
  place: Place,
): { readonly negated: boolean; readonly operation: Operation } | undefined => {
  const negated = s.text.startsWith('not.', s.at);
  if (negated) s.at += 4;
  else missNot(s);
  const operation = parseOperator(s, place);
  if (operation !== undefined) return { negated, operation };
  missOperator(s);
  if (negated) throw MISMATCH;
  return undefined;
};

/** `not` and its dot. */
export const missNot = (s: Scanner): void => {
  if (!s.explaining) return;
  if (s.text.startsWith('not', s.at)) missBehind(s, 3, DELIMITER);
  else s.missWord('not');
};

const missBehind = (s: Scanner, length: number, expected: string): void => {
  const start = s.at;
  const seen = s.misses;
  s.at += length;
  s.miss(expected);
  s.rewind(start, seen);
};

const endOfWord = (text: string, at: number): number => {
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code < 97 || code > 122) return end;
  }
  return end;
};

/** Moves behind a dot; undefined if there is none. */
const passDot = (s: Scanner, at: number): true | undefined => {
  if (s.text.charCodeAt(at) !== DOT) return undefined;
  s.at = at + 1;
  return true;
};

const parseOperator = (s: Scanner, place: Place): Operation | undefined => {
  const { text } = s;
  const start = s.at;
  const end = endOfWord(text, start);
  const word = words.get(text.slice(start, end));
  if (word === undefined) return undefined;
  switch (word.kind) {
    case 'in':
      return passDot(s, end) && { kind: 'in', values: parseList(s) };
    case 'is':
      return passDot(s, end) && { kind: 'is', value: parseTruth(s) };
    case 'isdistinct':
      return passDot(s, end) && { kind: 'isdistinct', value: parseValue(s, place) };
    case 'simple':
      return passDot(s, end) && { kind: 'simple', operator: word.operator, value: parseValue(s, place) };
    case 'compare': {
      const quantifier = text.startsWith('(any)', end)
        ? 'any'
        : text.startsWith('(all)', end)
          ? 'all'
          : undefined;
      return (
        passDot(s, quantifier === undefined ? end : end + 5) && {
          kind: 'compare',
          operator: word.operator,
          quantifier,
          value: parseValue(s, place),
        }
      );
    }
    case 'search': {
      const closing = text.charCodeAt(end) === OPEN ? endOfIdentifier(text, end + 1) : end;
      const spoken = closing > end + 1 && text.charCodeAt(closing) === CLOSE;
      return (
        passDot(s, spoken ? closing + 1 : end) && {
          kind: 'search',
          operator: word.operator,
          language: spoken ? text.slice(end + 1, closing).trim() : undefined,
          value: parseValue(s, place),
        }
      );
    }
  }
};

/** Finds how far the text came in looking like each of the operators. */
const missOperator = (s: Scanner): void => {
  if (!s.explaining) return;
  const start = s.at;
  const seen = s.misses;
  s.misses = undefined;
  for (const [name, word] of words) {
    if (!s.text.startsWith(name, start)) {
      s.missWord(name);
      continue;
    }
    const soFar = s.misses;
    s.at = start + name.length;
    if (s.text.charCodeAt(s.at) === OPEN) {
      if (word.kind === 'compare') s.attempt(expectQuantifier);
      if (word.kind === 'search') s.attempt(expectLanguage);
    }
    s.miss(DELIMITER);
    s.rewind(start, soFar);
  }
  s.relabel(seen, OPERATOR);
};

const expectQuantifier = (s: Scanner): void => {
  s.at++;
  if (!s.text.startsWith('any', s.at) && !s.text.startsWith('all', s.at)) {
    s.missWord('any');
    // Half a word is taken for an attempt at the last one.
    if (s.text.startsWith('a', s.at)) s.misses = undefined;
    s.missWord('all');
    throw MISMATCH;
  }
  s.at += 3;
  expectClosing(s);
};

const expectLanguage = (s: Scanner): void => {
  s.at++;
  expectIdentifier(s);
  expectClosing(s);
};

const expectClosing = (s: Scanner): void => {
  if (s.text.charCodeAt(s.at) !== CLOSE) {
    s.miss('")"');
    throw MISMATCH;
  }
  s.at++;
};

/** Lays the value that stands here into a slot. */
export const parseValue = (s: Scanner, place: Place): Slot => {
  const start = s.at;
  if (place === 'in logic') return s.slot(parseLogicValue(s), start);
  s.at = s.text.length;
  return s.slot(start === 0 ? s.text : s.text.slice(start), start);
};

/** A value inside `and=(…)`: `"…"`, `{…}`, or all up to `,` or `)`. */
const parseLogicValue = (s: Scanner): string => {
  const { text } = s;
  const start = s.at;
  const code = text.charCodeAt(start);
  if (code === QUOTE) {
    const quoted = parseQuotedItem(s);
    if (quoted !== undefined) return quoted;
  }
  if (code === OPEN_BRACE) {
    let end = start + 1;
    while (end < text.length && text.charCodeAt(end) !== OPEN_BRACE && text.charCodeAt(end) !== CLOSE_BRACE)
      end++;
    if (text.charCodeAt(end) === CLOSE_BRACE) {
      s.at = end + 1;
      return text.slice(start, end + 1);
    }
  }
  s.miss('"\\""');
  s.missWord('{');
  s.at = endOfItem(text, start);
  s.miss('');
  return text.slice(start, s.at);
};

/** Reads `(1,2,"a,b")`. */
const parseList = (s: Scanner): Slot => {
  const start = s.at;
  s.skipSpace();
  if (s.text.charCodeAt(s.at) !== OPEN) {
    s.miss('"("');
    throw MISMATCH;
  }
  s.at++;
  s.skipSpace();
  const items = [parseListItem(s)];
  while (s.text.charCodeAt(s.at) === COMMA) {
    s.at++;
    items.push(parseListItem(s));
    s.misses = undefined;
  }
  s.miss('","');
  s.skipSpace();
  expectClosing(s);
  const slot = s.slot(items, start);
  s.skipSpace();
  return slot;
};

const parseListItem = (s: Scanner): string => {
  const start = s.at;
  if (s.text.charCodeAt(start) === QUOTE) {
    const quoted = parseQuotedItem(s);
    if (quoted !== undefined) return quoted;
  }
  s.miss('"\\""');
  s.at = endOfItem(s.text, start);
  s.miss('');
  return s.text.slice(start, s.at);
};

/** Reads what `is.` compares with, in any case; what follows the word does not count. */
const parseTruth = (s: Scanner): Truth => {
  const start = s.at;
  for (const truth of truths) {
    const seen = s.misses;
    const same = countSame(s.text, start, truth);
    s.at = start + same;
    if (same === truth.length) return truth;
    s.miss('');
    s.rewind(start, seen);
  }
  s.relabel(undefined, TRUTH);
  throw MISMATCH;
};

/** How many characters of the word stand here, be they lower or upper case. */
const countSame = (text: string, start: number, word: string): number => {
  for (let i = 0; i < word.length; i++) {
    const wanted = word.charCodeAt(i);
    const code = text.charCodeAt(start + i);
    if (code !== wanted && !(wanted >= 97 && code === wanted - 32)) return i;
  }
  return word.length;
};
