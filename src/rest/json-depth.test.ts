import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nestsDeeper } from './json-depth.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('tells how deep any JSON nests, whatever its strings are', () => {
  const strings = fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', 'a') });
  const tree = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'large', withCrossShrink: true },
      strings,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(strings, tie('node'), { maxKeys: 3 }),
    ),
  })).node;
  fc.assert(
    fc.property(tree, fc.integer({ min: 0, max: 8 }), (value, max) => {
      // Padded, as what is short cannot be deep.
      const text = `${JSON.stringify(value)}${' '.repeat(20)}`;
      expect(nestsDeeper(text, max)).toBe(depthOf(value) > max);
    }),
  );
});

test('counts what is no JSON, too', () => {
  expect(nestsDeeper('['.repeat(101), 100)).toBe(false);
  expect(nestsDeeper('['.repeat(10_000), 100)).toBe(true);
  expect(nestsDeeper(`"${'['.repeat(10_000)}`, 100)).toBe(false);
  expect(nestsDeeper('[]'.repeat(10_000), 1)).toBe(false);
  expect(nestsDeeper('\\'.repeat(10_000), 100)).toBe(false);
});
