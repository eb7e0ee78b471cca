/** Bytes of a file, both ends included. */
export type ByteRange = { readonly first: number; readonly last: number };

/**
 * Reads a Range of one part (RFC 9110, section 14.2). What cannot be read, and several parts, are as if nobody had
 * asked: then the whole is sent.
 *
 * @returns `unsatisfiable` where the file has no such bytes
 * @example readRange('bytes=0-99', 1000) // { first: 0, last: 99 }
 */
export const readRange = (
  header: string | undefined,
  length: number,
): ByteRange | 'unsatisfiable' | undefined => {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const count = Math.min(Number(to), length);
    return count === 0 ? 'unsatisfiable' : { first: length - count, last: length - 1 };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return undefined;
  if (first >= length) return 'unsatisfiable';
  return { first, last: to === '' ? length - 1 : Math.min(Number(to), length - 1) };
};
