import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseItemKey, printItemKey } from './item-key.ts';

/** What a proxy does that decodes a path and encodes it again, as far as it must. */
const viaProxy = (segment: string): string =>
  decodeURIComponent(segment).replace(/[ "#%<>?[\]^`{|}\x80-\u{10ffff}]/gu, (c) => encodeURIComponent(c));

describe('the key of an item in a path', () => {
  test.each([
    ['42', ['42']],
    ['7,3', ['7', '3']],
    ['a~2Fb', ['a/b']],
    ['a%2Fb', ['a/b']],
    ['a~2Cb,c', ['a,b', 'c']],
    ['$5', ['$5']],
    ['~', ['']],
    ['~,x', ['', 'x']],
    ['~7E', ['~']],
    ['~user', ['~user']],
    ['~fade', ['~fade']],
    ['100~25', ['100%']],
    ['~2E~2E', ['..']],
    ['caf%C3%A9', ['café']],
    ['100%', ['100%']],
  ])('reads %s', (segment, key) => {
    expect(parseItemKey(segment)).toEqual(key);
  });

  test('is read as it was printed, whatever it holds, also behind proxies that decode and encode', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
          { minLength: 1, maxLength: 3 },
        ),
        (key) => {
          const printed = printItemKey(key);
          expect(parseItemKey(printed)).toEqual(key);
          expect(printed).not.toMatch(/[/\\?#]|%2F|%2C|%25|%5C|^\.{1,2}$/i);
          expect(parseItemKey(viaProxy(printed))).toEqual(key);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
