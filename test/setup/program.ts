import { type ChildProcess, spawn } from 'node:child_process';

/** A run of the `ashlar` program, seen from outside. */
export type Program = {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Waits until standard output or standard error holds the text; rejects when the program has ended without. */
  readonly said: (text: string | RegExp) => Promise<void>;
  /** Waits for its end. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Ends it, if it runs, and waits for that. */
  readonly stop: () => Promise<void>;
};

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts `ashlar` with these words, without colours and with no settings but those given. */
export const startProgram = (
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: { readonly [name: string]: string } } = {},
): Program => {
  const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PGRST_|PG[A-Z]+$)/.test(name));
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd,
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let out = '';
  let err = '';
  const listeners = new Set<() => void>();
  const hear = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    hear();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    hear();
  });
  const exited = new Promise<Awaited<Program['exited']>>((resolve) =>
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
      hear();
    }),
  );
  const holds = (text: string | RegExp): boolean =>
    [out, err].some((said) => (typeof text === 'string' ? said.includes(text) : text.test(said)));
  return {
    child,
    out: () => out,
    err: () => err,
    exited,
    said: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (holds(text)) resolve();
          else if (running.has(child)) return;
          else reject(new Error(`It ended without saying ${text}. It said:\n${out}${err}`));
          listeners.delete(check);
        };
        listeners.add(check);
        check();
      }),
    stop: async () => {
      if (running.has(child)) child.kill('SIGTERM');
      await exited;
    },
  };
};

/** What `ashlar dev --json` prints when it is ready. */
export type Ready = {
  readonly url: string;
  readonly rest: string;
  readonly docs: string;
  readonly anonKey: string;
  readonly serviceKey: string;
  readonly db: string;
};

/** Waits for the ready line. */
export const untilReady = async (program: Program): Promise<Ready> => {
  await program.said(/^\{.*\}\n/);
  return JSON.parse(program.out()) as Ready;
};
