/**
 * Measures the API side by side with the same thing written by hand, in one run: slices of each in turn,
 * several rounds, ratios within a round, medians of those. See README.md.
 *
 *   npm run bench -- [--seconds 3] [--rounds 5] [--connections 32] [--only R1] [--json]
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
import { type Workload, workloads } from './workloads.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    only: { type: 'string', default: '' },
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
  /** Whether it speaks our dialect. */
  readonly ours: boolean;
};

const start = (
  name: string,
  file: string,
  args: readonly string[],
  task: Task,
): Promise<Omit<Contender, 'ours'>> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'contenders', file), ...args], {
      env: { ...process.env, BENCH_TASK: JSON.stringify(task), NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
    child.stdout?.once('data', (line: Buffer) => {
      resolve({ name, process: child, port: (JSON.parse(line.toString()) as { port: number }).port });
    });
  });

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** Requests as they go over the wire: 10,000 rows by 1,000 users, in an order without pattern. */
const makeRequests = (workload: Workload, ours: boolean, tokens: readonly string[]): readonly Buffer[] =>
  Array.from({ length: workload.hot === true ? 1 : workload.name.startsWith('W2') ? 20 : 10_000 }, (_, i) => {
    const id = 1 + ((i * 7919) % 99_000);
    // Rows that nobody but their owner sees are asked for by their owner; nobody asks for the others.
    const seen = workload.signedIn || id % 10 !== 0 ? id : id + 1;
    const user = seen % 10 === 0 ? seen % 1000 : (i * 31) % 1000;
    const path = ours ? `/rest/v1${workload.ours(seen)}` : workload.byHand(seen);
    const body = workload.body?.(seen, user);
    return Buffer.from(
      [
        `${workload.method ?? 'GET'} ${path} HTTP/1.1`,
        'Host: 127.0.0.1',
        ...(workload.signedIn ? [`Authorization: Bearer ${tokens[user]}`] : []),
        'Accept: application/json',
        ...(body === undefined
          ? []
          : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
        `${ours ? (workload.headers ?? '') : ''}\r\n${body ?? ''}`,
      ].join('\r\n'),
    );
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
  const add = async (name: string, file: string, args: string[], task: Task) => {
    contenders.push({ ...(await start(name, file, args, task)), ours: file === 'ashlar.ts' });
  };
  await add('ashlar', 'ashlar.ts', [], serving);
  await add('by hand', 'fastify.ts', ['plain'], owning);
  await add('by hand, role switch', 'fastify.ts', ['switch'], serving);

  const chosen = workloads.filter(({ name }) => name.startsWith(options.only));
  const report: { readonly workload: string; readonly rows: readonly object[] }[] = [];
  for (const workload of chosen) {
    const requests = [true, false].map((ours) => makeRequests(workload, ours, tokens));
    const results = new Map<string, (LoadResult & { server: number; postgres: number })[]>();
    const slice = async (contender: Contender, length: number) => {
      const mine = requests[contender.ours ? 0 : 1] ?? [];
      let at = Math.floor(Math.random() * mine.length);
      const next = (): Buffer => mine[at++ % mine.length] as Buffer;
      const pid = contender.process.pid ?? 0;
      const before = [cpuOf(pid), cpuOfTree(embedded.pid)] as const;
      const result = await runLoad(contender.port, workload.connections ?? connections, length, next);
      const micro = (now: number, then: number): number => ((now - then) / result.requests) * 1e6;
      if (result.failures > 0)
        throw new Error(`${contender.name}, ${workload.name}: ${result.failures} failures`);
      return {
        ...result,
        server: micro(cpuOf(pid), before[0]),
        postgres: micro(cpuOfTree(embedded.pid), before[1]),
      };
    };
    for (const contender of contenders) await slice(contender, 1);
    for (let round = 1; round <= rounds; round++) {
      for (const contender of contenders)
        results.set(contender.name, [
          ...(results.get(contender.name) ?? []),
          await slice(contender, seconds),
        ]);
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
    report.push({ workload: workload.name, rows });
    if (!options.json) {
      process.stdout.write(`\n${workload.name}: ${workload.describe} (ratio: ours to it)\n`);
      console.table(rows);
    }
  }
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
} finally {
  for (const { process: child } of contenders) {
    child.removeAllListeners('exit');
    child.kill();
  }
  await embedded.stop();
  rmSync(folder, { recursive: true, force: true });
}
