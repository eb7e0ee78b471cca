import { refuse } from '../base/index.ts';
import { parseRange, type Query, readLimit, type Scoped, type Slot, type TopPage } from '../request/index.ts';

const targetNumber = (query: Query, scoped: readonly Scoped<Slot>[]): number | undefined => {
  const last = scoped.findLast(({ path }) => path.length === 0);
  const text = last === undefined ? undefined : query.values[last.said];
  return typeof text === 'string' ? readLimit(text) : undefined;
};

/** Rows from `first` to `last`, both included; `last` may be one less than `first`: no row. */
type Span = { readonly first: number; readonly last: number };

const ALL: Span = { first: 0, last: Number.POSITIVE_INFINITY };

const intersect = (a: Span, b: Span): Span => ({
  first: Math.max(a.first, b.first),
  last: Math.min(a.last, b.last),
});

/** What `limit` and `offset` of the query string ask for. */
const queriedSpan = (query: Query): Span => {
  const limit = targetNumber(query, query.limits);
  const offset = targetNumber(query, query.offsets) ?? 0;
  return { first: offset, last: limit === undefined ? Number.POSITIVE_INFINITY : offset + limit - 1 };
};

/** The page that was asked for, and what of it will be served. */
export type AskedPage = {
  /** For `Content-Range`: what the client asked for, without the server's maximum. */
  readonly asked: TopPage;
  readonly served: TopPage;
};

const toPage = ({ first, last }: Span): TopPage => ({
  offset: first,
  limit: last === Number.POSITIVE_INFINITY ? undefined : last - first + 1,
});

/**
 * The page of the target, from `limit`, `offset` and, for GET, the Range header; at most `maxRows` rows.
 *
 * @throws PGRST103 for a negative limit or a range that ends before it begins
 */
export const readPage = (
  query: Query,
  rangeHeader: string | undefined,
  maxRows: number | undefined,
): AskedPage => {
  const range = rangeHeader === undefined ? undefined : parseRange(rangeHeader);
  const header: Span =
    range === undefined ? ALL : { first: range.first, last: range.last ?? Number.POSITIVE_INFINITY };
  if (header.last < header.first)
    return refuse('PGRST103', {
      details: 'The lower boundary must be lower than or equal to the upper boundary in the Range header.',
    });
  const queried = queriedSpan(query);
  const zero = targetNumber(query, query.limits) === 0;
  const span = zero ? { first: 0, last: -1 } : intersect(header, queried);
  if (!zero && span.last < span.first)
    return refuse('PGRST103', { details: 'Limit should be greater than or equal to zero.' });
  const asked = toPage(span);
  const served =
    maxRows === undefined ? asked : { ...asked, limit: Math.min(asked.limit ?? maxRows, maxRows) };
  return { asked, served };
};
