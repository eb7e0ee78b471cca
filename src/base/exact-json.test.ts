import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isExactNumber, isJsonObject, isSameNumber, parseExactJson, printExactJson } from './exact-json.ts';

describe('JSON that is read and written again', () => {
  test.each([
    '12345678901234567890',
    '1.10',
    '-0',
    '1e400',
    '[9007199254740993,{"a":0.10}]',
    '"1.10"',
    'null',
    '1E2',
  ])('is %s still', (text) => {
    expect(printExactJson(parseExactJson(text))).toBe(text);
  });

  test('is the same value whatever it holds', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(printExactJson(parseExactJson(text)) as string)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('has numbers where they are exact', () => {
    expect(parseExactJson('[1, 2.5, -3]')).toEqual([1, 2.5, -3]);
  });

  test('has numbers that are no texts and no objects where they are not', () => {
    const number = parseExactJson('1.10');
    expect(isExactNumber(number)).toBe(true);
    expect(isJsonObject(number)).toBe(false);
    expect(isExactNumber(parseExactJson('{"rawJSON":"1.10"}'))).toBe(false);
    expect(printExactJson('number 1.10')).toBe('"number 1.10"');
  });

  test('compares numbers by what they are', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 30 }), fc.nat(9), (digits, places, last) => {
        fc.pre(digits !== 0n);
        const one = parseExactJson(`${digits}e-${places}`) as number;
        expect(
          isSameNumber(one, parseExactJson(`${digits}${'0'.repeat(places)}E-${2 * places}`) as number),
        ).toBe(true);
        expect(isSameNumber(one, parseExactJson(`${digits}${last}e-${places + 1}`) as number)).toBe(
          last === 0,
        );
      }),
    );
  });
});
