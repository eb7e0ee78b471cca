/** UTF-16 codes of the characters that mean something in the query language. */
export const TAB = 9;
export const SPACE = 32;
export const QUOTE = 34;
export const OPEN = 40;
export const CLOSE = 41;
export const STAR = 42;
export const COMMA = 44;
export const DASH = 45;
export const DOT = 46;
export const COLON = 58;
export const GREATER = 62;
export const BANG = 33;
export const BACKSLASH = 92;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;

const IDENTIFIER = 1;
const KEY = 2;

/** What an ASCII character may be part of. */
const classes = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9_ $]/.test(character)) classes[code] = (classes[code] ?? 0) | IDENTIFIER;
  if (!'(-:.,>)'.includes(character)) classes[code] = (classes[code] ?? 0) | KEY;
}

const letter = /^\p{L}$/u;

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Where the run of letters, digits, `_`, `$` and spaces that starts at `at` ends. */
export const endOfIdentifier = (text: string, at: number): number => {
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code < 128) {
      if (((classes[code] as number) & IDENTIFIER) === 0) return end;
    } else {
      const character = String.fromCodePoint(text.codePointAt(end) as number);
      if (!letter.test(character)) return end;
      end += character.length - 1;
    }
  }
  return end;
};

/** Where the run of characters that a JSON key may hold without quotes ends. */
export const endOfKey = (text: string, at: number): number => {
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code < 128 && ((classes[code] as number) & KEY) === 0) return end;
  }
  return end;
};

/** Where the digits end. */
export const endOfDigits = (text: string, at: number): number => {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
};

/** Where a literal without quotes inside parentheses ends: at `,` or `)` or the end of the text. */
export const endOfItem = (text: string, at: number): number => {
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === COMMA || code === CLOSE) return end;
  }
  return end;
};
