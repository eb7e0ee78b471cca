import { describe, expect, test } from 'vitest';
import { type ConfigValue, readFlag, readInteger, splitNames } from './config-value.ts';

describe('a yes or no', () => {
  test.each<readonly [ConfigValue, boolean | undefined]>([
    [true, true],
    ['TRUE', true],
    ['"true"', true],
    ['False', false],
    ['1', true],
    ['2', true],
    ['0', false],
    ['-1', false],
    ['yes', undefined],
    ['', undefined],
    [13, undefined],
  ])('reads %j as %j', (value, flag) => expect(readFlag(value)).toBe(flag));
});

describe('a whole number', () => {
  test.each<readonly [ConfigValue, number | undefined]>([
    ['10', 10],
    [' 10 ', 10],
    [10, 10],
    ['-1', -1],
    ['1.5', undefined],
    [1.5, undefined],
    ['ten', undefined],
    ['', undefined],
    [true, undefined],
    ['99999999999999999999', undefined],
  ])('reads %j as %j', (value, number) => expect(readInteger(value)).toBe(number));
});

test('a list is split at its commas, whatever else is in the names', () => {
  expect(splitNames('public,   tenant,EXTRA "@/\\#~_-')).toEqual(['public', 'tenant', 'EXTRA "@/\\#~_-']);
});
