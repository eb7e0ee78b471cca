/**
 * Measures what is beyond PostgREST's language against the same thing within it: items with entity tags, conditions,
 * idempotency keys and batches. Slices of both in turn, several rounds, the median of the ratios within a round.
 *
 *   node bench/items.ts [--seconds 1.5] [--rounds 5] [--only "304"] [--json]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keepModel, listen, openApi } from '../src/app/index.ts';
import { ignoreObservations } from '../src/base/index.ts';
import { createCredentials, signToken } from '../src/credentials/index.ts';
import { type ConnectOptions, createPool, openSession, startEmbedded } from '../src/db/index.ts';
import { bootstrap } from '../src/migrate/index.ts';
import { runLoad, type WireRequest } from './load.ts';
import { median } from './measure.ts';

const secret = 'a secret for the bench alone, 32 bytes and more';

/** The API, in a process of its own. */
const serve = async (connect: ConnectOptions): Promise<void> => {
  const pool = createPool({ connect, max: 10, min: 10 });
  const model = keepModel({
    source: pool,
    servingRole: connect.user,
    schemas: ['public'],
    observe: ignoreObservations,
  });
  await model.listen(pool, 'ashlar');
  await model.reload();
  const credentials = createCredentials({ keys: { kind: 'text', text: secret }, anonymousRole: 'anon' });
  const api = openApi({
    pool,
    model,
    identify: ({ authorization }) => credentials.identify({ authorization }),
    prefix: '/rest/v1',
    schemas: ['public'],
    extraSearchPath: ['public', 'extensions'],
    anonymousRole: 'anon',
    maxRows: undefined,
    aggregates: false,
    explain: false,
    legacyTargetNames: false,
    preRequest: undefined,
    appSettings: [],
    txEnd: 'commit',
    describe: undefined,
    rootRoutine: undefined,
    native: true,
    serverTiming: false,
    agent: 'Ashlar',
    version: '0',
    observe: ignoreObservations,
  });
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    routes: [api.route],
    cors: { origins: [] },
    traceHeader: undefined,
    agent: 'Ashlar',
    onInternalError: (error) => process.stderr.write(`${String(error)}\n`),
  });
  process.stdout.write(`${server.port}\n`);
};

type Pair = {
  readonly name: string;
  /** How much more time the second may take for what the first does. */
  readonly limit: number;
  readonly connections: number;
  /** Requests of the first that do what one of the second does. */
  readonly worth?: number;
  readonly before: () => WireRequest;
  readonly after: () => WireRequest;
};

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const main = async (): Promise<void> => {
  const { values: options } = parseArgs({
    options: {
      seconds: { type: 'string', default: '1.5' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-bench-items-'));
  const embedded = await startEmbedded({ folder });
  let child: ChildProcess | undefined;
  try {
    const session = await openSession(embedded.owner);
    await bootstrap(session, { server: embedded.server.user });
    await session.query(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'));
    await session.close();
    child = spawn(process.execPath, [import.meta.filename], {
      env: { ...process.env, BENCH_SERVE: JSON.stringify(embedded.server), NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const port = await new Promise<number>((resolve) =>
      child?.stdout?.once('data', (line: Buffer) => resolve(Number(line.toString()))),
    );
    const tokens = await Promise.all(
      Array.from({ length: 1000 }, (_, n) =>
        signToken(secret, {
          role: 'authenticated',
          sub: uuid(n),
          exp: Math.floor(Date.now() / 1000) + 36_000,
        }),
      ),
    );

    let turn = 0;
    /** A row, and the number of its owner. */
    const pick = (): number => 1 + ((turn++ * 7919) % 99_000);
    const wire = (
      method: string,
      path: string,
      owner: number,
      headers: readonly string[] = [],
      body?: unknown,
    ): WireRequest => {
      const text = body === undefined ? '' : JSON.stringify(body);
      return Buffer.from(
        [
          `${method} /rest/v1${path} HTTP/1.1`,
          'Host: 127.0.0.1',
          `Authorization: Bearer ${tokens[owner]}`,
          'Accept: application/json',
          ...headers,
          ...(body === undefined
            ? []
            : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
          '',
          text,
        ].join('\r\n'),
      );
    };
    const select = 'select=id,author_id,title,body';
    const tagged = await Promise.all(
      Array.from({ length: 500 }, async (_, n) => {
        const id = 1 + n * 17;
        const headers = { Authorization: `Bearer ${tokens[id % 1000]}` };
        const response = await fetch(`http://127.0.0.1:${port}/rest/v1/posts/${id}?${select}`, { headers });
        if (response.status !== 200) throw new Error(`${id}: ${await response.text()}`);
        return { id, tag: response.headers.get('etag') ?? '' };
      }),
    );
    const known = (): { readonly id: number; readonly tag: string } =>
      tagged[turn++ % tagged.length] as { id: number; tag: string };
    const newPost = (owner: number) => ({
      author_id: 1 + (turn % 10_000),
      owner: uuid(owner),
      title: `New post ${turn}`,
      body: 'Some words of a new post.',
      published: true,
      created_at: '2026-06-01T00:00:00Z',
    });
    const insert = (headers: readonly string[]): WireRequest => {
      const owner = pick() % 1000;
      return wire('POST', '/posts', owner, headers, newPost(owner));
    };
    /** Writes what is there already, so that the version stays. */
    const same = (id: number) => ({ author_id: 1 + (id % 10_000) });
    const read = (id: number) => `/posts?id=eq.${id}&${select}`;

    const pairs: readonly Pair[] = [
      {
        name: 'item GET with ETag, to the row by filter',
        limit: 1.05,
        connections: 32,
        before: () => {
          const id = pick();
          return wire('GET', `/posts?id=eq.${id}`, id % 1000);
        },
        after: () => {
          const id = pick();
          return wire('GET', `/posts/${id}`, id % 1000);
        },
      },
      {
        name: 'the same with a part of the columns',
        limit: 1.05,
        connections: 32,
        before: () => {
          const id = pick();
          return wire('GET', read(id), id % 1000);
        },
        after: () => {
          const id = pick();
          return wire('GET', `/posts/${id}?${select}`, id % 1000);
        },
      },
      {
        name: '304, to the 200',
        limit: 1,
        connections: 32,
        before: () => {
          const { id } = known();
          return wire('GET', `/posts/${id}?${select}`, id % 1000);
        },
        after: () => {
          const { id, tag } = known();
          return wire('GET', `/posts/${id}?${select}`, id % 1000, [`If-None-Match: ${tag}`]);
        },
      },
      {
        name: 'PATCH with If-Match, to without',
        limit: 1.1,
        connections: 32,
        before: () => {
          const { id } = known();
          return wire('PATCH', `/posts/${id}`, id % 1000, [], same(id));
        },
        after: () => {
          const { id, tag } = known();
          return wire('PATCH', `/posts/${id}`, id % 1000, [`If-Match: ${tag}`], same(id));
        },
      },
      {
        name: 'POST with an idempotency key, to without',
        limit: 1.6,
        connections: 32,
        before: () => insert([]),
        after: () => insert([`Idempotency-Key: "${uuid(turn)}-${process.hrtime.bigint()}"`]),
      },
      {
        name: 'a batch of 10 reads, to 10 requests',
        limit: 0.5,
        connections: 1,
        worth: 10,
        before: () => {
          const id = pick();
          return wire('GET', read(id), 7);
        },
        after: () =>
          wire(
            'POST',
            '/$batch',
            7,
            [],
            Array.from({ length: 10 }, () => ({ method: 'GET', path: read(pick()) })),
          ),
      },
      {
        name: 'a batch of 10 inserts, to 10 requests',
        limit: 0.5,
        connections: 1,
        worth: 10,
        before: () => wire('POST', '/posts', 7, [], newPost(7)),
        after: () =>
          wire(
            'POST',
            '/$batch',
            7,
            [],
            Array.from({ length: 10 }, () => ({ method: 'POST', path: '/posts', body: newPost(7) })),
          ),
      },
    ];

    const rows: object[] = [];
    for (const pair of pairs.filter(({ name }) => name.includes(options.only))) {
      const slice = async (next: () => WireRequest, seconds: number): Promise<number> => {
        const result = await runLoad({ port, connections: pair.connections, seconds, next });
        if (result.failures > 0 && !pair.name.startsWith('304'))
          throw new Error(`${pair.name}: ${result.failure}`);
        return (result.seconds / result.requests) * 1e6;
      };
      // Until the server has compiled what it runs most.
      await slice(pair.before, 3);
      await slice(pair.after, 3);
      const rounds: (readonly [number, number])[] = [];
      for (let round = 0; round < Number(options.rounds); round++) {
        const before = await slice(pair.before, Number(options.seconds));
        rounds.push([before, await slice(pair.after, Number(options.seconds))]);
      }
      const ratio = median(rounds.map(([before, after]) => after / (before * (pair.worth ?? 1))));
      process.stderr.write(`${pair.name}: ${ratio.toFixed(3)}\n`);
      rows.push({
        work: pair.name,
        'µs before': Math.round(median(rounds.map(([before]) => before)) * (pair.worth ?? 1)),
        'µs after': Math.round(median(rounds.map(([, after]) => after))),
        ratio: Number(ratio.toFixed(3)),
        'at most': pair.limit,
      });
    }
    if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
    else console.table(rows);
  } finally {
    child?.kill();
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

const serving = process.env.BENCH_SERVE;
await (serving === undefined ? main() : serve(JSON.parse(serving) as ConnectOptions));
