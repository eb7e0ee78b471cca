import { describe, expect, test } from 'vitest';
import { findLine, findPlace, skipCharacters } from './source-place.ts';

describe('a place in a file', () => {
  test('is counted in lines and characters from 1', () => {
    expect(findPlace('one\ntwo\nthree', 8)).toEqual({ line: 3, column: 1, text: 'three' });
    expect(findPlace('one\ntwo', 0)).toEqual({ line: 1, column: 1, text: 'one' });
    expect(findPlace('one\ntwo', 6)).toEqual({ line: 2, column: 3, text: 'two' });
  });

  test('counts a character beyond the basic plane as one', () => {
    const source = "select '🦊', oops";
    expect(findPlace(source, source.indexOf('oops'))).toMatchObject({ column: 13 });
    expect(skipCharacters(source, 0, 12)).toBe(source.indexOf('oops'));
  });

  test('leaves line ends out of the line', () => {
    expect(findPlace('one\r\ntwo\r\n', 5)).toEqual({ line: 2, column: 1, text: 'two' });
  });

  test('is the end of the file, if it lies behind it', () => {
    expect(findPlace('one\ntwo', 99)).toEqual({ line: 2, column: 4, text: 'two' });
    expect(findPlace('', 0)).toEqual({ line: 1, column: 1, text: '' });
  });

  test('is found by its line', () => {
    expect(findLine('a\nbb\nccc', 0, 3)).toBe(5);
    expect(findLine('a\nbb\nccc', 2, 1)).toBe(2);
    expect(findLine('a', 0, 9)).toBe(1);
  });
});
