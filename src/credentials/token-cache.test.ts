import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TokenCache } from './token-cache.ts';

const kept = (cache: TokenCache<number>, tokens: readonly string[]): readonly string[] =>
  tokens.filter((token) => cache.get(token) !== undefined);

describe('the cache of tokens', () => {
  test('gives back what was put in', () => {
    const cache = new TokenCache<number>(2);
    cache.set('a', 1);
    cache.set('a', 2);
    expect(cache.get('a')).toBe(2);
    expect(cache.get('b')).toBeUndefined();
    expect(cache.size).toBe(1);
  });

  test('drops the oldest of those that were not used', () => {
    const cache = new TokenCache<number>(3);
    for (const token of ['a', 'b', 'c']) cache.set(token, 1);
    cache.get('a');
    cache.set('d', 1);
    expect(kept(cache, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c', 'd']);
  });

  test('drops something even when all were used', () => {
    const cache = new TokenCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 1);
    kept(cache, ['a', 'b']);
    cache.set('c', 1);
    expect(kept(cache, ['a', 'b', 'c'])).toEqual(['b', 'c']);
  });

  test('survives many that come once beside one that is used', () => {
    const cache = new TokenCache<number>(10);
    cache.set('often', 1);
    for (let i = 0; i < 1000; i++) {
      cache.set(`once ${i}`, i);
      expect(cache.get('often')).toBe(1);
    }
  });

  test('keeps nothing where nothing may be kept', () => {
    const cache = new TokenCache<number>(0);
    cache.set('a', 1);
    expect(cache.get('a')).toBeUndefined();
  });

  test('never holds more than it may, nor a value that is not the last one set', () => {
    const token = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const action = fc.oneof(
      fc.record({ act: fc.constant('set' as const), token, value: fc.nat() }),
      fc.record({ act: fc.constant('get' as const), token }),
      fc.record({ act: fc.constant('delete' as const), token }),
      fc.record({ act: fc.constant('clear' as const) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(action, { maxLength: 60 }), (max, actions) => {
        const cache = new TokenCache<number>(max);
        const last = new Map<string, number>();
        for (const one of actions) {
          if (one.act === 'clear') {
            cache.clear();
            last.clear();
          } else if (one.act === 'set') {
            cache.set(one.token, one.value);
            last.set(one.token, one.value);
            expect(cache.get(one.token)).toBe(one.value);
          } else if (one.act === 'delete') {
            cache.delete(one.token);
            last.delete(one.token);
          } else {
            expect([undefined, last.get(one.token)]).toContain(cache.get(one.token));
          }
          expect(cache.size).toBeLessThanOrEqual(max);
        }
      }),
    );
  });
});
