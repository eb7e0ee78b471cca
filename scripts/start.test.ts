import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

const start = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/start.mjs', ...args], { encoding: 'utf8' });

describe('npm start', () => {
  test('explains itself', () => {
    const { status, stdout } = start('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--example NAME');
  });

  test('tells where the two dashes were forgotten', () => {
    const { status, stderr } = spawnSync('npm', ['start', '--example', 'blog'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('npm start -- --example NAME');
  });

  test.each([
    [['--example', 'nowhere']],
    [['--example=nowhere', '--json']],
    [['--example', '../src']],
    [['--example']],
  ])('refuses an example that is not there: %j', (args) => {
    const { status, stdout, stderr } = start(...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/No example is called ".*" in examples\/; there /);
  });
});
