import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { Build } from './build.ts';

/** What is needed to run a program of Postgres on a data directory. */
export type Site = {
  readonly build: Build;
  readonly dataDir: string;
  readonly account: Account | undefined;
};

/**
 * How a program is told its data directory. On Linux it is started inside of it and told "where you are":
 * that needs no right to the folders above (a checkout below root's home is closed to the user that
 * Postgres runs as), and no path is too long or holds a character that a shell would trip over.
 * The directory is entered while the process still is ours, and Postgres never leaves it; before 16 its
 * programs did, for a moment, to look for themselves.
 */
export const dataDirArgument = ({ build, dataDir }: Site): string =>
  process.platform === 'linux' && build.major >= 16 && existsSync('/proc/self/cwd')
    ? '/proc/self/cwd'
    : dataDir;

/** Starts a program of Postgres in the data directory, as the account, with nothing of our environment. */
export const startProgram = (
  site: Site,
  program: 'initdb' | 'postgres',
  args: readonly string[],
  stdio: readonly ['ignore' | 'pipe', number | 'pipe', number | 'pipe'],
): ChildProcess =>
  spawn(join(site.build.native, 'bin', program), args, {
    cwd: site.dataDir,
    ...site.account,
    // A session of its own: Ctrl-C in our terminal is for us, and we stop Postgres when its clients are done.
    detached: true,
    windowsHide: true,
    stdio: [...stdio],
    env: {
      ...(process.platform === 'win32' ? process.env : {}),
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      LC_ALL: 'C',
      TZ: 'UTC',
    },
  });

/** Runs a program to its end; gives its exit code and all that it said. */
export const runProgram = (
  site: Site,
  program: 'initdb' | 'postgres',
  args: readonly string[],
  input?: string,
): Promise<{ readonly ok: boolean; readonly output: string }> =>
  new Promise((resolve, reject) => {
    const child = startProgram(site, program, args, [
      input === undefined ? 'ignore' : 'pipe',
      'pipe',
      'pipe',
    ]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ ok: code === 0, output }));
    child.stdin?.on('error', () => {}).end(input);
  });
