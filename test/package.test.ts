import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readImports } from './floors/readImports.ts';

const run = promisify(execFile);

let folder: string;
let program: string;
let files: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ashlar-package-'));
  const { stdout } = await run('npm', ['pack', '--json', '--silent', '--pack-destination', folder]);
  const name = /"filename":\s*"([^"]+)"/.exec(stdout)?.[1];
  await run('tar', ['-xzf', join(folder, name!), '-C', folder]);
  const { stdout: list } = await run('find', [join(folder, 'package'), '-type', 'f']);
  files = list
    .trim()
    .split('\n')
    .map((path) => path.slice(join(folder, 'package/').length));
  program = join(folder, 'package/dist/cli/main.js');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the published package', () => {
  test('has the program, the licence and the changelog', () => {
    expect(files).toEqual(
      expect.arrayContaining(['package.json', 'dist/cli/main.js', 'LICENSE', 'CHANGELOG.md']),
    );
    expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test('has nothing but what is needed to run it', () => {
    const root = ['package.json', 'LICENSE', 'CHANGELOG.md', 'README.md'];
    expect(files.filter((file) => !file.startsWith('dist/') && !root.includes(file))).toEqual([]);
    expect(files.filter((file) => /\.(ts|map|snap)$|\.test\./.test(file))).toEqual([]);
  });

  test('has every file that its code imports', () => {
    for (const file of files.filter((path) => path.endsWith('.js'))) {
      const text = readFileSync(join(folder, 'package', file), 'utf8');
      for (const { specifier } of readImports(file, text).references) {
        if (specifier?.startsWith('.')) expect(files).toContain(posix.join(posix.dirname(file), specifier));
      }
    }
  });

  test('tells its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const { stdout } = await run(process.execPath, [program, '--version']);
    expect(stdout).toBe(`${version}\n`);
  });

  test('says so when Node is too old, before anything else is loaded', async () => {
    const old =
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } });";
    const started = run(process.execPath, ['--import', `data:text/javascript,${old}`, program, '--version']);
    const failure = await started.catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('ashlar needs Node 24 or newer; this is Node 18.20.8.'),
    });
  });
});
