/**
 * How far a right reaches over the rows of a table: to none of them, to those that belong to who asks, to some
 * by another rule, to all; or it could not be found out.
 */
export type Reach = 'none' | 'own' | 'some' | 'all' | 'unknown';

/** How a person is told. */
export const reachWords: { readonly [reach in Reach]: string } = {
  none: 'none',
  own: 'own rows',
  some: 'some rows',
  all: 'all rows',
  unknown: 'unknown',
};

const order: readonly Reach[] = ['none', 'own', 'some', 'all', 'unknown'];

/** The further of two; what is not known may be further than anything. */
export const furthest = (reaches: readonly Reach[]): Reach =>
  reaches.reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), 'none');

/** Whether `after` may reach rows that `before` did not. */
export const opens = (before: Reach, after: Reach): boolean => order.indexOf(after) > order.indexOf(before);
