import {
  BACKSLASH,
  CLOSE,
  COMMA,
  DASH,
  endOfDigits,
  endOfIdentifier,
  endOfKey,
  GREATER,
  QUOTE,
  SPACE,
} from './character.ts';
import { MISMATCH, type Scanner } from './scanner.ts';
import type { Field, JsonStep } from './tree.ts';

const FIELD_NAME = 'field name (* or [a..z0..9_$])';
const JSON_KEY = 'any non reserved character different from: .,>()';

const NO_PATH: readonly JsonStep[] = [];

const maySpace = (code: number): boolean => code <= SPACE || code > 127;

const sliceTrimmed = (text: string, start: number, end: number): string => {
  const part = text.slice(start, end);
  return maySpace(text.charCodeAt(start)) || maySpace(text.charCodeAt(end - 1)) ? part.trim() : part;
};

const UNCLOSED = -1;
const DANGLING = -2;

/** Where the quoted text that starts at `start` ends, behind its closing quote. */
const endOfQuoted = (text: string, start: number): number => {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return at === text.length ? UNCLOSED : DANGLING;
};

/** The text between the quotes; `\x` stands for `x`, whatever it is. */
const unquote = (text: string, start: number, end: number): string => {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes('\\') ? inner.replace(/\\([\s\S])/g, '$1') : inner;
};

/** Reads `"…"`; the opening quote stands here. */
const parseQuoted = (s: Scanner): string => {
  const start = s.at;
  const end = endOfQuoted(s.text, start);
  if (end < 0) {
    s.at = s.text.length;
    if (end === UNCLOSED) {
      s.miss('"\\\\"');
      s.miss('"\\""');
    } else {
      s.miss('');
    }
    throw MISMATCH;
  }
  s.at = end;
  return unquote(s.text, start, end);
};

/** Reads `"…"` in front of `,`, `)` or the end; else it is no quoted text but begins with a quote. */
export const parseQuotedItem = (s: Scanner): string | undefined => {
  const start = s.at;
  const end = endOfQuoted(s.text, start);
  if (end < 0) return undefined;
  const next = s.text.charCodeAt(end);
  if (end < s.text.length && next !== COMMA && next !== CLOSE) return undefined;
  s.at = end;
  return unquote(s.text, start, end);
};

/** Reads runs of characters joined by dashes, each without the spaces around it. */
const parseDashed = (
  s: Scanner,
  endOfRun: (text: string, at: number) => number,
  missRun: (s: Scanner) => void,
): string | undefined => {
  const { text } = s;
  const start = s.at;
  const firstEnd = endOfRun(text, start);
  if (firstEnd === start) return undefined;
  let end = firstEnd;
  let name = sliceTrimmed(text, start, end);
  while (text.charCodeAt(end) === DASH && text.charCodeAt(end + 1) !== GREATER) {
    const from = end + 1;
    end = endOfRun(text, from);
    if (end === from) {
      s.at = from;
      s.miss('">"');
      missRun(s);
      throw MISMATCH;
    }
    name += `-${sliceTrimmed(text, from, end)}`;
  }
  s.at = end;
  if (s.explaining) {
    if (end === firstEnd) missRun(s);
    missDash(s);
  }
  return name;
};

/** A dash may follow, but not one that begins an arrow. */
const missDash = (s: Scanner): void => {
  const start = s.at;
  if (s.text.charCodeAt(start) !== DASH) {
    s.miss('"-"');
    return;
  }
  const seen = s.misses;
  s.at = start + 1;
  s.missAbsence();
  s.rewind(start, seen);
};

const missIdentifier = (s: Scanner): void => {
  s.miss('letter');
  s.miss('digit');
};

const missKey = (s: Scanner): void => s.miss('');

/**
 * Reads a name: `"…"`, or letters, digits, `_`, `$`, spaces and dashes, trimmed.
 * Source: https://docs.postgrest.org/en/stable/references/api/url_grammar.html
 */
export const parseName = (s: Scanner): string | undefined => {
  if (s.text.charCodeAt(s.at) === QUOTE) return parseQuoted(s);
  const name = parseDashed(s, endOfIdentifier, missIdentifier);
  if (name === undefined) s.miss(FIELD_NAME);
  return name;
};

/** A name that must stand here. */
export const expectName = (s: Scanner): string => {
  const name = parseName(s);
  if (name === undefined) throw MISMATCH;
  return name;
};

/** Reads the name of a type or a text search configuration: no quotes, no dashes. */
export const expectIdentifier = (s: Scanner): string => {
  const start = s.at;
  const end = endOfIdentifier(s.text, start);
  s.at = end;
  missIdentifier(s);
  if (end === start) throw MISMATCH;
  return sliceTrimmed(s.text, start, end);
};

/** Reads names that are separated by commas: `columns=id,name`. */
export const parseNames = (s: Scanner): readonly string[] => {
  const names = [expectName(s)];
  while (s.passComma()) {
    names.push(expectName(s));
    s.misses = undefined;
  }
  return names;
};

/**
 * Whether what follows the digits of an index lets it be one. PostgREST does not let `)`, so that for it
 * the same path is a key inside of parentheses, `posts(tags->0)`, and an index outside.
 */
const isIndexEnd = (text: string, at: number): boolean =>
  at === text.length ||
  text.startsWith('->', at) ||
  text.startsWith('::', at) ||
  text.startsWith('.', at) ||
  text.startsWith(',', at) ||
  text.startsWith(')', at);

/** Reads `0` or `-1` behind an arrow. */
const parseIndex = (s: Scanner): number | undefined => {
  const { text } = s;
  const start = s.at;
  const seen = s.misses;
  const negative = text.charCodeAt(start) === DASH;
  if (negative) s.at++;
  else s.miss('"-"');
  const first = s.at;
  const end = endOfDigits(text, first);
  s.at = end;
  s.miss('digit');
  if (end > first && isIndexEnd(text, end)) {
    // No array is that long, and a number beyond would not print as it was read.
    const size = Math.min(Number(text.slice(first, end)), Number.MAX_SAFE_INTEGER);
    return negative ? 0 - size : size;
  }
  if (end > first && s.explaining) {
    for (const word of ['->', '::', '.', ',']) s.missWord(word);
    s.missEnd();
  }
  s.rewind(start, seen);
  return undefined;
};

/** Reads the key behind an arrow: `"…"`, or anything but `.,:>()` and arrows, trimmed. */
const expectKey = (s: Scanner): string => {
  if (s.text.charCodeAt(s.at) === QUOTE) return parseQuoted(s);
  const key = parseDashed(s, endOfKey, missKey);
  if (key !== undefined) return key;
  s.miss(JSON_KEY);
  throw MISMATCH;
};

/**
 * Reads `->key`, `->>0`, …, as many as there are.
 * Source: https://docs.postgrest.org/en/stable/references/api/tables_views.html#json-columns
 */
export const parseJsonPath = (s: Scanner): readonly JsonStep[] => {
  const { text } = s;
  let path: JsonStep[] | undefined;
  while (text.charCodeAt(s.at) === DASH && text.charCodeAt(s.at + 1) === GREATER) {
    const wide = text.charCodeAt(s.at + 2) === GREATER;
    s.at += wide ? 3 : 2;
    const index = parseIndex(s);
    const operand =
      index === undefined
        ? ({ kind: 'key', key: expectKey(s) } as const)
        : ({ kind: 'index', index } as const);
    path ??= [];
    path.push({ arrow: wide ? '->>' : '->', operand });
    s.misses = undefined;
  }
  if (s.explaining) {
    s.missWord('->>');
    s.missWord('->');
  }
  return path ?? NO_PATH;
};

/** Reads a name and the JSON path behind it, with space around. */
export const parseField = (s: Scanner): Field => {
  s.skipSpace();
  const name = expectName(s);
  const path = parseJsonPath(s);
  s.skipSpace();
  return { name, path };
};
