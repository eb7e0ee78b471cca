import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

// A launcher that runs a program, as three processes would in earnest: this test is the terminal.
const launcher = `
import { runNode } from '${new URL('./run.mjs', import.meta.url)}';
const { code, signal } = await runNode(process.execPath, process.argv.slice(2));
console.log('ended', code, signal);
`;

// Notes each signal in a file and ends a while after the first one.
const program = `
import { appendFileSync } from 'node:fs';
const note = (word) => appendFileSync(process.argv[2], word + '\\n');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => { note(signal); setTimeout(() => process.exit(7), Number(process.argv[3])); });
}
setTimeout(() => note('forgotten'), 20_000);
note('started ' + process.pid);
`;

let folder: string;
let notes: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ashlar-run-'));
  notes = join(folder, 'notes');
  writeFileSync(join(folder, 'launcher.mjs'), launcher);
  writeFileSync(join(folder, 'program.mjs'), program);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const readNotes = () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []);

/** Starts the launcher in a process group of its own, as a shell does. */
async function launch(args: readonly string[]) {
  const child = spawn(process.execPath, [join(folder, 'launcher.mjs'), ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return { child, pid: child.pid!, end: ended(child).then(() => output.trim()) };
}

/** Starts the launcher below a shell that waits for it and passes no signals on. */
async function launchBelowShell(env: Readonly<Record<string, string>>) {
  const command = [process.execPath, join(folder, 'launcher.mjs'), join(folder, 'program.mjs'), notes, '700'];
  const shell = spawn('sh', ['-c', '"$@"; true', 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, ...env },
  });
  shell.stdout.resume();
  await vi.waitUntil(() => readNotes().length > 0, { timeout: 10_000 });
  return { shell, end: ended(shell) };
}

async function ended(child: ChildProcess) {
  await once(child, 'close');
}

async function launchProgram(endsAfterMs = 700) {
  const launched = await launch([join(folder, 'program.mjs'), notes, String(endsAfterMs)]);
  await vi.waitUntil(() => readNotes().length > 0, { timeout: 10_000 });
  return launched;
}

describe('runNode', () => {
  test('hands on arguments, output and the exit code', async () => {
    const { end } = await launch([
      '-e',
      'console.log(process.argv.slice(1).join()); process.exitCode = 3',
      'a',
      'b',
    ]);
    expect(await end).toBe('a,b\nended 3 null');
  });

  test('tells of a program that died by a signal', async () => {
    const { end } = await launch(['-e', "process.kill(process.pid, 'SIGKILL')"]);
    expect(await end).toBe('ended 137 SIGKILL');
  });

  test("puts the program's Node first on PATH", async () => {
    const { end } = await launch(['-p', 'process.env.PATH']);
    expect((await end).split(':')[0]).toBe(dirname(process.execPath));
  });

  test('adds nothing to the flags that further programs inherit', async () => {
    const { end } = await launch(['-p', 'process.execArgv.join()']);
    expect(await end).toBe('-p,process.execArgv.join()\nended 0 null');
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on once', async (signal) => {
    const { pid, end } = await launchProgram();
    process.kill(pid, signal);
    expect(await end).toBe('ended 7 null');
    expect(readNotes().slice(1)).toEqual([signal]);
  });

  test('passes a Ctrl-C on once, which reaches the whole group and comes again from npm', async () => {
    const { pid, end } = await launchProgram();
    process.kill(-pid, 'SIGINT');
    process.kill(pid, 'SIGINT');
    await wait(100);
    process.kill(pid, 'SIGINT');
    expect(await end).toBe('ended 7 null');
    expect(readNotes().slice(1)).toEqual(['SIGINT']);
  });

  test('passes a second, later Ctrl-C on too', async () => {
    const { pid, end } = await launchProgram(2_000);
    process.kill(pid, 'SIGINT');
    await wait(1_000);
    process.kill(pid, 'SIGINT');
    await end;
    expect(readNotes().slice(1)).toEqual(['SIGINT', 'SIGINT']);
  });

  test("stops the program once when npm's shell is gone without a word", async () => {
    const { shell, end } = await launchBelowShell({ npm_lifecycle_event: 'start' });
    shell.kill('SIGTERM');
    await end;
    expect(readNotes().slice(1)).toEqual(['SIGTERM']);
  });

  test('goes on without the shell that started it, where that was not npm', async () => {
    const { shell, end } = await launchBelowShell({});
    shell.kill('SIGTERM');
    await wait(600);
    expect(readNotes().slice(1)).toEqual([]);
    process.kill(Number(readNotes()[0]?.split(' ')[1]), 'SIGTERM');
    await end;
    expect(readNotes().slice(1)).toEqual(['SIGTERM']);
  });

  test('lets the program end when the launcher itself is killed', async () => {
    const { pid, end } = await launchProgram();
    process.kill(pid, 'SIGKILL');
    // The program holds the output open until it has ended.
    expect(await end).toBe('');
    expect(readNotes().slice(1)).toEqual(['SIGTERM']);
  });
});
