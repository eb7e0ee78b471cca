/** Rows that a `Range` header asks for, counted from 0, both ends included. */
export type RowRange = {
  readonly first: number;
  /** Undefined: up to the last row there is. Smaller than `first`: no row, which the planner refuses. */
  readonly last: number | undefined;
};

const rows = /^([0-9]+)-([0-9]*)$/;

/**
 * Reads the `Range` header, such as `0-9` or `10-`. Undefined where there is none, and where it is of
 * another form (`items=0-9`, `-5`), which is passed over as RFC 9110 lets a server do.
 *
 * @example parseRange('0-9') // { first: 0, last: 9 }
 *
 * Source: RFC 9110, section 14.2; https://docs.postgrest.org/en/stable/references/api/pagination_count.html
 */
export const parseRange = (headerValue: string | undefined): RowRange | undefined => {
  const match = headerValue === undefined ? null : rows.exec(headerValue);
  if (match === null) return undefined;
  return { first: Number(match[1]), last: match[2] === '' ? undefined : Number(match[2]) };
};
