/** A place in a file, as people count: lines and columns from 1, a column being a character. */
export type SourcePlace = {
  readonly line: number;
  readonly column: number;
  /** The whole line, without its end. */
  readonly text: string;
};

/** Where an offset (in UTF-16 units, as strings are indexed) lies. */
export const findPlace = (source: string, offset: number): SourcePlace => {
  const at = Math.min(Math.max(offset, 0), source.length);
  const start = source.lastIndexOf('\n', at - 1) + 1;
  const newline = source.indexOf('\n', at);
  const text = source.slice(start, newline < 0 ? source.length : newline).replace(/\r$/, '');
  return {
    line: countLines(source, start),
    column: [...source.slice(start, Math.min(at, start + text.length))].length + 1,
    text: text.replace(/^\uFEFF/, ''),
  };
};

const countLines = (source: string, end: number): number => {
  let line = 1;
  for (let at = source.indexOf('\n'); at >= 0 && at < end; at = source.indexOf('\n', at + 1)) line++;
  return line;
};

/** The offset at which the `characters`-th character after `from` begins; Postgres counts characters, strings UTF-16 units. */
export const skipCharacters = (source: string, from: number, characters: number): number => {
  let at = from;
  for (let left = characters; left > 0 && at < source.length; left--) {
    at += (source.codePointAt(at) as number) > 0xffff ? 2 : 1;
  }
  return at;
};

/** The offset at which a line (from 1) begins, counted from `from`, which is on line 1. */
export const findLine = (source: string, from: number, line: number): number => {
  let at = from;
  for (let left = line - 1; left > 0; left--) {
    const newline = source.indexOf('\n', at);
    if (newline < 0) return source.length;
    at = newline + 1;
  }
  return at;
};
