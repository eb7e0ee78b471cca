import { CLOSE, COMMA, DOT, OPEN } from './character.ts';
import { DELIMITER } from './misses.ts';
import { expectName, parseField } from './parse-name.ts';
import { MISMATCH, type Scanner } from './scanner.ts';
import type { Field, OrderTerm } from './tree.ts';

const DIRECTIONS = ['asc', 'desc'] as const;
const NULLS = ['nullsfirst', 'nullslast'] as const;

/**
 * Reads `name.desc.nullslast,clients(name).asc`.
 *
 * Source: https://docs.postgrest.org/en/stable/references/api/tables_views.html#ordering
 * and https://docs.postgrest.org/en/stable/references/api/resource_embedding.html#top-level-ordering
 */
export const parseOrder = (s: Scanner): readonly OrderTerm[] => {
  const terms = [parseTerm(s)];
  while (s.text.charCodeAt(s.at) === COMMA) {
    s.at++;
    terms.push(parseTerm(s));
    s.misses = undefined;
  }
  return terms;
};

const parseTerm = (s: Scanner): OrderTerm => {
  s.skipSpace();
  const start = s.at;
  const field = parseField(s);
  if (s.text.charCodeAt(s.at) === OPEN) {
    const behind = s.at;
    const seen = s.misses;
    s.at = start;
    const related = s.attempt(expectRelated);
    if (related !== undefined) return related;
    s.at = behind;
    s.misses = seen;
  }
  return expectRest(s, start, undefined, field);
};

/** `relation(field)` and what is said of it. */
const expectRelated = (s: Scanner): OrderTerm => {
  const start = s.at;
  const relation = expectName(s);
  if (s.text.charCodeAt(s.at) !== OPEN) throw MISMATCH;
  s.at++;
  const field = parseField(s);
  if (s.text.charCodeAt(s.at) !== CLOSE) throw MISMATCH;
  s.at++;
  return expectRest(s, start, relation, field);
};

/** Direction and nulls, and nothing else before the next term. */
const expectRest = (s: Scanner, start: number, relation: string | undefined, field: Field): OrderTerm => {
  const direction = parseWord(s, DIRECTIONS);
  const nulls = parseWord(s, NULLS);
  const term = {
    relation,
    field,
    direction,
    nulls: nulls === undefined ? undefined : nulls === 'nullsfirst' ? 'first' : 'last',
    span: s.span(start),
  } as const;
  if (s.at === s.text.length || s.text.charCodeAt(s.at) === COMMA) return term;
  s.miss('","');
  s.missEnd();
  throw MISMATCH;
};

/** A dot and one of the words, if they stand here. */
const parseWord = <W extends string>(s: Scanner, words: readonly W[]): W | undefined => {
  if (s.text.charCodeAt(s.at) !== DOT) {
    s.miss(DELIMITER);
    return undefined;
  }
  const start = s.at;
  const seen = s.misses;
  s.at++;
  for (const word of words) {
    if (s.text.startsWith(word, s.at)) {
      s.at += word.length;
      return word;
    }
    s.missWord(word);
  }
  s.rewind(start, seen);
  return undefined;
};
