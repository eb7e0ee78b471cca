import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };

test('npm run -s ashlar is the program of the clone, and prints what the program prints', () => {
  const { status, stdout } = spawnSync('npm', ['run', '-s', 'ashlar', '--', '--version'], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${version}\n` });
});

test('paths are meant from where it was called', () => {
  const { status, stderr } = spawnSync('npm', ['run', '-s', 'ashlar', '--', 'token', 'nowhere'], {
    cwd: 'examples',
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain(join(process.cwd(), 'examples', 'nowhere'));
});
