/** A parameter of a query string, decoded. Without `=` it has no value, which is not an empty one. */
export type Parameter = { readonly name: string; readonly value: string | undefined };

const PERCENT = 37;
const AMPERSAND = 38;
const PLUS = 43;
const SEMICOLON = 59;
const EQUALS = 61;
const QUESTION = 63;

/**
 * Finds where the parameters of a query string begin and end.
 *
 * @param take gets the place of each, that of its `=` (-1: it has none), and whether anything in it is encoded
 */
export const splitParameters = (
  queryString: string,
  take: (start: number, equals: number, end: number, encoded: boolean) => void,
): void => {
  const { length } = queryString;
  let start = queryString.charCodeAt(0) === QUESTION ? 1 : 0;
  let equals = -1;
  let encoded = false;
  for (let at = start; at <= length; at++) {
    const code = at === length ? AMPERSAND : queryString.charCodeAt(at);
    if (code === PERCENT || code === PLUS) {
      encoded = true;
    } else if (code === EQUALS) {
      if (equals < 0) equals = at;
    } else if (code === AMPERSAND || code === SEMICOLON) {
      if (at > start) take(start, equals, at, encoded);
      start = at + 1;
      equals = -1;
      encoded = false;
    }
  }
};

/**
 * Splits a query string into its parameters, as `application/x-www-form-urlencoded` is read by
 * PostgREST: `&` and `;` separate, `+` is a space, `%` without two hex digits stands for itself,
 * and bytes that are no UTF-8 become U+FFFD. Never fails.
 *
 * @example readParameters('id=eq.5&q=a+b') // [{name: 'id', value: 'eq.5'}, {name: 'q', value: 'a b'}]
 *
 * Source: https://url.spec.whatwg.org/#urlencoded-parsing
 */
export const readParameters = (queryString: string): readonly Parameter[] => {
  const parameters: Parameter[] = [];
  splitParameters(queryString, (start, equals, end, encoded) => {
    const name = queryString.slice(start, equals < 0 ? end : equals);
    const value = equals < 0 ? undefined : queryString.slice(equals + 1, end);
    parameters.push(encoded ? { name: decode(name), value: value && decode(value) } : { name, value });
  });
  return parameters;
};

/** Decodes a name or a value. */
export const decode = (text: string): string => {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return decodeLeniently(spaced);
  }
};

const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Decodes what is malformed: each run of encoded bytes by itself, all else as it stands. */
const decodeLeniently = (text: string): string =>
  text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    const bytes = new Uint8Array(run.length / 3);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(run.slice(i * 3 + 1, i * 3 + 3), 16);
    return lenient.decode(bytes);
  });

/**
 * What keeps a text from being percent-encoded UTF-8: a `%` that encodes nothing, or bytes that are no characters.
 *
 * @example findMalformed('a=%C3%A4') // undefined
 * @example findMalformed('a=100%') // 'sign'
 * @example findMalformed('a=%E4') // 'bytes'
 */
export const findMalformed = (text: string): 'sign' | 'bytes' | undefined => {
  try {
    decodeURIComponent(text);
    return undefined;
  } catch {
    return /%(?![0-9a-fA-F]{2})/.test(text) ? 'sign' : 'bytes';
  }
};

/** Encodes a name or a value; the characters that the query language is made of stay readable. */
export const encodeComponent = (text: string): string =>
  encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed())
    .replaceAll('%20', '+')
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll('%3E', '>')
    .replaceAll('%24', '$');
