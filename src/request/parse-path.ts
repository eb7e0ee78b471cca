import { DASH, DOT, GREATER } from './character.ts';
import { DELIMITER } from './misses.ts';
import { expectName, parseJsonPath } from './parse-name.ts';
import type { Scanner } from './scanner.ts';
import type { Field } from './tree.ts';

const NO_PATH: readonly string[] = [];

/** Reads names that are separated by dots. */
const parseDotted = (s: Scanner): string[] => {
  const names = [expectName(s)];
  while (s.text.charCodeAt(s.at) === DOT) {
    s.at++;
    names.push(expectName(s));
  }
  s.miss(DELIMITER);
  return names;
};

/**
 * Reads the name of a parameter: embeds that lead to a field, as in `posts.comments.meta->>lang`.
 * What follows the field does not count, as in PostgREST.
 */
export const parseTreePath = (s: Scanner): { readonly path: readonly string[]; readonly field: Field } => {
  const names = parseDotted(s);
  const name = names.pop() as string;
  const arrow = s.text.charCodeAt(s.at) === DASH && s.text.charCodeAt(s.at + 1) === GREATER;
  return { path: names.length === 0 ? NO_PATH : names, field: { name, path: arrow ? parseJsonPath(s) : [] } };
};

/** Reads `posts.not.or`: embeds, perhaps a negation, and the logic operator in the end. */
export const parseLogicPath = (
  s: Scanner,
): { readonly path: readonly string[]; readonly operator: string } => {
  const names = parseDotted(s);
  const last = names.pop() as string;
  const negated = last === 'not' || names.includes('not');
  return {
    path: negated ? names.filter((name) => name !== 'not') : names.length === 0 ? NO_PATH : names,
    operator: negated ? `not.${last}` : last,
  };
};
