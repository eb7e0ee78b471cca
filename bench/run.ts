/**
 * Measures the API side by side with the same thing written by hand, in one run: slices of each in turn,
 * several rounds, ratios within a round, medians of those. See README.md.
 *
 *   npm run bench -- [--seconds 3] [--rounds 5] [--connections 32] [--json]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { signToken } from '../src/credentials/index.ts';
import { openSession, startEmbedded } from '../src/db/index.ts';
import { bootstrap } from '../src/migrate/index.ts';
import type { Task } from './contenders/task.ts';
import { type LoadResult, runLoad } from './load.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);
const rounds = Number(options.rounds);
const connections = Number(options.connections);
const secret = 'a secret for the bench alone, 32 bytes and more';

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** CPU time of a process so far, in seconds (proc(5): utime and stime, in ticks of 10 ms). */
const cpuOf = (pid: number): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
};

/** CPU time of a process and all its children, those that have ended included. */
const cpuOfTree = (pid: number): number => {
  let sum = cpuOf(pid);
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const parent = readFileSync(`/proc/${entry}/stat`, 'latin1').split(') ')[1]?.split(' ')[1];
      if (Number(parent) === pid) sum += cpuOf(Number(entry));
    } catch {
      // It has just ended.
    }
  }
  return sum;
};

type Contender = {
  readonly name: string;
  readonly process: ChildProcess;
  readonly port: number;
  readonly requests: readonly Buffer[];
};

const start = (
  name: string,
  file: string,
  args: readonly string[],
  task: Task,
): Promise<Omit<Contender, 'requests'>> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'contenders', file), ...args], {
      env: { ...process.env, BENCH_TASK: JSON.stringify(task), NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
    child.stdout.once('data', (line: Buffer) => {
      resolve({ name, process: child, port: (JSON.parse(line.toString()) as { port: number }).port });
    });
  });

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const wire = (path: string, token: string): Buffer =>
  Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nAccept: application/json\r\n\r\n`,
  );

/** 10,000 rows by key, asked for by 1,000 users, in an order without pattern. */
const makeRequests = (tokens: readonly string[], path: (id: number) => string): Buffer[] =>
  Array.from({ length: 10_000 }, (_, i) => {
    const id = 1 + ((i * 7919) % 100_000);
    // Rows that nobody but their owner sees are asked for by their owner.
    const user = id % 10 === 0 ? id % 1000 : (i * 31) % 1000;
    return wire(path(id), tokens[user] ?? '');
  });

const folder = mkdtempSync(join(tmpdir(), 'ashlar-bench-'));
say('starting Postgres');
const embedded = await startEmbedded({ folder });
const contenders: Contender[] = [];
try {
  say('loading 10,000 authors, 100,000 posts and 500,000 comments');
  const session = await openSession(embedded.owner);
  await bootstrap(session, { server: embedded.server.user });
  await session.query(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'));
  await session.close();

  const tokens = await Promise.all(
    Array.from({ length: 1000 }, (_, n) =>
      signToken(secret, {
        role: 'authenticated',
        sub: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
        exp: Math.floor(Date.now() / 1000) + 36_000,
      }),
    ),
  );
  const password = embedded.server.password as string;
  const serving: Task = { connect: { ...embedded.server, password }, secret };
  const owning: Task = {
    connect: { ...embedded.owner, password: embedded.owner.password as string },
    secret,
  };
  const byHand = makeRequests(tokens, (id) => `/posts/${id}`);
  const add = async (name: string, file: string, args: string[], task: Task, requests: readonly Buffer[]) => {
    contenders.push({ ...(await start(name, file, args, task)), requests });
  };
  await add(
    'ashlar',
    'ashlar.ts',
    [],
    serving,
    makeRequests(tokens, (id) => `/rest/v1/posts?id=eq.${id}&select=id,author_id,title,body`),
  );
  await add('by hand', 'fastify.ts', ['plain'], owning, byHand);
  await add('by hand, role switch', 'fastify.ts', ['switch'], serving, byHand);

  const results = new Map<string, (LoadResult & { server: number; postgres: number })[]>();
  const slice = async (contender: Contender, length: number) => {
    let at = Math.floor(Math.random() * contender.requests.length);
    const next = (): Buffer => contender.requests[at++ % contender.requests.length] as Buffer;
    const pid = contender.process.pid ?? 0;
    const before = [cpuOf(pid), cpuOfTree(embedded.pid)] as const;
    const result = await runLoad(contender.port, connections, length, next);
    const micro = (now: number, then: number): number => ((now - then) / result.requests) * 1e6;
    return {
      ...result,
      server: micro(cpuOf(pid), before[0]),
      postgres: micro(cpuOfTree(embedded.pid), before[1]),
    };
  };
  say('warming up');
  for (const contender of contenders) await slice(contender, 2);
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      const result = await slice(contender, seconds);
      if (result.failures > 0) throw new Error(`${contender.name}: ${result.failures} failures`);
      results.set(contender.name, [...(results.get(contender.name) ?? []), result]);
    }
    say(`round ${round} of ${rounds}`);
  }

  const rate = (result: LoadResult): number => result.requests / result.seconds;
  const ours = results.get('ashlar') ?? [];
  const rows = contenders.map(({ name }) => {
    const all = results.get(name) ?? [];
    return {
      name,
      'requests/s': Math.round(median(all.map(rate))),
      ratio: Number(median(all.map((result, i) => rate(ours[i] as LoadResult) / rate(result))).toFixed(2)),
      'server µs': Math.round(median(all.map((result) => result.server))),
      'Postgres µs': Math.round(median(all.map((result) => result.postgres))),
      'p50 ms': Number(median(all.map((result) => result.p50)).toFixed(2)),
      'p99 ms': Number(median(all.map((result) => result.p99)).toFixed(2)),
    };
  });
  if (options.json) process.stdout.write(`${JSON.stringify({ R1: rows })}\n`);
  else {
    process.stdout.write('R1: a row by key, signed in, policy on the table. ratio: ours to it.\n');
    console.table(rows);
  }
} finally {
  for (const { process: child } of contenders) {
    child.removeAllListeners('exit');
    child.kill();
  }
  await embedded.stop();
  rmSync(folder, { recursive: true, force: true });
}
