import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppFailure } from '../failure.ts';
import { openProjectSite } from './project-site.ts';

describe('the folder of pages', () => {
  let top: string;
  let folder: string;
  const open = (publicFolder: string) =>
    openProjectSite(folder, { publicFolder, contentSecurityPolicy: undefined });

  beforeAll(() => {
    top = mkdtempSync(join(tmpdir(), 'pages-'));
    folder = join(top, '.hidden', 'project');
    for (const one of ['.ashlar/pg', 'migrations', 'public/.well-known', 'assets', 'supabase/migrations'])
      mkdirSync(join(folder, one), { recursive: true });
    mkdirSync(join(top, 'elsewhere'));
    symlinkSync(join(folder, '.ashlar'), join(folder, 'pages'));
    symlinkSync(folder, join(top, 'elsewhere', 'project'));
    symlinkSync(join(folder, 'migrations'), join(folder, 'sql'));
  });
  afterAll(() => rmSync(top, { recursive: true, force: true }));

  test.each([
    '.',
    '..',
    '/',
    '.ashlar',
    '.ashlar/pg',
    './.ashlar/',
    'public/../.ashlar',
    '.git',
    'assets/.private/www',
    'pages',
    'pages/pg',
    'migrations',
    'supabase',
    'supabase/migrations',
    'sql',
    '../../elsewhere/project',
    '../../elsewhere/project/.ashlar',
  ])('is none that only the project may read: %s', (named) => {
    expect(() => open(named)).toThrow(AppFailure);
  });

  test.each(['public', 'assets', 'not-there', '../../elsewhere', 'public/deep'])('may be: %s', (named) => {
    expect(() => open(named)).not.toThrow();
  });
});
