import type { QualifiedName } from '../base/index.ts';

/** Negative, 0 or positive, as `Array.sort` takes it. */
export type Compare<T> = (a: T, b: T) => number;

/** Names by their characters' codes, whatever the locale. */
export const compareText: Compare<string> = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Schema first. */
export const compareNames: Compare<QualifiedName> = (a, b) =>
  compareText(a.schema, b.schema) || compareText(a.name, b.name);

/** False first. */
export const compareFlags: Compare<boolean> = (a, b) => Number(a) - Number(b);

/** Item by item; of two lists that begin alike, the shorter is first. */
export const compareLists =
  <T>(compare: Compare<T>): Compare<readonly T[]> =>
  (a, b) => {
    for (const [i, item] of a.entries()) {
      const other = b[i];
      if (other === undefined) return 1;
      const order = compare(item, other);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  };
