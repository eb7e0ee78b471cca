/**
 * How many requests a second the pool serves, and at what cost in CPU, against pg's own pool: a setting is made for
 * the transaction, then one row is read by its key. The load comes from this process, so its cost is in the numbers.
 *
 *   node bench/db.ts [seconds per round] [rounds]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type ConnectOptions, createPool, type Statement, startEmbedded } from '../src/db/index.ts';

const inFlight = 32;
const rows = 10_000;
const seconds = Number(process.argv[2] ?? 2);
const rounds = Number(process.argv[3] ?? 5);

type Contender = {
  readonly name: string;
  readonly request: () => Promise<unknown>;
  readonly close: () => Promise<void>;
};

const settings = '{"role":"web_anon","sub":"7d2f9a3e"}';
const setText = "select set_config('request.jwt.claims', $1, true)";
const readText = 'select to_json(t)::text from (select id, title, author from posts where id = $1) t';
const randomId = (): string => String(1 + Math.floor(Math.random() * rows));

const ours = (connect: ConnectOptions): Contender => {
  const pool = createPool({ connect });
  const request = (): Promise<unknown> => {
    const statements: Statement[] = [
      { text: setText, key: 'settings', params: [settings], rows: 'ignore' },
      { text: readText, key: 'web_anon:post', params: [randomId()] },
    ];
    return pool.run(statements);
  };
  return { name: 'pool.run, 1 round trip', request, close: () => pool.close() };
};

const pgPool = (connect: ConnectOptions): pg.Pool => {
  const { host, port, user, password, database } = connect;
  const pool = new pg.Pool({ host, port, user, database, password: password as string, max: 10 });
  // It does not wait for its connections to be closed, and the server says goodbye first.
  pool.on('error', () => {});
  return pool;
};

const theirsInOne = (connect: ConnectOptions): Contender => {
  const pool = pgPool(connect);
  const text = `with s as materialized (${setText}) select p.to_json from s, lateral (${readText.replace('$1', '$2')}) p`;
  return {
    name: 'pg, 1 round trip',
    request: () => pool.query({ name: 'one', text, values: [settings, randomId()] }),
    close: () => pool.end(),
  };
};

const theirsInFour = (connect: ConnectOptions): Contender => {
  const pool = pgPool(connect);
  const request = async (): Promise<void> => {
    const client = await pool.connect();
    await client.query('begin');
    await client.query({ name: 'set', text: setText, values: [settings] });
    await client.query({ name: 'read', text: readText, values: [randomId()] });
    await client.query('commit');
    client.release();
  };
  return { name: 'pg, 4 round trips', request, close: () => pool.end() };
};

type Measure = { readonly perSecond: number; readonly cpuMicros: number; readonly p99: number };

const measure = async (contender: Contender, ms: number): Promise<Measure> => {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const end = begin + ms;
  const worker = async (): Promise<void> => {
    for (let now = begin; now < end; ) {
      await contender.request();
      const done = performance.now();
      times.push(done - now);
      now = done;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const { user, system } = process.cpuUsage(cpu);
  const elapsed = performance.now() - begin;
  times.sort((a, b) => a - b);
  return {
    perSecond: (times.length / elapsed) * 1000,
    cpuMicros: (user + system) / times.length,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
  };
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const folder = mkdtempSync(join(tmpdir(), 'ashlar-bench-'));
const embedded = await startEmbedded({ folder });
try {
  const owner = createPool({ connect: embedded.owner });
  const run = (text: string) => owner.run([{ text, key: undefined, params: [] }]);
  await run('create table posts (id int primary key, title text not null, author text not null)');
  await run(
    `insert into posts select i, 'Title ' || i, 'Author ' || i % 100 from generate_series(1, ${rows}) i`,
  );
  await run('grant select on posts to authenticator');
  await run('vacuum analyze posts');
  await owner.close();

  const contenders = [ours, theirsInOne, theirsInFour].map((make) => make(embedded.server));
  const results = new Map<Contender, Measure[]>(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) await measure(contender, 1_000);
  // In turns, so that what else the machine does hits all alike.
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders)
      results.get(contender)?.push(await measure(contender, seconds * 1_000));
  }
  const middle = contenders.map((contender) => {
    const all = results.get(contender) ?? [];
    return {
      name: contender.name,
      'requests/s': Math.round(median(all.map((one) => one.perSecond))),
      'CPU µs each': Math.round(median(all.map((one) => one.cpuMicros)) * 10) / 10,
      'p99 ms': Math.round(median(all.map((one) => one.p99)) * 100) / 100,
    };
  });
  const best = middle[0]?.['requests/s'] ?? 0;
  console.table(middle.map((row) => ({ ...row, 'ours is': `${(best / row['requests/s']).toFixed(2)} ×` })));
  for (const contender of contenders) await contender.close();
} finally {
  await embedded.stop();
  rmSync(folder, { recursive: true, force: true });
}
