import { kindOf } from './parameter-kind.ts';
import { decode, findMalformed, splitParameters } from './query-string.ts';

const DOT = 46;

/** Stands for a value that was taken out; no query string has it as a character of its own. */
export const TAKEN = '\u0000';

/** Operators behind which everything is one value, whatever it is. */
const OPERATORS: ReadonlySet<string> = new Set(['eq', 'neq', 'gt', 'gte', 'lt', 'lte']);
const LONGEST_OPERATOR = 3;

/** Where the value of a simple filter begins (`eq.`5); -1: it is none. */
const valueStart = (text: string, from: number, end: number): number => {
  for (let at = from + 2; at <= from + LONGEST_OPERATOR && at < end; at++)
    if (text.charCodeAt(at) === DOT) return OPERATORS.has(text.slice(from, at)) ? at + 1 : -1;
  return -1;
};

const isFilter = (name: string): boolean =>
  !name.includes('%') && !name.includes('+') && kindOf(name) === 'filter';

/**
 * Takes the values of simple filters out of a query string: what is left is the same for all requests that differ in
 * these values only, and is found again without being parsed.
 *
 * @returns undefined where a value is no percent-encoded UTF-8, of which the parser has more to say
 * @example takeValues('id=eq.5&select=title') // { text: 'id=eq.\0&select=title', values: ['5'] }
 */
export const takeValues = (
  query: string,
): { readonly text: string; readonly values: readonly string[] } | undefined => {
  const values: string[] = [];
  let text = '';
  let kept = 0;
  let malformed = false;
  splitParameters(query, (start, equals, end, encoded) => {
    const from = equals < 0 ? -1 : valueStart(query, equals + 1, end);
    if (from < 0 || !isFilter(query.slice(start, equals))) return;
    const value = query.slice(from, end);
    if (encoded && findMalformed(value) !== undefined) malformed = true;
    values.push(encoded ? decode(value) : value);
    text += query.slice(kept, from) + TAKEN;
    kept = end;
  });
  return malformed ? undefined : { text: kept === 0 ? query : text + query.slice(kept), values };
};
