import type { Json } from '../../base/index.ts';
import { jsonType } from './type.ts';

/** Whether a double says the same number as its digits do. */
const isExact = (value: number, text: string): boolean =>
  Number.isSafeInteger(value) || text.replace(/[eE].*/, '').replace(/\D/g, '').length <= 15;

/**
 * A column's default as JSON, as far as it is a constant that JSON can say; undefined otherwise. An
 * expression of a type that is text in JSON is given as it is written in SQL.
 *
 * @example readDefault('text', "'draft'::text") // 'draft'
 * @example readDefault('timestamp with time zone', 'now()') // 'now()'
 */
export const readDefault = (type: string, expression: string): Json | undefined => {
  const cast = `::${type}`;
  const constant = expression.endsWith(cast)
    ? expression.slice(0, -cast.length).replace(/^'+|'+$/g, '')
    : expression;
  const json = jsonType(type) === 'string' ? `"${constant}"` : expression;
  try {
    const value: Json = JSON.parse(json);
    return typeof value === 'number' && !isExact(value, json) ? undefined : value;
  } catch {
    return undefined;
  }
};
