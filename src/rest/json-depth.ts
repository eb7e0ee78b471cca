const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Behind the string that begins before `at`. */
const skipString = (text: string, at: number): number => {
  for (let next = at; ; next++) {
    const end = text.indexOf('"', next);
    if (end < 0) return text.length;
    let escapes = end - 1;
    while (escapes >= at && text.charCodeAt(escapes) === BACKSLASH) escapes--;
    if ((end - escapes) % 2 === 1) return end + 1;
    next = end;
  }
};

/**
 * Whether arrays and objects of a JSON text nest deeper than `max` levels. The text is only looked at, so that what
 * nests without end costs no more than its length, and no reader's stack.
 *
 * @example nestsDeeper('[[1]]', 1) // true
 */
export const nestsDeeper = (text: string, max: number): boolean => {
  const { length } = text;
  if (length <= 2 * max) return false;
  let depth = 0;
  for (let at = 0; at < length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = skipString(text, at + 1) - 1;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++depth > max) return true;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
    }
  }
  return false;
};
