import { expect, test } from 'vitest';
import { KeptLately } from './index.ts';

test('what an owner has kept since the last sweep is counted, by itself and until the next', () => {
  const lately = new KeptLately(100);
  const swept = new Set<string>();
  expect(lately.isFull('ada', swept)).toBe(false);
  lately.add('ada', 60);
  expect(lately.isFull('ada', swept)).toBe(false);
  lately.add('ada', 60);
  expect(lately.isFull('ada', swept)).toBe(true);
  expect(lately.isFull('bob', swept)).toBe(false);
  expect(lately.isFull('ada', new Set())).toBe(false);
});
