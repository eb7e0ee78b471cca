import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawChart } from './chart.ts';
import type { Measured } from './measure.ts';
import type { Results } from './results.ts';

const OURS = 'ashlar';
const HAND = 'by hand';
const SWITCH = 'by hand, role switch';
/** They know who asks, and show them what they may see. */
const PEERS = ['Platformatic DB', 'PostGraphile', 'Supabase Lite'];
/** It shows everybody everything. */
const OPEN_PEER = 'Platformatic DB, no users';

const show = (value: number | undefined | null, digits = 2): string =>
  value === undefined || value === null || Number.isNaN(value) ? '–' : value.toFixed(digits);

const find = (rows: readonly Measured[] | undefined, name: string): Measured | undefined =>
  rows?.find((row) => row.name === name);

type Bar = {
  readonly work: string;
  readonly what: string;
  readonly bar: string;
  readonly is: string;
  readonly met: boolean | undefined;
};

const atLeast = (work: string, what: string, least: number, is: number | undefined): Bar => ({
  work,
  what,
  bar: `≥ ${least}`,
  is: show(is),
  met: is === undefined || Number.isNaN(is) ? undefined : Number(is.toFixed(2)) >= least,
});

const atMost = (work: string, what: string, most: number, is: number | undefined, digits = 2): Bar => ({
  work,
  what,
  bar: `≤ ${most}`,
  is: show(is, digits),
  met: is === undefined || Number.isNaN(is) ? undefined : Number(is.toFixed(digits)) <= most,
});

/** What we hold ourselves to, and where we are. */
const readBars = ({ work, half, growth, shapes, memory, start }: Results): readonly Bar[] => {
  const ratio = (name: string, to: string): number | undefined => find(work[name]?.rows, to)?.ratio;
  const best = PEERS.map((peer) => ratio('R1 signed in', peer)).filter((is) => is !== undefined);
  return [
    atLeast('R1 signed in', 'by hand', 1.1, ratio('R1 signed in', HAND)),
    atLeast('R1 signed in', 'by hand, role switch', 2.2, ratio('R1 signed in', SWITCH)),
    atLeast('R1 signed in', 'the best peer', 3, best.length === 0 ? undefined : Math.min(...best)),
    atLeast('R1 signed in', 'the best peer, though it knows no users', 3, ratio('R1 signed in', OPEN_PEER)),
    ...['R2 signed in', 'R3 signed in', 'R4 signed in'].flatMap((name) => [
      atLeast(name, 'by hand', 0.97, ratio(name, HAND)),
      atMost(name, "Postgres' CPU, by hand", 1.05, find(work[name]?.rows, HAND)?.postgresRatio),
    ]),
    atLeast('R3 signed in', 'PostGraphile', 2, ratio('R3 signed in', 'PostGraphile')),
    atLeast('R3 hot, anonymous', 'by hand', 4, ratio('R3 hot, anonymous', HAND)),
    atLeast('W1 signed in', 'by hand, role switch', 1.2, ratio('W1 signed in', SWITCH)),
    atLeast('W2 signed in', 'by hand', 0.9, ratio('W2 signed in', HAND)),
    ...Object.entries(half).map(([name, { rows }]) =>
      atMost(name, 'p99 at half the rate, by hand', 1.5, find(rows, HAND)?.p99Ratio),
    ),
    atLeast('growth', '1,000 tables, 100 roles, 250 shapes to 10 tables', 0.9, growth?.rows[1]?.ratio),
    atLeast('10,000 shapes', 'to one shape', 0.5, shapes?.rows[1]?.ratio),
    atMost('memory', 'idle, MiB', 90, memory?.idle, 0),
    atMost('memory', 'under load, MiB', 200, memory && Math.max(...Object.values(memory.load)), 0),
    atMost('start', 'database of 100 tables, ms', 1000, start?.existing, 0),
    atMost('start', 'from an empty folder, ms', 8000, start?.empty ?? undefined, 0),
  ];
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const measuredTable = (rows: readonly Measured[]): string =>
  table(
    ['contender', 'requests/s', 'ours to it', 'server µs', 'Postgres µs', 'ours to its', 'p50 ms', 'p99 ms'],
    rows.map((row) => [
      row.name,
      show(row.rate, 0),
      show(row.ratio),
      show(row.server, 0),
      show(row.postgres, 0),
      show(row.postgresRatio),
      show(row.p50),
      show(row.p99),
    ]),
  );

/** Writes RESULTS.md and its picture. */
export const writeReport = (results: Results): void => {
  const { machine, work, half, growth, shapes, memory, start } = results;
  const bars = readBars(results);
  const when = (section: { readonly date: string; readonly revision: string }): string =>
    `Measured ${section.date.replace('T', ' ')} UTC, revision ${section.revision}.`;
  const parts = [
    '# Results of the bench',
    'Written by `npm run bench`; [README.md](README.md) tells what is measured and how. A machine has good and bad minutes, so compare ratios, which are taken within a round, and not rates. A dash: not measured yet. Where a bar is not reached, [below-the-bar.md](below-the-bar.md) says why. Each part tells when it was measured: they are not all of one revision.',
    machine === undefined
      ? ''
      : `Machine: ${machine.cores} cores of ${machine.cpu}, ${machine.memory} GiB, ${machine.system}. Node ${machine.node}, Postgres ${machine.postgres}. Client, server and Postgres share the cores.`,
    '![Requests a second, by work and contender](results.svg)',
    '## What we hold ourselves to',
    table(
      ['work', 'compared with', 'bar', 'is', ''],
      bars.map(({ work: name, what, bar, is, met }) => [
        name,
        what,
        bar,
        is,
        met === undefined ? '' : met ? 'yes' : '**no**',
      ]),
    ),
    '## Side by side',
    ...Object.entries(work).map(
      ([name, section]) => `### ${name}\n\n${measuredTable(section.rows)}\n\n${when(section)}`,
    ),
    '## At half the rate that the one by hand can do',
    ...Object.entries(half).map(
      ([name, section]) =>
        `### ${name}, ${section.rate} a second\n\n${measuredTable(section.rows)}\n\n${when(section)}`,
    ),
    ...(growth === undefined ? [] : [`## Growth\n\n${measuredTable(growth.rows)}\n\n${when(growth)}`]),
    ...(shapes === undefined
      ? []
      : [
          `## 10,000 shapes in turn\n\n${measuredTable(shapes.rows)}\n\nThe server had ${show(shapes.server, 0)} MiB, a backend of Postgres ${show(shapes.backend, 0)} MiB of its own at most. ${when(shapes)}`,
        ]),
    ...(memory === undefined
      ? []
      : [
          `## Memory of the server\n\n${table(['', 'MiB'], [['idle', show(memory.idle, 0)], ...Object.entries(memory.load).map(([name, most]) => [`at most so far, after ${name}`, show(most, 0)])])}\n\n${when(memory)}`,
        ]),
    ...(start === undefined
      ? []
      : [
          `## Start\n\n${table(
            ['', 'ms to the first answer'],
            [
              ['a database of 100 tables', show(start.existing, 0)],
              ['`ashlar dev` on a folder with one migration', show(start.empty, 0)],
            ],
          )}\n\n${when(start)}`,
        ]),
  ];
  writeFileSync(
    join(import.meta.dirname, 'RESULTS.md'),
    `${parts.filter((part) => part !== '').join('\n\n')}\n`,
  );
  writeFileSync(
    join(import.meta.dirname, 'results.svg'),
    drawChart(
      Object.entries(work).map(([name, { rows }]) => ({
        name,
        bars: rows
          .filter(({ name: who }) => [OURS, HAND, SWITCH, ...PEERS].includes(who))
          .map(({ name: who, rate }) => ({ name: who, value: rate })),
      })),
    ),
  );
};
