/**
 * The pairs of a Cookie header (RFC 6265, section 4.2).
 *
 * @example parseCookies('a=1; b=2') // [['a', '1'], ['b', '2']]
 */
export const parseCookies = (header: string | undefined): readonly (readonly [string, string])[] => {
  if (header === undefined || header === '') return [];
  return header.split(';').flatMap((part): readonly (readonly [string, string])[] => {
    const text = part.trim();
    if (text === '') return [];
    const at = text.indexOf('=');
    return [at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]];
  });
};
