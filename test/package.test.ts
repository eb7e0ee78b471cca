import { execFile, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
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
    const others = files.filter((file) => !file.startsWith('dist/') && !file.endsWith('.md')).sort();
    expect(others).toEqual(['LICENSE', 'examples/blog/test/policies/comments.test.ts', 'package.json']);
    const unwanted = files.filter((file) => /\.(ts|map|snap)$|\.test\./.test(file) && !others.includes(file));
    expect(unwanted.sort()).toEqual(['dist/ashlar.d.ts', 'dist/test.d.ts']);
  });

  test('has the documentation, whose links lead to what is there', () => {
    const pages = files.filter((file) => file === 'README.md' || /^docs\/.*\.md$/.test(file));
    expect(pages).toContain('docs/reference/findings.md');
    const dead = pages.flatMap((page) => {
      const text = readFileSync(join(folder, 'package', page), 'utf8').replaceAll(
        /^ *```[\s\S]*?^ *```/gm,
        '',
      );
      return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target))
        .map((target) => posix.join(posix.dirname(page), target))
        .filter((target) => !files.some((file) => `${file}/`.startsWith(`${target}/`)));
    });
    expect(dead).toEqual([]);
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

  test('makes a project and serves it where it is installed, as a beginner would have it', async () => {
    const home = join(folder, 'home');
    const app = install(home);
    const { stdout } = await run('npx', ['ashlar', 'new', 'app'], { cwd: home });
    expect(stdout).toContain('migrations/001_first.sql');
    // Npm's program in between leads a group, so that a signal reaches all of them.
    const child = spawn('npx', ['ashlar', 'dev', '--port', '0', '--json'], {
      cwd: app,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      const line = await new Promise<string>((resolve, reject) => {
        child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
        void ended.then((code) => reject(new Error(`It ended with exit code ${code}.`)));
      });
      const { rest } = JSON.parse(line) as { readonly rest: string };
      const answer = await fetch(`${rest}/todos?done=is.false&select=task`);
      expect(await answer.json()).toEqual([
        { task: "Read the API's documentation at /docs" },
        { task: 'Add a column in a second migration' },
      ]);
    } finally {
      process.kill(-child.pid!, 'SIGTERM');
      await ended;
      await expect
        .poll(() => existsSync(join(app, '.ashlar/data/postmaster.pid')), { timeout: 10_000 })
        .toBe(false);
    }
  });
});

/** Installs the packed package into a folder, with the dependencies that are here; gives where its project will be. */
function install(home: string): string {
  const modules = join(home, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  for (const name of readdirSync('node_modules').filter(
    (entry) => !entry.startsWith('.') && entry !== 'ashlar',
  ))
    symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name));
  renameSync(join(folder, 'package'), join(modules, 'ashlar'));
  symlinkSync('../ashlar/dist/cli/main.js', join(modules, '.bin/ashlar'));
  return join(home, 'app');
}
