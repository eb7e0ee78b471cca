import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Login } from './database.ts';
import { freePort } from './free-port.ts';

/** In which words a contender is asked. */
export type Dialect = 'ashlar' | 'by hand' | 'supabase' | 'graphql' | 'platformatic' | 'empty';

/** A server, running. */
export type Contender = {
  readonly name: string;
  readonly dialect: Dialect;
  readonly port: number;
  readonly pid: number;
  /** Ends it and waits for its end. */
  readonly stop: () => Promise<void>;
};

/** What a contender is told: where the database is, and what tokens are signed with. */
export type Task = {
  readonly connect: Login;
  /** Where the database is for those who cannot use its unix socket. */
  readonly tcpPort: number;
  readonly secret: string;
};

const LONGEST_START_MS = 60_000;

/** Asks until the answer is good; gives the milliseconds that it took. */
export const untilAnswered = async (url: string, alive: () => boolean): Promise<number> => {
  const started = performance.now();
  while (performance.now() - started < LONGEST_START_MS) {
    if (!alive()) throw new Error('It ended before it answered.');
    try {
      const response = await fetch(url, { headers: { connection: 'close' } });
      await response.arrayBuffer();
      if (response.ok) return performance.now() - started;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${url} did not answer.`);
};

/** Ends a child with this process, however this one ends. */
const leash = (child: ChildProcess): Contender['stop'] => {
  const end = (): void => {
    child.kill('SIGTERM');
  };
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  process.once('exit', end);
  return () => {
    process.off('exit', end);
    end();
    return ended;
  };
};

/** Starts one of the programs in `contenders/`, which tells on its standard output where it answers. */
export const startScript = (
  name: string,
  dialect: Dialect,
  file: string,
  args: readonly string[],
  task: Task,
): Promise<Contender> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'contenders', file), ...args], {
      env: { ...process.env, BENCH_TASK: JSON.stringify(task), NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const stop = leash(child);
    const onExit = (code: number | null): void =>
      reject(new Error(`${name} ended with ${code} before it was ready`));
    child.once('exit', onExit);
    let heard = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      const ready = /^\{"port":(\d+)\}$/m.exec(heard);
      if (ready === null) return;
      child.off('exit', onExit);
      child.stdout?.removeAllListeners('data').resume();
      resolve({ name, dialect, port: Number(ready[1]), pid: child.pid as number, stop });
    });
  });

const urlOf = ({ user, password, host, port, database }: Login): string =>
  `postgres://${user}:${encodeURIComponent(password)}@/${database}?${new URLSearchParams({ host, port: String(port) })}`;

export type AshlarOptions = {
  readonly name?: string;
  /** The program: `dist/cli/main.js`. */
  readonly program: string;
  /** Where to leave a profile of the CPU. */
  readonly profile?: string | undefined;
  /** Ready when this path is answered. */
  readonly path?: string;
};

/** Starts ours as it is installed: the command line, in front of a database that is there already. */
export const startAshlar = async (
  task: Task,
  options: AshlarOptions,
): Promise<Contender & { readonly startMs: number }> => {
  const port = await freePort();
  const profiling = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];
  const started = performance.now();
  const child = spawn(process.execPath, [...profiling, options.program, 'start', '--postgrest'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PGRST_DB_URI: urlOf(task.connect),
      PGRST_DB_ANON_ROLE: 'anon',
      PGRST_DB_SCHEMAS: 'public',
      PGRST_DB_POOL: '10',
      PGRST_JWT_SECRET: task.secret,
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: String(port),
      PGRST_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', process.env.BENCH_LOUD === undefined ? 'ignore' : 'inherit'],
  });
  const stop = leash(child);
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  await untilAnswered(`http://127.0.0.1:${port}${options.path ?? '/posts?limit=1'}`, () => !ended);
  const startMs = performance.now() - started;
  return { name: options.name ?? 'ashlar', dialect: 'ashlar', port, pid: child.pid as number, stop, startMs };
};
