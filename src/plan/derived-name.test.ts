import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveName } from './derived-name.ts';

describe('a derived name', () => {
  test('is the two parts where they are short', () => {
    expect(deriveName('films_director', '_1')).toBe('films_director_1');
  });

  test('keeps its end, and characters whole, where Postgres would cut it', () => {
    expect(deriveName('a'.repeat(62), '_12')).toBe(`${'a'.repeat(56)}_12`);
    expect(deriveName('é'.repeat(40), '_1')).toBe(`${'é'.repeat(28)}_1`);
  });

  test('always leaves room for what is put behind it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 90 }), fc.nat(99), (base, number) => {
        const name = deriveName(base, `_${number}`);
        expect(Buffer.byteLength(`${name}_via`)).toBeLessThanOrEqual(63);
        expect(name.endsWith(`_${number}`)).toBe(true);
      }),
    );
  });
});
