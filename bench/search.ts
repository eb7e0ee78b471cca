/**
 * How quickly the career notebook is searched when it has 100,000 passages more: eight clients at once ask for words
 * that are as common in the questions as in the passages, so that many a question hits tens of thousands of them.
 *
 *   node bench/search.ts [--passages 100000] [--clients 8] [--seconds 20] [--json]
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ConnectOptions, openSession, type Session } from '../src/db/index.ts';
import { runLoad } from './load.ts';

const { values: options } = parseArgs({
  options: {
    passages: { type: 'string', default: '100000' },
    clients: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});

const VOCABULARY = 20_000;
const STOP_WORDS = 30;
const WORDS_A_PASSAGE = 60;
const PASSAGES_A_DOCUMENT = 5;

/** The same numbers from 0 to 1 in each run (mulberry32). */
const makeRandom = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

const random = makeRandom(7);

const syllables = [
  'ba',
  'ce',
  'di',
  'fo',
  'gu',
  'ka',
  'le',
  'mi',
  'no',
  'pu',
  'ra',
  'se',
  'ti',
  'vo',
  'zu',
  'an',
];

/** The word with this number: a few syllables that can be spoken. */
const wordOf = (number: number): string =>
  [...(number + 16).toString(16)].map((digit) => syllables[Number.parseInt(digit, 16)]).join('');

/**
 * A word as texts have it: the 1000th is a tenth as common as the 100th (Zipf's law). The very first, such as "the",
 * are left out, as Postgres leaves them out; what is then the first stands in every fourth passage.
 */
const drawWord = (): string => wordOf(Math.floor(STOP_WORDS * (VOCABULARY / STOP_WORDS) ** random()));

const drawText = (words: number): string => Array.from({ length: words }, drawWord).join(' ');

const fill = async (session: Session, passages: number): Promise<void> => {
  const documents = Math.ceil(passages / PASSAGES_A_DOCUMENT);
  await session.query(
    `insert into documents (id, title) select 'made-' || n, 'Document ' || n from generate_series(1, ${documents}) n`,
  );
  for (let first = 0; first < passages; first += 2_000) {
    const rows = Array.from({ length: Math.min(2_000, passages - first) }, (_, i) => ({
      document_id: `made-${1 + Math.floor((first + i) / PASSAGES_A_DOCUMENT)}`,
      position: 1 + ((first + i) % PASSAGES_A_DOCUMENT),
      body: drawText(WORDS_A_PASSAGE),
    }));
    await session.query(
      `insert into passages (document_id, position, body)
       select * from json_to_recordset($1) as made (document_id text, position int, body text)`,
      [JSON.stringify(rows)],
    );
  }
  await session.query('vacuum analyze documents, passages');
};

/** What is asked: one to four words, and now and then a question that is understood. */
const drawQuestion = (): string =>
  random() < 0.1
    ? 'What do junior backend developers earn in New York?'
    : drawText(1 + Math.floor(random() * 4));

const requestFor = (routine: string): Buffer =>
  Buffer.from(
    `GET /rest/v1/rpc/${routine}?question=${encodeURIComponent(drawQuestion())} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
  );

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const folder = mkdtempSync(join(tmpdir(), 'ashlar-bench-search-'));
const example = join(import.meta.dirname, '../examples/careers');
cpSync(example, folder, { recursive: true, filter: (path) => !/\.ashlar|node_modules/.test(path) });
const main = join(import.meta.dirname, '../src/cli/main.ts');
const server = spawn(process.execPath, [main, 'dev', folder, '--port', '0', '--json', '--no-watch'], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
const ended = new Promise((resolve) => server.once('close', resolve));
try {
  const port = await new Promise<number>((resolve, reject) => {
    server.stdout.once('data', (line: Buffer) => resolve(Number(new URL(JSON.parse(String(line)).url).port)));
    void ended.then(() => reject(new Error('ashlar dev ended before it was ready')));
  });
  const { owner } = JSON.parse(readFileSync(join(folder, '.ashlar/running.json'), 'utf8')) as {
    readonly owner: ConnectOptions;
  };
  say(`making ${options.passages} passages`);
  const session = await openSession(owner);
  await fill(session, Number(options.passages));
  await session.close();
  const rows = [];
  for (const routine of ['search_passages', 'ask']) {
    const ask = (seconds: number) =>
      runLoad({ port, connections: Number(options.clients), seconds, next: () => requestFor(routine) });
    await ask(2);
    const { requests, seconds, failures, failure, p50, p95, p99 } = await ask(Number(options.seconds));
    if (failures > 0) throw new Error(`${failures} failures, such as: ${failure}`);
    const round = (value: number): number => Math.round(value * 10) / 10;
    rows.push({
      routine,
      'requests/s': Math.round(requests / seconds),
      'p50 ms': round(p50),
      'p95 ms': round(p95),
      'p99 ms': round(p99),
    });
  }
  if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else console.table(rows);
} finally {
  server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
