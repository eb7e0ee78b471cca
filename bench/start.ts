import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAshlar, untilAnswered } from './contender.ts';
import type { BenchDatabase } from './database.ts';
import { median } from './measure.ts';
import { memoryOf } from './processes.ts';
import { growSql } from './shapes.ts';

const ROUNDS = 5;

/** From `ashlar dev` on a folder that has one migration and nothing else, to the first row. */
const startFromNothing = async (program: string): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'ashlar-bench-new-'));
  mkdirSync(join(folder, 'migrations'));
  writeFileSync(
    join(folder, 'migrations/1_posts.sql'),
    'create table posts (id int primary key, title text); grant select on posts to anon;',
  );
  const started = performance.now();
  const child = spawn(process.execPath, [program, 'dev', folder, '--port', '0', '--json', '--no-watch'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let heard = '';
      child.stdout.on('data', (chunk: Buffer) => {
        heard += String(chunk);
        const line = heard.split('\n').find((text) => text.startsWith('{'));
        if (heard.includes('\n') && line !== undefined) resolve((JSON.parse(line) as { rest: string }).rest);
      });
      child.once('exit', () => reject(new Error('ashlar dev ended')));
    });
    await untilAnswered(`${url}/posts`, () => child.exitCode === null);
    return performance.now() - started;
  } finally {
    child.kill('SIGTERM');
    await closed;
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Milliseconds to the first answer, and the memory of a server that has given one and waits. */
export const measureStart = async (
  program: string,
  database: BenchDatabase,
  secret: string,
  say: (text: string) => void,
): Promise<{
  readonly start: { readonly existing: number; readonly empty: number };
  readonly idle: number;
}> => {
  say('starting, several times');
  const { server } = await database.another('bench_100', growSql(100, 1));
  const existing: number[] = [];
  const idle: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await startAshlar(
      { connect: server, tcpPort: database.tcpPort, secret },
      { program, path: '/t1?limit=1' },
    );
    existing.push(ours.startMs);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    idle.push(memoryOf(ours.pid));
    await ours.stop();
  }
  const empty: number[] = [];
  for (let round = 0; round < 3; round++) empty.push(await startFromNothing(program));
  return { start: { existing: median(existing), empty: median(empty) }, idle: median(idle) };
};
