import { expect, test } from 'vitest';
import { readLimit } from './index.ts';

test.each([
  ['0', 0],
  ['10', 10],
  ['-5', -5],
  [' 7 ', 7],
  ['(3)', 3],
  ['( ( -3 ) )', -3],
  ['0x1F', 31],
  ['0o17', 15],
])('reads %j as the number %j', (text, number) => {
  expect(readLimit(text)).toBe(number);
});

test.each(['', 'ten', '1.5', '1e3', '+1', '-(3)', '(3', '1 2', '--1', '٣'])(
  'reads no number in %j',
  (text) => {
    expect(readLimit(text)).toBeUndefined();
  },
);
