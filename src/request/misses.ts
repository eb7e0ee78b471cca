/**
 * What did not stand where the reader looked. Collected only when a query string is read a second time
 * to say why it was refused; the words and their order are those of Parsec, whose messages PostgREST's
 * clients know.
 */
export type Misses = {
  /** Reader's position these misses belong to: once it has moved on, they no longer count. */
  readonly since: number;
  /** Where the miss is, at or behind `since` if the reader went back. */
  readonly at: number;
  /** The character that stood there instead, as shown; empty at the end of the text. */
  readonly found: string;
  /** What stood there although it must not, as shown. */
  readonly forbidden: readonly string[];
  readonly expected: readonly string[];
};

/** How PostgREST calls the dot between the parts of a path or an operation. */
export const DELIMITER = 'delimiter (.)';

const controlNames =
  'NUL SOH STX ETX EOT ENQ ACK a b t n v f r SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

const showCode = (code: number): string => {
  if (code < 32) return `\\${controlNames[code]}`;
  if (code === 127) return '\\DEL';
  if (code === 92) return '\\\\';
  return code < 127 ? String.fromCharCode(code) : `\\${code}`;
};

/** A character as Haskell shows a string of it: `"x"`. */
export const showText = (code: number): string => (code === 34 ? '"\\""' : `"${showCode(code)}"`);

/** A character as Haskell shows it: `'x'`. */
export const showCharacter = (code: number): string => (code === 39 ? "'\\''" : `'${showCode(code)}'`);

/** Misses of two ways that were tried from the same position: the one that came further tells more. */
export const mergeMisses = (a: Misses | undefined, b: Misses | undefined): Misses | undefined => {
  if (a === undefined) return b;
  if (b === undefined) return a;
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return {
    since: b.since,
    at: a.at,
    found: a.found,
    forbidden: [...a.forbidden, ...b.forbidden],
    expected: [...a.expected, ...b.expected],
  };
};

const listWords = (words: readonly string[]): string => {
  const distinct = [...new Set(words)].filter((word) => word !== '');
  const last = distinct.pop();
  if (last === undefined) return '';
  return distinct.length === 0 ? last : `${distinct.join(', ')} or ${last}`;
};

/** One line: `unexpected "x" expecting "a", "b" or end of input`. */
export const printMisses = (misses: Misses): string => {
  const found = misses.found === '' ? 'end of input' : misses.found;
  const unexpected = misses.forbidden.length > 0 ? listWords(misses.forbidden) : found;
  const expecting = listWords(misses.expected);
  return `unexpected ${unexpected}${expecting === '' ? '' : ` expecting ${expecting}`}`;
};

/** `(line 1, column 5)`: lines end with a newline, a tab leads to the next column of 8n + 1. */
export const printPosition = (text: string, at: number): string => {
  let line = 1;
  let column = 1;
  for (const character of text.slice(0, at)) {
    if (character === '\n') {
      line++;
      column = 1;
    } else if (character === '\t') {
      column += 8 - ((column - 1) % 8);
    } else {
      column++;
    }
  }
  return `(line ${line}, column ${column})`;
};
