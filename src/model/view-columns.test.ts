import fc from 'fast-check';
import { expect, test } from 'vitest';
import { showKey } from './index.ts';

const anyShown = fc.array(fc.array(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 3 }), {
  maxLength: 4,
});

test('a key is shown in as many ways as its columns can be combined', () => {
  fc.assert(
    fc.property(anyShown, (columns) => {
      const shown = new Map(columns.map((names, i) => [i + 1, names]));
      const key = columns.map((_, i) => i + 1);
      const ways = showKey(shown, key);
      expect(ways).toHaveLength(columns.reduce((product, names) => product * names.length, 1));
      for (const way of ways) expect(way.every((name, i) => columns[i]?.includes(name))).toBe(true);
    }),
  );
});

test('the first way takes the first of each column, in the order of the key', () => {
  const shown = new Map([
    [1, ['a', 'b']],
    [2, ['c', 'd']],
  ]);
  expect(showKey(shown, [2, 1])).toEqual([
    ['c', 'a'],
    ['c', 'b'],
    ['d', 'a'],
    ['d', 'b'],
  ]);
});

test('a key is not shown where a column is missing', () => {
  expect(showKey(new Map([[1, ['a']]]), [1, 2])).toEqual([]);
});
