import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { findPage } from './docs-path.ts';

test.each([
  ['.', 'docs/reference/findings.md'],
  ['src', '../docs/reference/findings.md'],
])('from %s a page is found where it lies', (folder, shown) => {
  const from = resolve(folder);
  expect(findPage('docs/reference/findings.md#view-owner', from)).toBe(`${shown}#view-owner`);
  expect(existsSync(join(from, shown))).toBe(true);
});

test('from far away it is shown with its whole path', () => {
  expect(findPage('docs/README.md', '/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t')).toBe(
    resolve('docs/README.md'),
  );
});
