import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from './index.ts';

/** Runs a command and hears what it says. */
const say = async (...args: string[]) => {
  const out: string[] = [];
  const err: string[] = [];
  const plain = (_style: unknown, text: string): string => text;
  const code = await runCommand(args, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    style: plain,
    styleErr: plain,
    color: false,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
};

describe('the command line', () => {
  test('tells the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await say('--version')).toEqual({ code: 0, out: version, err: '' });
  });

  test.each([[[]], [['--help']], [['-h']], [['help']]])('explains itself: %j', async (args) => {
    const { code, out, err } = await say(...args);
    expect(code).toBe(0);
    expect(out).toContain('ashlar COMMAND');
    expect(out).toContain('start');
    expect(err).toBe('');
  });

  test('refuses an unknown command on standard error with exit code 2, and says which was meant', async () => {
    expect(await say('statr')).toEqual({
      code: 2,
      out: '',
      err: 'ashlar has no command "statr". Did you mean "start"? "ashlar --help" lists the commands.',
    });
  });

  test('refuses an option that a command does not have, and says which was meant', async () => {
    const { code, err } = await say('start', '--dumpconfig');
    expect(code).toBe(2);
    expect(err).toContain('"ashlar start" has no option "--dumpconfig". Did you mean "--dump-config"?');
  });

  test('tells on a line of its own where the help is', async () => {
    expect((await say('new')).err).toBe(
      'Which folder? As in: ashlar new app\n"ashlar new --help" tells what it takes.',
    );
  });

  test('tells how to go to the folder it made, in the words of a shell, and refuses one that cannot be', async () => {
    const place = mkdtempSync(join(tmpdir(), 'ashlar-new-'));
    try {
      const { code, out } = await say('new', join(place, "it's a ☃"));
      expect(code).toBe(0);
      expect(out).toMatch(/\n {2}cd '.*it'\\''s a ☃'\n {2}ashlar dev/);
      writeFileSync(join(place, 'file'), '');
      const refused = await say('new', join(place, 'file', 'app'));
      expect(refused.code).toBe(1);
      expect(refused.err).toContain('cannot be written to: ENOTDIR');
    } finally {
      rmSync(place, { recursive: true });
    }
  });

  test('refuses a switch with a value and too many words', async () => {
    expect(await say('start', '--ready=yes')).toMatchObject({
      code: 2,
      err: expect.stringContaining('"--ready" takes no value'),
    });
    expect(await say('start', 'a.conf', 'b.conf')).toMatchObject({
      code: 2,
      err: expect.stringContaining('"b.conf"'),
    });
  });

  test('says why a command failed, with exit code 1', async () => {
    const { code, err } = await say('start', '/nowhere/postgrest.conf');
    expect(code).toBe(1);
    expect(err).toMatch(/^error: The configuration \/nowhere\/postgrest.conf could not be read: ENOENT/);
  });

  test('explains each command with examples', async () => {
    const { code, out } = await say('start', '--help');
    expect(code).toBe(0);
    expect(out).toContain('Usage: ashlar start [FOLDER|FILE] [options]');
    expect(out).toContain('--dump-config');
    expect(out).toContain('ashlar start postgrest.conf');
    expect(await say('help', 'start')).toEqual({ code, out, err: '' });
  });
});
