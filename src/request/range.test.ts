import { expect, test } from 'vitest';
import { parseRange } from './index.ts';

test('reads the first and the last row', () => {
  expect(parseRange('0-9')).toEqual({ first: 0, last: 9 });
  expect(parseRange('10-10')).toEqual({ first: 10, last: 10 });
});

test('reads an open end', () => {
  expect(parseRange('5-')).toEqual({ first: 5, last: undefined });
});

test('keeps an end before the start, for the planner to refuse', () => {
  expect(parseRange('9-0')).toEqual({ first: 9, last: 0 });
});

test.each([undefined, '', '-5', '5', 'items=0-9', 'bytes=0-9', '0-9,20-29', ' 0-9', 'a-b'])(
  'passes over %j',
  (header) => {
    expect(parseRange(header)).toBeUndefined();
  },
);
