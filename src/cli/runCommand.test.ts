import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runCommand } from './index.ts';

function listen() {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  return { out: () => out.mock.calls.join(''), err: () => err.mock.calls.join('') };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the command line', () => {
  test('tells the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const said = listen();
    expect(await runCommand(['--version'])).toBe(0);
    expect(said.out()).toBe(`${version}\n`);
  });

  test('explains itself when asked or when called without a command', async () => {
    const said = listen();
    expect(await runCommand([])).toBe(0);
    expect(await runCommand(['--help'])).toBe(0);
    expect(said.out()).toContain('ashlar COMMAND');
    expect(said.err()).toBe('');
  });

  test('refuses an unknown command on standard error with exit code 2', async () => {
    const said = listen();
    expect(await runCommand(['bulid'])).toBe(2);
    expect(said.err()).toContain('"bulid"');
    expect(said.out()).toBe('');
  });
});
