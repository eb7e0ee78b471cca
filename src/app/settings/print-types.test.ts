import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { printTypes } from './print-types.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'types-'));
  writeFileSync(join(folder, 'ashlar.d.ts'), printTypes());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const compile = (text: string): string => {
  writeFileSync(join(folder, 'config.ts'), text);
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--skipLibCheck',
  ];
  const extensions = ['--allowImportingTsExtensions', '--exactOptionalPropertyTypes', '--types', 'node'];
  const roots = ['--typeRoots', join(process.cwd(), 'node_modules/@types')];
  const args = [
    'node_modules/typescript/bin/tsc',
    ...options,
    ...extensions,
    ...roots,
    join(folder, 'config.ts'),
  ];
  return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout;
};

test('the published types are those that the table has', () => {
  const table = join(process.cwd(), 'src/app/settings/settings.ts');
  expect(
    compile(`
      import type { Config } from './ashlar.d.ts';
      import type { Config as Table } from ${JSON.stringify(table)};
      type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
      export const same: Same<{ [K in keyof Config]: Config[K] }, { [K in keyof Table]: Table[K] }> = true;
    `),
  ).toBe('');
});

test('a name that does not exist does not compile', () => {
  const text = compile(
    "import { defineConfig } from './ashlar.d.ts';\nexport default defineConfig({ prot: 1 });",
  );
  expect(text).toContain("'prot' does not exist");
});
