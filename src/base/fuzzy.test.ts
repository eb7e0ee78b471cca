import { describe, expect, test } from 'vitest';
import { findSimilar } from './index.ts';

const names = (wanted: string, all: readonly string[], minScore?: number) =>
  findSimilar(wanted, all, minScore).map(({ name }) => name);

describe('names that are meant', () => {
  test('a letter too few finds the name', () => {
    expect(names('pots', ['posts', 'tags', 'authors'])[0]).toBe('posts');
  });

  test('the nearest comes first', () => {
    expect(names('authors_view', ['author', 'authors', 'authors_views'])[0]).toBe('authors_views');
  });

  test('the name itself is the only match, whatever its case', () => {
    expect(findSimilar('Posts', ['posts', 'posts_2'])).toEqual([{ score: 1, name: 'posts' }]);
  });

  test('nothing is suggested that is too far off', () => {
    expect(names('zzz', ['posts', 'tags'])).toEqual([]);
    expect(names('pots', ['posts'], 0.95)).toEqual([]);
  });

  test('a name shorter than the runs that are compared is found as well', () => {
    expect(names('ab', ['abc', 'x'])).toContain('abc');
  });
});
