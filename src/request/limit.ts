const integer = /^(-?)\s*(\d+|0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/;

/**
 * The number that a `limit` or `offset` gives; undefined if its text is none, in which case PostgREST
 * goes on as if the parameter were absent. Negative numbers are numbers: to refuse them is the planner's.
 * Like PostgREST it takes space around the number, a number in parentheses, and `0x1f`.
 *
 * @example readLimit('10') // 10
 * @example readLimit('ten') // undefined
 *
 * Source: https://docs.postgrest.org/en/stable/references/api/pagination_count.html#limits-and-pagination
 */
export const readLimit = (text: string): number | undefined => {
  let inner = text.trim();
  while (inner.startsWith('(') && inner.endsWith(')')) inner = inner.slice(1, -1).trim();
  const match = integer.exec(inner);
  if (match === null) return undefined;
  const size = Number(match[2]);
  return match[1] === '-' ? 0 - size : size;
};
