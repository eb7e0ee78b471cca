/**
 * Delivers writes that have idempotency keys one to five times each, in random order, while server and Postgres are
 * killed at random, and proves that each was applied exactly once and answered the same each time. See README.md.
 *
 *   node crash/deliveries.ts [--writes 10000] [--clients 8]
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Client, type Ending, openClient } from './client.ts';
import { openProjectTarget } from './project-target.ts';

export type DeliveriesOptions = {
  readonly writes: number;
  readonly clients: number;
  readonly onProgress?: (delivered: number, all: number) => void;
};

export type DeliveriesReport = {
  readonly deliveries: number;
  /** Answers that a write had before, and has again. */
  readonly repeated: number;
  /** Deliveries without an answer of the write: it broke, was turned away, or another was under way. */
  readonly open: number;
  readonly strikes: number;
  readonly violations: readonly string[];
};

const shuffle = <T>(items: T[]): T[] => {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
};

/** For so long a write is delivered until it is answered. */
const patienceMs = 60_000;

/** The writer in the ledger that all these writes are of. */
const WRITER = 1_000_000;

const deliver = (client: Client, seq: number): Promise<Ending> =>
  client.ask(
    'POST',
    '/ledger',
    { writer: WRITER, seq },
    { 'Idempotency-Key': `"write-${seq}"`, Prefer: 'return=representation' },
  );

/** Runs it all; the server and its Postgres are this run's own. */
export const runDeliveries = async ({
  writes,
  clients,
  onProgress,
}: DeliveriesOptions): Promise<DeliveriesReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'crash-'));
  // Nobody signs in here, so the keys have to be everybody's.
  writeFileSync(join(folder, 'ashlar.config.mjs'), 'export default { anonymousKeys: true };\n');
  const target = await openProjectTarget({ folder, command: 'dev' });
  const answers = new Map<number, string>();
  const violations: string[] = [];
  const counts = { deliveries: 0, repeated: 0, open: 0, strikes: 0 };
  let running = true;

  const note = (seq: number, ending: Ending): boolean => {
    counts.deliveries++;
    const turnedAway = ending.kind === 'answered' && (ending.status === 503 || ending.status === 409);
    if (ending.kind !== 'answered' || turnedAway) {
      counts.open++;
      if (ending.kind === 'hanging') violations.push(`write ${seq}: a delivery hangs`);
      return false;
    }
    const answer = `${ending.status} ${ending.body}`;
    const first = answers.get(seq);
    if (first !== undefined) counts.repeated++;
    if (ending.status !== 201 || (first !== undefined && first !== answer))
      violations.push(`write ${seq}: ${answer}, after ${first ?? 'nothing'}`);
    answers.set(seq, first ?? answer);
    return true;
  };

  /** Resolves when so many more answers have come, or the run is over. */
  const moreAnswers = async (wanted: number): Promise<void> => {
    const enough = answers.size + counts.repeated + wanted;
    while (running && answers.size + counts.repeated < enough) await sleep(1);
  };

  const strike = async (): Promise<void> => {
    for (;;) {
      // By answers and not by the clock: a fast machine is struck as often as a slow one.
      await moreAnswers(10 + Math.floor(Math.random() * 140));
      await sleep(Math.random() * 5);
      if (!running) return;
      const harms = [target.killPostgres, target.killServer, target.killBoth];
      await harms[Math.floor(Math.random() * harms.length)]?.();
      counts.strikes++;
      // What is not there yet cannot be killed.
      await moreAnswers(1);
    }
  };

  try {
    const all = shuffle(
      Array.from({ length: writes }, (_, seq) =>
        new Array<number>(1 + Math.floor(Math.random() * 5)).fill(seq),
      ).flat(),
    );
    const total = all.length;
    const work = async (): Promise<void> => {
      const client = openClient(target.root);
      for (let seq = all.pop(); seq !== undefined; seq = all.pop()) {
        let answered = note(seq, await deliver(client, seq));
        // As a client does; else most deliveries would be spent on a server that is not there.
        const until = performance.now() + patienceMs;
        while (!answered && running && performance.now() < until) {
          await sleep(20);
          answered = note(seq, await deliver(client, seq));
        }
        if (!answered) violations.push(`write ${seq} is not answered`);
        if (all.length % 1_000 === 0) onProgress?.(total - all.length, total);
      }
      client.close();
    };
    const striking = strike();
    await Promise.race([Promise.all(Array.from({ length: clients }, work)), target.broken]);
    running = false;
    await striking;
    const times = new Map<number, number>();
    for (const { writer, seq } of await target.rows())
      if (writer === WRITER) times.set(seq, (times.get(seq) ?? 0) + 1);
    for (let seq = 0; seq < writes; seq++)
      if (times.get(seq) !== 1) violations.push(`write ${seq} is there ${times.get(seq) ?? 0} times`);
    return { ...counts, violations };
  } finally {
    running = false;
    await target.close();
  }
};

if (import.meta.main) {
  const { values } = parseArgs({
    options: { writes: { type: 'string', default: '10000' }, clients: { type: 'string', default: '8' } },
  });
  const report = await runDeliveries({
    writes: Number(values.writes),
    clients: Number(values.clients),
    onProgress: (delivered, all) => process.stderr.write(`${delivered} of ${all}\n`),
  });
  process.stdout.write(`${JSON.stringify({ ...report, violations: report.violations.slice(0, 20) })}\n`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
}
