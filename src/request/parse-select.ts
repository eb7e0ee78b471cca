import { BANG, CLOSE, COLON, COMMA, DOT, OPEN, STAR } from './character.ts';
import { checkDepth } from './depth.ts';
import { expectIdentifier, expectName, parseJsonPath, parseName } from './parse-name.ts';
import { MISMATCH, type Scanner } from './scanner.ts';
import type { Aggregate, Field, SelectEmbed, SelectField, SelectNode } from './tree.ts';

/** In the order in which the words are tried. */
const AGGREGATES: readonly Aggregate[] = ['sum', 'avg', 'count', 'max', 'min'];

const ALL: Field = { name: '*', path: [] };

/**
 * Reads what `select=` asks for: `id,total:amount.sum(),author:users!fk!inner(name),...team(*)`.
 * Stops, as PostgREST does, in front of the first text that can be no item.
 *
 * Source: https://docs.postgrest.org/en/stable/references/api/tables_views.html#vertical-filtering
 * and https://docs.postgrest.org/en/stable/references/api/resource_embedding.html
 */
export const parseSelect = (s: Scanner, depth = 1): readonly SelectNode[] => {
  checkDepth(depth, 'select');
  const first = parseItem(s, depth);
  if (first === undefined) return [];
  const items = [first];
  while (s.passComma()) {
    const item = parseItem(s, depth);
    if (item === undefined) throw MISMATCH;
    items.push(item);
    s.misses = undefined;
  }
  return items;
};

/** One item, or undefined if none stands here. */
const parseItem = (s: Scanner, depth: number): SelectNode | undefined => {
  const start = s.at;
  const seen = s.misses;
  s.skipSpace();
  const from = s.at;
  const code = s.text.charCodeAt(from);
  if (code === DOT) {
    // With a dot the word `...` has begun, and what else was missed here counts no more.
    s.misses = seen;
    const spread = s.attempt(expectSpreadHead);
    if (spread !== undefined) return parseEmbed(s, from, spread, depth);
  } else {
    s.missWord('...');
  }
  if (code === STAR) {
    const star = parseStar(s);
    if (star !== undefined) return star;
  }
  const name = parseName(s);
  if (name !== undefined) return parseNamed(s, from, name, depth);
  const spaced = from !== start;
  if (spaced) s.misses = undefined;
  missItem(s, code);
  if (spaced) throw MISMATCH;
  return undefined;
};

/** What could have begun a field. */
const missItem = (s: Scanner, code: number): void => {
  if (!s.explaining) return;
  if (code === STAR) parseStar(s);
  else s.missWord('*');
  parseName(s);
  s.missWord('count()');
};

/** `*`, if nothing else is in the item. */
const parseStar = (s: Scanner): SelectField | undefined => {
  const start = s.at;
  const seen = s.misses;
  s.at++;
  if (isItemEnd(s)) return makeField(s, start, undefined, ALL);
  s.rewind(start, seen);
  return undefined;
};

/** An item that begins with a name. */
const parseNamed = (s: Scanner, from: number, first: string, depth: number): SelectNode => {
  let alias: string | undefined;
  let name = first;
  if (s.text.charCodeAt(s.at) === COLON && s.text.charCodeAt(s.at + 1) !== COLON) {
    s.at++;
    s.miss('":"');
    s.skipSpace();
    alias = first;
    name = expectName(s);
  }
  const start = s.at;
  const seen = s.misses;
  const code = s.text.charCodeAt(start);
  if (name === 'count') {
    const count = code === OPEN ? s.attempt(expectCount) : undefined;
    if (count !== undefined) return makeField(s, from, alias, ALL, undefined, 'count', count.cast);
  } else if (code === OPEN || code === BANG) {
    const head = s.attempt(expectHead);
    if (head !== undefined) {
      return parseEmbed(s, from, { ...head, relation: name, alias, spread: false }, depth);
    }
  }
  s.misses = seen;
  const path = parseJsonPath(s);
  s.skipSpace();
  const cast = parseCast(s);
  const aggregate = parseAggregate(s);
  const aggregateCast = parseCast(s);
  if (!isItemEnd(s)) throw MISMATCH;
  return makeField(s, from, alias, { name, path }, cast, aggregate, aggregateCast);
};

const makeField = (
  s: Scanner,
  from: number,
  alias: string | undefined,
  field: Field,
  cast?: string,
  aggregate?: Aggregate,
  aggregateCast?: string,
): SelectField => ({ kind: 'field', field, alias, cast, aggregate, aggregateCast, span: s.span(from) });

/** `()` behind the word `count`, and a cast. */
const expectCount = (s: Scanner): { readonly cast: string | undefined } => {
  if (!s.text.startsWith('count()', s.at - 5)) throw MISMATCH;
  s.at += 2;
  const cast = parseCast(s);
  if (!isItemEnd(s)) throw MISMATCH;
  return { cast };
};

/** `::type`, if it stands here. */
const parseCast = (s: Scanner): string | undefined => {
  const { text, at } = s;
  if (text.charCodeAt(at) !== COLON) {
    s.missWord('::');
    return undefined;
  }
  if (text.charCodeAt(at + 1) !== COLON) {
    s.misses = undefined;
    s.missWord('::');
    throw MISMATCH;
  }
  s.at += 2;
  return expectIdentifier(s);
};

/** `.sum()`, if it stands here. */
const parseAggregate = (s: Scanner): Aggregate | undefined => {
  if (s.text.charCodeAt(s.at) === DOT) return s.attempt(expectAggregate);
  s.miss('"."');
  return undefined;
};

const expectAggregate = (s: Scanner): Aggregate => {
  s.at++;
  for (const word of AGGREGATES) {
    if (s.text.startsWith(word, s.at)) {
      s.at += word.length;
      if (!s.text.startsWith('()', s.at)) {
        s.missWord('()');
        throw MISMATCH;
      }
      s.at += 2;
      return word;
    }
    // Of the words but the last two, half a word is taken for an attempt at it.
    const begun = s.text.charCodeAt(s.at) === word.charCodeAt(0) && !word.startsWith('m');
    if (begun) s.misses = undefined;
    s.missWord(word);
    if (begun) break;
  }
  throw MISMATCH;
};

/** Whether the item is over, which only `,`, `)` and the end of the text say. */
const isItemEnd = (s: Scanner): boolean => {
  const code = s.text.charCodeAt(s.at);
  if (code === CLOSE) return true;
  s.missWord(')');
  if (code === COMMA) return true;
  s.missWord(',');
  s.missEnd();
  return s.at === s.text.length;
};

/** What stands in front of the parentheses of an embed. */
type Head = Pick<SelectEmbed, 'hint' | 'join'>;
type EmbedHead = Pick<SelectEmbed, 'relation' | 'alias' | 'hint' | 'join' | 'spread'>;

/** `!hint!inner` in either order, each optional, in front of `(`. */
const expectHead = (s: Scanner): Head => {
  let hint: string | undefined;
  let join: Head['join'];
  for (let parameter = 0; parameter < 2; parameter++) {
    if (s.text.charCodeAt(s.at) !== BANG) {
      s.miss('"!"');
      break;
    }
    s.at++;
    if (s.text.startsWith('left', s.at)) {
      join ??= 'left';
      s.at += 4;
    } else if (s.text.startsWith('inner', s.at)) {
      join ??= 'inner';
      s.at += 5;
    } else {
      s.missWord('left');
      s.missWord('inner');
      const name = expectName(s);
      hint ??= name;
    }
  }
  if (s.text.charCodeAt(s.at) !== OPEN) {
    s.missWord('(');
    throw MISMATCH;
  }
  return { hint, join };
};

/** `...relation!hint` in front of `(`. */
const expectSpreadHead = (s: Scanner): EmbedHead => {
  if (!s.text.startsWith('...', s.at)) {
    s.missWord('...');
    throw MISMATCH;
  }
  s.at += 3;
  const relation = expectName(s);
  const { hint, join } = expectHead(s);
  return { relation, alias: undefined, hint, join, spread: true };
};

/** The parentheses of an embed; the opening one stands here. */
const parseEmbed = (s: Scanner, from: number, head: EmbedHead, depth: number): SelectEmbed => {
  s.at++;
  const select = parseSelect(s, depth + 1);
  if (s.text.charCodeAt(s.at) !== CLOSE) {
    s.miss('")"');
    throw MISMATCH;
  }
  s.at++;
  return {
    kind: 'embed',
    relation: head.relation,
    alias: head.alias,
    hint: head.hint,
    join: head.join,
    spread: head.spread,
    select,
    span: s.span(from),
  };
};
