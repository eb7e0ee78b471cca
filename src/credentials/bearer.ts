const SPACE = 0x20;
const TAB = 0x09;

const isSpace = (code: number): boolean => code === SPACE || code === TAB;

/**
 * The token of an `Authorization` header (RFC 6750 section 2.1), undefined where the scheme is another
 * one. The scheme's case does not matter.
 *
 * @example readBearer('Bearer abc') // 'abc'
 */
export const readBearer = (header: string): string | undefined => {
  const { length } = header;
  if (length < 6 || (length > 6 && !isSpace(header.charCodeAt(6)))) return undefined;
  if (!header.startsWith('Bearer') && header.slice(0, 6).toLowerCase() !== 'bearer') return undefined;
  let start = 7;
  while (start < length && isSpace(header.charCodeAt(start))) start++;
  return header.slice(start);
};
