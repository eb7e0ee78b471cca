import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeShelf } from './shelf.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shelf-'));
  for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(folder, name), name.repeat(100));
  writeFileSync(join(folder, 'long'), 'x'.repeat(1000));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file that is current is read once', async () => {
  const { take } = makeShelf();
  const first = await take(join(folder, 'a'));
  expect(first).toBeDefined();
  expect(await take(join(folder, 'a'))).toBe(first);
});

test('what was not asked for the longest makes room', async () => {
  const { take } = makeShelf({ space: 300 });
  const [a, b] = [await take(join(folder, 'a')), await take(join(folder, 'b'))];
  await take(join(folder, 'c'));
  expect(await take(join(folder, 'a'))).toBe(a);
  await take(join(folder, 'd'));
  expect(await take(join(folder, 'a'))).toBe(a);
  expect(await take(join(folder, 'b'))).not.toBe(b);
});

test('a long file is not kept', async () => {
  const { take } = makeShelf({ longest: 500 });
  const first = await take(join(folder, 'long'));
  expect(first?.length).toBe(1000);
  expect(await take(join(folder, 'long'))).not.toBe(first);
});

test('a folder is no file', async () => {
  expect(await makeShelf().take(folder)).toBeUndefined();
});
