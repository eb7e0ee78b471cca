import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';

const folder = 'docs/decisions';
const index = readFileSync(`${folder}/README.md`, 'utf8');
const records = globSync(`${folder}/*.md`).filter((path) => basename(path) !== 'README.md');
const texts = records.map((path) => readFileSync(path, 'utf8'));
const { dependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

test.each(Object.keys({ ...dependencies, ...optionalDependencies }))(
  'the dependency %s is argued for in a decision record',
  (name) => {
    expect(texts.some((text) => text.includes(`\`${name}\``))).toBe(true);
  },
);

test('every decision record is listed in the index, and nothing else is', () => {
  const listed = [...index.matchAll(/^\| \[[^\]]+\]\(([^)]+)\)/gm)].map(([, path]) => path);
  expect(listed.toSorted()).toEqual(records.map((path) => basename(path)).toSorted());
});

test.each(records)('%s says what was decided, what else was looked at and what follows', (path) => {
  const text = readFileSync(path, 'utf8');
  const parts = ['Why a decision was needed', 'What was decided', 'What else was looked at', 'What follows'];
  for (const part of parts) expect(text).toContain(`**${part}.** `.trimEnd());
});
