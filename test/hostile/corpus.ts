/** Texts that have broken something somewhere. */
export const TEXTS: readonly string[] = [
  // Quoting and comments of SQL
  "'",
  "''",
  '"',
  '""',
  '\\',
  "\\'",
  '\\"',
  '\\\\',
  'a\\',
  '--',
  '/*',
  '*/',
  '/* x */',
  ';',
  '$1',
  '$2::text',
  '$$',
  '$x$',
  ':x',
  '?',
  "'; drop table notes; --",
  '"; drop table notes; --',
  "E'\\''",
  "U&'\\0041'",
  // The language of requests
  '*',
  'a.b',
  'a->b',
  'a->>b',
  '->',
  'a,b',
  ',',
  '(',
  ')',
  '()',
  'a(b)',
  ':',
  '::',
  'a::text',
  '!',
  'a!inner',
  '...',
  '.',
  '-',
  '{',
  '}',
  '{}',
  '{a,b}',
  '{"',
  '[',
  ']',
  '[1,2)',
  'eq.1',
  'not.eq.1',
  'count()',
  'is.null',
  'in.()',
  // Words
  'select',
  'order',
  'and',
  'or',
  'not',
  'count',
  'limit',
  'offset',
  'columns',
  'on_conflict',
  'rpc',
  'null',
  'NULL',
  'true',
  'user',
  'table',
  'pgrst_source',
  'pgrst_body',
  'pgrst_call',
  'pgrst_scalar',
  '_ashlar_row',
  'children_1',
  // Words of JavaScript
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  '0',
  '-1',
  '1e400',
  'NaN',
  // URLs and headers
  '%',
  '%00',
  '%27',
  '%zz',
  '%C3%28',
  '&',
  'a&b=c',
  '=',
  '+',
  '#',
  '/',
  '../..',
  '//',
  '<script>',
  ' ',
  ' a ',
  '\t',
  'a\nb',
  'a\r\nx: y',
  // Characters
  'é',
  'e\u0301',
  'ß',
  'İ',
  '日本語',
  '😀',
  '👩‍👩‍👧‍👦',
  'שלום',
  '\u202eabc',
  '\ufeff',
  '\u2028',
  '\u00a0',
  '\u0001',
  '\u007f',
  '\ufffd',
  '\uffff',
  // Lengths
  'x'.repeat(63),
  'é'.repeat(31),
  `${'😀'.repeat(15)}abc`,
  'x'.repeat(64),
  'é'.repeat(32),
];

/** Texts that no value or name in Postgres can hold, or that are no text at all. */
export const UNHOLDABLE: readonly string[] = ['\u0000', 'a\u0000b', '\ud800', '\udc00a'];

/**
 * What can be the name of something in Postgres. A column that is called `*` cannot be asked for: that stands for all
 * of them, and `count(` in a select for the number of rows.
 */
export const NAMES: readonly string[] = TEXTS.filter(
  (text) => text !== '' && text !== '*' && Buffer.byteLength(text) <= 63,
);

/** As it stands in a request: in double quotes, with backslashes before quotes and backslashes. */
export const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** Percent-encoded, whatever it is. */
export const encoded = (text: string): string =>
  text.isWellFormed()
    ? encodeURIComponent(text)
    : [...Buffer.from(text, 'utf16le')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** As the value of a header comes: the bytes of UTF-8, each as a character. */
export const headerValue = (text: string): string => Buffer.from(text).toString('latin1');

/** Whether HTTP lets it be the value of a header, as it is. */
export const fitsHeader = (text: string): boolean =>
  text !== '' &&
  text === text.trim() &&
  [...headerValue(text)].every((byte) => byte === '\t' || (byte >= ' ' && byte !== '\u007f'));
