import { readParameters } from '../request/index.ts';

const percent = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;

/** Names and values that clients send again and again (`select=…`), encoded. Values of keys are not among them. */
const encoded = new Map<string, string>();
const MAX_KEPT = 1_000;
const LONGEST_KEPT = 500;

/** Encodes a name or a value. */
export const encodeParameter = (text: string): string => {
  if (/^[\w.~-]*$/.test(text)) return text;
  const known = encoded.get(text);
  if (known !== undefined) return known;
  const made = encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, percent);
  if (text.length <= LONGEST_KEPT) {
    if (encoded.size >= MAX_KEPT) encoded.clear();
    encoded.set(text, made);
  }
  return made;
};

/**
 * The query string with its parameters sorted by name, each encoded in one way.
 *
 * @example canonicalQuery('select=id,title&id=eq.1') // 'id=eq.1&select=id%2Ctitle'
 */
export const canonicalQuery = (query: string): string => {
  if (query === '') return '';
  const parameters = [...readParameters(query)];
  if (parameters.length > 1) parameters.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  let text = '';
  for (const { name, value } of parameters)
    text += `${text === '' ? '' : '&'}${encodeParameter(name)}=${value === undefined ? '' : encodeParameter(value)}`;
  return text;
};
