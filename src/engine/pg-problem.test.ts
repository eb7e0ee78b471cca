import { describe, expect, test } from 'vitest';
import { quoteIdent } from '../sql/index.ts';
import { problemOf } from './pg-problem.ts';

describe('what the client is told', () => {
  test.each(['', 'a\0b'])('of the name %j: that it is none, and not that we have failed', (name) => {
    let thrown: unknown;
    try {
      quoteIdent(name);
    } catch (error) {
      thrown = error;
    }
    expect(problemOf(thrown, true)).toMatchObject({ code: '42602', status: 400 });
  });

  test('of an error that is ours: nothing', () => {
    expect(problemOf(new RangeError('a bug'), true)).toBeUndefined();
  });
});
