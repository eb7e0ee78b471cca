/**
 * A number of JSON that a double of JavaScript would not give back as it was written: it keeps its text. Numbers of JSON
 * have as many digits as they like, those of JavaScript seventeen at most.
 */
export type ExactNumber = { readonly rawJSON: string };

/** An object of JSON, which is no list and no number that keeps its text. */
export type JsonObject = { [name: string]: unknown };

/** ECMAScript 2026 ("JSON.parse source text access"), which Node has and TypeScript's library does not yet. */
const { parse, rawJSON, isRawJSON } = JSON as unknown as {
  parse(
    text: string,
    revive: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
};

/** Whether a value that `parseExactJson` has read is a number that keeps its text. */
export const isExactNumber: (value: unknown) => value is ExactNumber = isRawJSON;

/** Whether a value that `parseExactJson` has read is an object. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

/**
 * Reads JSON without losing a digit: numbers that a double holds as they are written are numbers, others an
 * `ExactNumber`. What it gives is for `printExactJson`.
 *
 * @throws SyntaxError
 * @example printExactJson(parseExactJson('[12345678901234567890, 1.10]')) // [12345678901234567890,1.10]
 */
export const parseExactJson = (text: string): unknown =>
  parse(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value,
  );

/** Writes what `parseExactJson` has read; undefined for what JSON has no text for. */
export const printExactJson = (value: unknown): string | undefined => JSON.stringify(value);

/**
 * A number in the one form that all ways to write it have in common: its digits from the first to the last that is not
 * 0, and the power of ten behind them.
 */
const normalize = (source: string): string => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(source) ?? [];
  const digits = whole + fraction;
  let first = 0;
  let end = digits.length;
  while (digits[first] === '0') first++;
  while (end > first && digits[end - 1] === '0') end--;
  const power = BigInt(exponent) + BigInt(digits.length - end - fraction.length);
  return first === end ? '0' : `${sign}${digits.slice(first, end)}e${power}`;
};

/**
 * Whether two numbers are the same number, however they are written.
 *
 * @example isSameNumber(parseExactJson('1.10'), 1.1) // true
 */
export const isSameNumber = (one: number | ExactNumber, other: number | ExactNumber): boolean =>
  one === other || normalize(JSON.stringify(one)) === normalize(JSON.stringify(other));
