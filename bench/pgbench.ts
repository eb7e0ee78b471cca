import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Login } from './database.ts';
import type { Measurable } from './measure.ts';
import { cpuOfTree } from './processes.ts';

/** Debian's, of any version: it is a client. */
const findPgbench = (): string | undefined => {
  const folders = [
    ...(process.env.PATH ?? '').split(':'),
    ...(existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : []).map(
      (version) => `/usr/lib/postgresql/${version}/bin`,
    ),
  ];
  return folders.map((folder) => join(folder, 'pgbench')).find(existsSync);
};

const READ = `select row_to_json(x)::text from (select id, author_id, title, body from posts where id = :id) x;`;

/** Five at a time, which is less than we keep in flight on a connection. */
const scripts = {
  'pgbench, one at a time': `\\set id random(1, 99000)\n${READ}\n`,
  'pgbench, pipelined': `\\startpipeline\n${`\\set id random(1, 99000)\n${READ}\n`.repeat(5)}\\endpipeline\n`,
} as const;

/** What Postgres gives when nothing is in front of it: R1 without a server, without users. */
export const pgbenches = (login: Login, postgres: number, connections: number): readonly Measurable[] => {
  const program = findPgbench();
  if (program === undefined) return [];
  return Object.entries(scripts).map(([name, script]) => ({
    name,
    slice: async (seconds) => {
      const folder = mkdtempSync(join(tmpdir(), 'ashlar-pgbench-'));
      const file = join(folder, 'read.sql');
      writeFileSync(file, script);
      const perScript = script.split(READ).length - 1;
      const before = cpuOfTree(postgres);
      const child = spawn(
        program,
        [
          '-n',
          '-M',
          'prepared',
          '-c',
          String(connections),
          '-T',
          String(Math.max(1, Math.round(seconds))),
          '-f',
          file,
        ],
        {
          env: {
            ...process.env,
            PGHOST: login.host,
            PGPORT: String(login.port),
            PGUSER: login.user,
            PGPASSWORD: login.password,
            PGDATABASE: login.database,
          },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      const output: string[] = [];
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => output.push(String(chunk)));
      await new Promise((resolve) => child.once('close', resolve));
      rmSync(folder, { recursive: true });
      const text = output.join('');
      const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
      const rate = number(/^tps = ([\d.]+)/m) * perScript;
      const requests = number(/actually processed: (\d+)/) * perScript;
      if (Number.isNaN(rate)) throw new Error(`pgbench: ${text}`);
      return {
        rate,
        server: Number.NaN,
        postgres: ((cpuOfTree(postgres) - before) / requests) * 1e6,
        p50: Number.NaN,
        p99: Number.NaN,
      };
    },
  }));
};
