/**
 * Measures the API side by side with the same thing written by hand, with its peers, and with what is possible at
 * all: slices of each in turn, several rounds, ratios within a round, medians of those. See README.md.
 */
import { parseArgs } from 'node:util';
import { signToken } from '../src/credentials/index.ts';
import { buildProgram, buildRevision, readRevision } from './build.ts';
import { type Contender, startAshlar, startScript, type Task } from './contender.ts';
import { openDatabase } from './database.ts';
import { type Measurable, type Measured, measure, underLoad, WARM_SECONDS } from './measure.ts';
import { startPeers } from './peers.ts';
import { pgbenches } from './pgbench.ts';
import { peakOf } from './processes.ts';
import { writeReport } from './report.ts';
import { makeRequests } from './requests.ts';
import { describeMachine, readResults, writeResults } from './results.ts';
import { measureGrowth, measureShapes } from './shapes.ts';
import { measureStart } from './start.ts';
import { workloads } from './workloads.ts';

const PARTS = ['work', 'half', 'growth', 'shapes', 'start'] as const;

const { values: options } = parseArgs({
  options: {
    parts: { type: 'string', default: PARTS.join(',') },
    only: { type: 'string', default: '' },
    with: { type: 'string', default: 'hand,switch' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    data: { type: 'string' },
    against: { type: 'string' },
    program: { type: 'string' },
    profile: { type: 'string' },
    dry: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  process.stdout.write(`npm run bench -- [options]

  --parts LIST        of ${PARTS.join(', ')} (default: all)
  --only LIST         the work whose name begins so, such as "R1,R3 hot" (default: all)
  --with LIST         beside ours: hand, switch, peers, limits (default: hand,switch)
  --seconds N         length of a slice (3)
  --rounds N          rounds (5)
  --connections N     requests in flight (32)
  --data FOLDER       keep the database there, so that the next run need not load it
  --against REVISION  compare with a revision of our own, and write nothing
  --program FILE      ours, built already (dist/cli/main.js)
  --profile FOLDER    leave a CPU profile of ours there
  --dry               print, but leave results.json and RESULTS.md as they are
`);
  process.exit(0);
}

const seconds = Number(options.seconds);
const rounds = Number(options.rounds);
const connections = Number(options.connections);
const parts = new Set(options.parts.split(','));
const beside = new Set(options.against === undefined ? options.with.split(',') : []);
const chosen = workloads.filter(({ name }) =>
  options.only.split(',').some((prefix) => name.startsWith(prefix)),
);
const secret = 'a secret for the bench alone, 32 bytes and more';
const keeps = !options.dry && options.against === undefined;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const show = (title: string, rows: readonly Measured[]): void => {
  process.stdout.write(`\n${title}\n`);
  const round = (value: number, digits: number): number => Number(value.toFixed(digits));
  console.table(
    rows.map((row) => ({
      name: row.name,
      'requests/s': Math.round(row.rate),
      'ours to it': round(row.ratio, 2),
      'server µs': Math.round(row.server),
      'Postgres µs': Math.round(row.postgres),
      'ours to its': round(row.postgresRatio, 2),
      'p50 ms': round(row.p50, 2),
      'p99 ms': round(row.p99, 2),
    })),
  );
};

/** What someone can do when nothing holds it back, warmed up, as it is before it is measured. */
const fullRate = async (one: Measurable | undefined): Promise<number | undefined> => {
  await one?.slice(WARM_SECONDS, true);
  return (await one?.slice(seconds))?.rate;
};

// However it is ended, the contenders end with it, and what was measured by then is kept.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const program = options.program ?? buildProgram();
const against = options.against === undefined ? undefined : buildRevision(options.against);
const database = await openDatabase(options.data, say);
const contenders: Contender[] = [];
const results = readResults();
results.machine = describeMachine(database.version);
const save = (): void => {
  if (!keeps) return;
  writeResults(results);
  writeReport(results);
};
const section = { date: new Date().toISOString().slice(0, 16), revision: readRevision() };

try {
  const { tcpPort } = database;
  const serving: Task = { connect: database.server, tcpPort, secret };
  const owning: Task = { connect: database.owner, tcpPort, secret };
  const sign = (role: string, n: number): Promise<string> =>
    signToken(secret, {
      role,
      sub: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      exp: Math.floor(Date.now() / 1000) + 36_000,
    });
  const tokens = await Promise.all(Array.from({ length: 1000 }, (_, n) => sign('authenticated', n)));

  if (parts.has('start') && options.against === undefined) {
    const measured = await measureStart(program, database, secret, say);
    process.stdout.write(`\nstart: ${JSON.stringify(measured)}\n`);
    results.start = { ...section, ...measured.start };
    results.memory = { load: {}, ...results.memory, ...section, idle: measured.idle };
    save();
  }

  const add = async (contender: Promise<Contender>): Promise<void> => {
    contenders.push(await contender);
  };
  const needsServers = ['work', 'half'].some((part) => parts.has(part));
  if (needsServers) {
    await add(startAshlar(serving, { program, profile: options.profile }));
    if (against)
      await add(startAshlar(serving, { program: against.program, name: `ashlar ${options.against}` }));
    if (beside.has('hand')) await add(startScript('by hand', 'by hand', 'fastify.ts', ['plain'], owning));
    if (beside.has('switch'))
      await add(startScript('by hand, role switch', 'by hand', 'fastify.ts', ['switch'], serving));
    if (beside.has('peers')) contenders.push(...(await startPeers(serving, owning, say)));
    if (beside.has('limits')) {
      await add(startScript('empty, node:http', 'empty', 'empty.ts', [], serving));
      await add(startScript('empty, Fastify', 'empty', 'empty.ts', ['fastify'], serving));
    }
  }
  const [ours] = contenders;

  for (const workload of needsServers ? chosen : []) {
    const takePart = (rate?: number): Measurable[] =>
      contenders.flatMap((contender) => {
        const requests = makeRequests(workload, contender.dialect, tokens);
        if (requests === undefined) return [];
        const load = { requests, connections: workload.connections ?? connections };
        return [underLoad(contender, database.pid, rate === undefined ? load : { ...load, rate })];
      });
    let rate: number | undefined;
    if (parts.has('work')) {
      const limits =
        beside.has('limits') && workload.name === 'R1 anonymous'
          ? pgbenches(database.owner, database.pid, connections)
          : [];
      const rows = await measure([...takePart(), ...limits], { seconds, rounds });
      show(`${workload.name}: ${workload.describe}`, rows);
      const others = (results.work[workload.name]?.rows ?? []).filter(
        (row) => !rows.some(({ name }) => name === row.name),
      );
      results.work[workload.name] = { ...section, rows: [...rows, ...others] };
      rate = rows.find(({ name }) => name === 'by hand')?.rate;
    }
    if (
      parts.has('half') &&
      beside.has('hand') &&
      ['R1 signed in', 'R3 signed in', 'W1 signed in'].includes(workload.name)
    ) {
      rate ??= await fullRate(takePart().find(({ name }) => name === 'by hand'));
      const half = Math.round((rate ?? 0) / 2);
      const some = takePart(half).filter(({ name }) => name === 'ashlar' || name.startsWith('by hand'));
      const rows = await measure(some, { seconds, rounds });
      show(`${workload.name}, ${half} a second`, rows);
      results.half[workload.name] = { ...section, rate: half, rows };
    }
    if (workload.writes === true) await database.tidy();
    save();
    if (ours !== undefined) {
      const load = { ...results.memory?.load, [workload.name]: peakOf(ours.pid) };
      results.memory = { idle: Number.NaN, ...results.memory, ...section, load };
    }
  }
  await Promise.all(contenders.splice(0).map(({ stop }) => stop()));

  if (parts.has('growth')) {
    const rows = await measureGrowth({ program, database, secret, sign, seconds, rounds, connections, say });
    show('R1 among 1,000 tables, 100 roles and 250 shapes', rows);
    results.growth = { ...section, rows };
    save();
  }
  if (parts.has('shapes')) {
    const measured = await measureShapes({
      program,
      database,
      secret,
      sign,
      seconds,
      rounds,
      connections,
      say,
    });
    show('10,000 shapes in turn', measured.rows);
    process.stdout.write(
      `memory: server ${measured.server.toFixed(0)} MiB, a backend ${measured.backend.toFixed(0)} MiB at most\n`,
    );
    results.shapes = { ...section, ...measured };
  }
  save();
} finally {
  await Promise.all(contenders.map(({ stop }) => stop()));
  await database.close();
  against?.remove();
}
