import { decodeSegment } from '../http/index.ts';

/**
 * Characters that servers and proxies on the way decode, fold or take for something else even where they are
 * percent-encoded, and the tilde that stands in for the percent sign. A tilde itself is never touched (RFC 3986,
 * section 2.3), so what is written with it arrives.
 */
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['~', '~7E'],
  ['/', '~2F'],
  [',', '~2C'],
  ['%', '~25'],
  ['\\', '~5C'],
]);

const PLAIN: ReadonlyMap<string, string> = new Map([
  ...[...ESCAPED].map(([plain, escaped]) => [escaped, plain] as const),
  ['~2E', '.'],
]);

const unescapeKey = (text: string): string =>
  text === '~' ? '' : text.replace(/~(?:7E|2F|2C|25|5C|2E)/g, (escaped) => PLAIN.get(escaped) as string);

const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const escapeKey = (text: string): string =>
  text === '' ? '~' : encode(text.replace(/[~/,%\\]/g, (character) => ESCAPED.get(character) as string));

/**
 * The values of a key as a segment of a path has them: parted by commas, percent-encoded, and with `~2F` and its
 * like for what would not survive the way. An empty text is a lone tilde.
 *
 * @example parseItemKey('7,3') // ['7', '3']
 * @example parseItemKey('a~2Fb%20c') // ['a/b c']
 */
export const parseItemKey = (segment: string): readonly string[] =>
  segment.split(',').map((part) => unescapeKey(decodeSegment(part)));

/** A key as a segment of a path. */
export const printItemKey = (values: readonly string[]): string => {
  const segment = values.map(escapeKey).join(',');
  // Segments of dots lead to other paths, however they are encoded.
  return /^\.{1,2}$/.test(segment) ? segment.replaceAll('.', '~2E') : segment;
};
