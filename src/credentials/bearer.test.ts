import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBearer } from './bearer.ts';

test.each([
  ['Bearer a.b.c', 'a.b.c'],
  ['bearer a.b.c', 'a.b.c'],
  ['BEARER a.b.c', 'a.b.c'],
  ['Bearer  \t a.b.c', 'a.b.c'],
  ['Bearer\ta.b.c', 'a.b.c'],
  ['Bearer', ''],
  ['Bearer ', ''],
])('reads the token of %j', (header, token) => {
  expect(readBearer(header)).toBe(token);
});

test.each(['Basic YTpi', 'Bearera.b.c', 'Beare a', '', ' Bearer a', 'a.b.c'])(
  'finds none in %j',
  (header) => {
    expect(readBearer(header)).toBeUndefined();
  },
);

test('whatever the token is, it comes back as it was sent', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[^\s].*$/s), (token) => {
      expect(readBearer(`Bearer ${token}`)).toBe(token.replace(/^[ \t]+/, ''));
    }),
  );
});
