import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProject } from './find-project.ts';
import { createProject } from './new-project.ts';

describe('a new project', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'new-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is a folder that can be served, whose secrets git leaves out', () => {
    const { folder: made, files } = createProject(join(folder, 'a/b'));
    expect(files.every((file) => existsSync(join(made, file)))).toBe(true);
    expect(findProject(made)).toBe(made);
    expect(readFileSync(join(made, '.gitignore'), 'utf8')).toBe('.ashlar/\nnode_modules/\n');
    // With one, npx would look for the program below it, and not find what is installed above.
    expect(existsSync(join(made, 'package.json'))).toBe(false);
  });

  test('may be made in an empty repository', () => {
    mkdirSync(join(folder, '.git'));
    expect(createProject(folder).files).toContain('migrations/001_first.sql');
  });

  test('overwrites nothing', () => {
    writeFileSync(join(folder, 'seed.sql'), '-- mine');
    expect(() => createProject(folder)).toThrow('is not empty');
    expect(readFileSync(join(folder, 'seed.sql'), 'utf8')).toBe('-- mine');
    expect(existsSync(join(folder, 'migrations'))).toBe(false);
  });
});
