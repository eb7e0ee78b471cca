import { describe, expect, test } from 'vitest';
import {
  matchesWeakly,
  parseEntityTags,
  parseHttpDate,
  printEntityTag,
  printHttpDate,
} from './entity-tag.ts';

describe('entity tags', () => {
  test('are read from a list, weak ones told', () => {
    expect(parseEntityTags('"a", W/"b" ,"c,d"')).toEqual([
      { weak: false, text: 'a' },
      { weak: true, text: 'b' },
      { weak: false, text: 'c,d' },
    ]);
    expect(parseEntityTags(' * ')).toBe('any');
    expect(parseEntityTags('""')).toEqual([{ weak: false, text: '' }]);
  });

  test('are read without their quotes, and not at all from what is none', () => {
    expect(parseEntityTags('abc')).toEqual([{ weak: false, text: 'abc' }]);
    expect(parseEntityTags('"abc')).toEqual([]);
    expect(parseEntityTags('')).toEqual([]);
  });

  test('are printed as they were read', () => {
    for (const text of ['"a"', 'W/"b.c"']) {
      const tags = parseEntityTags(text);
      expect(tags === 'any' ? '' : tags.map(printEntityTag).join()).toBe(text);
    }
  });

  test('match weakly whether they are weak or not', () => {
    expect(matchesWeakly(parseEntityTags('W/"a"'), { weak: false, text: 'a' })).toBe(true);
    expect(matchesWeakly(parseEntityTags('"b"'), { weak: false, text: 'a' })).toBe(false);
    expect(matchesWeakly('any', { weak: true, text: 'a' })).toBe(true);
  });
});

describe('HTTP dates', () => {
  test('are read in all three forms', () => {
    for (const text of [
      'Sun, 06 Nov 1994 08:49:37 GMT',
      'Sunday, 06-Nov-94 08:49:37 GMT',
      'Sun Nov  6 08:49:37 1994',
    ])
      expect(parseHttpDate(text), text).toBe(784111777);
    expect(printHttpDate(784111777)).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
  });

  test('are nothing else', () => {
    for (const text of ['', '1994-11-06', 'tomorrow', '784111777', 'Sun, 99 Nov 1994 08:49:37 GMT'])
      expect(parseHttpDate(text), text).toBeUndefined();
  });
});
