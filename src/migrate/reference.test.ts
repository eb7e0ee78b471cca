import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// docs/reference/migrations.md lists everything of its subject; this holds it against the sources.
const reference = readFileSync('docs/reference/migrations.md', 'utf8');
const sources = globSync('src/migrate/*.ts')
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

const findAll = (pattern: RegExp, text: string): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name]) => name as string)),
];

test('every finding is in the reference, with its severity', () => {
  const findings = [...sources.matchAll(/id: '([\w-]+)',\s*severity: '(\w+)'/g)];
  expect(findings.length).toBeGreaterThan(5);
  for (const [, id, severity] of findings) expect(reference).toContain(`| \`${id}\` | ${severity} |`);
});

test('every column of the record is in the reference', () => {
  const columns = findAll(/comment on column ashlar\.migrations\.(\w+)/g, sources);
  expect(columns).toContain('checksum');
  for (const column of columns) expect(reference).toContain(`| \`${column}\` |`);
});

test('every extension that may be left out is in the reference', () => {
  const table = /const platformExtensions[^{]*\{[^{]*\{([^}]*)\}/.exec(sources)?.[1] ?? '';
  const names = findAll(/^\s*(\w+):/gm, table);
  expect(names).toContain('pg_graphql');
  for (const name of names) expect(reference).toContain(`\`${name}\``);
});

test('every state is in the reference', () => {
  const union = /export type MigrationState =([^;]*);/.exec(sources)?.[1] ?? '';
  const states = findAll(/'(\w+)'/g, union);
  expect(states).toHaveLength(7);
  for (const state of states) expect(reference).toContain(`| \`${state}\` |`);
});
