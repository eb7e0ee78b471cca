import { expect, test } from 'vitest';
import { makeFile } from './fixtures/make-file.ts';
import { suggestName } from './suggest-name.ts';

test.each([
  [[], 'migrations/0001_….sql'],
  [['001_a.sql', '009_b.sql'], 'migrations/010_….sql'],
  [['20240101120000_a.sql'], 'migrations/20240101120001_….sql'],
  [['tables.sql'], 'migrations/tables_….sql'],
])('after %j comes %s', (names, expected) => {
  const files = names.map((name) => makeFile(name, ''));
  expect(suggestName({ folder: 'migrations', files })).toBe(expected);
});
