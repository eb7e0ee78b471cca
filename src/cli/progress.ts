import {
  type AccessChange,
  type DevProgress,
  type OnDevProgress,
  printAccessChange,
  printFailure,
} from '../app/index.ts';
import { findPage } from '../base/index.ts';
import type { Terminal } from './terminal.ts';

const steps = {
  'copying-build': 'Copying Postgres to where its user can read it (once per version) …',
  'creating-cluster': 'Making the database (once, it takes a few seconds) …',
  'stopping-orphan': 'Stopping a Postgres that was left behind …',
  starting: undefined,
} as const;

const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

type Migration = Extract<DevProgress, { kind: 'migration' }>['progress'];
type Finding = Extract<DevProgress, { kind: 'finding' }>['finding'];

const migrationLine = (progress: Migration, { styleErr }: Terminal): string | undefined => {
  switch (progress.kind) {
    case 'waiting':
      return 'Waiting for another process that applies migrations to this database …';
    case 'applying':
      return undefined;
    case 'applied':
      return `${styleErr('green', 'applied')} ${progress.file} ${styleErr('dim', `(${seconds(progress.durationMs)})`)}`;
    case 'notice':
      return `${styleErr('yellow', progress.severity.toLowerCase())} ${progress.file}:${progress.line}: ${progress.message}`;
  }
};

const severityStyles = {
  info: 'cyan',
  warning: 'yellow',
  error: ['bold', 'red'],
} as const satisfies Record<Finding['severity'], unknown>;

const findingLines = ({ severity, message, remedy, docs }: Finding, { styleErr }: Terminal): string =>
  [
    `${styleErr([severityStyles[severity]].flat(), severity)} ${message}`,
    ...(remedy === undefined ? [] : [`  ${remedy.replaceAll('\n', '\n  ')}`]),
    ...(docs === undefined ? [] : [`  ${styleErr('dim', `More: ${findPage(docs, process.cwd())}`)}`]),
  ].join('\n');

type Kept = Extract<DevProgress, { kind: 'kept' }>['event'];

const keptLine = (event: Kept, { styleErr }: Terminal): string => {
  switch (event.kind) {
    case 'ended': {
      const how = event.exit.signal ?? `exit code ${event.exit.code}`;
      return `${styleErr('yellow', 'warn')} Postgres has ended by itself (${how}) and is being started again; requests wait for it.`;
    }
    case 'not-started':
      return `${styleErr(['bold', 'red'], 'error')}: Postgres could not be started again. ${event.error.message}\nThe next try follows.`;
    case 'back':
      return `Postgres is back ${styleErr('dim', `(${seconds(event.downMs)})`)}.`;
  }
};

const summaryLine = (
  { errors, warnings }: Extract<DevProgress, { kind: 'findings' }>,
  { styleErr }: Terminal,
): string | undefined => {
  const count = (n: number, word: string): readonly string[] =>
    n === 0 ? [] : [`${n} ${word}${n === 1 ? '' : 's'}`];
  const parts = [...count(errors, 'error'), ...count(warnings, 'warning')];
  if (parts.length === 0) return undefined;
  return `${styleErr(errors > 0 ? ['bold', 'red'] : 'yellow', parts.join(' and '))} in what the database lets through or slows down: "ashlar check" tells more.`;
};

/** What opened and what closed, as `anon: select posts.email none → all rows`. */
export const accessLines = (changes: readonly AccessChange[], { styleErr }: Terminal): string =>
  (['opened', 'closed'] as const)
    .flatMap((direction) =>
      printAccessChange(changes.filter((change) => change.direction === direction)).map(
        (line) => `${styleErr(direction === 'opened' ? 'red' : 'yellow', direction)} ${line}`,
      ),
    )
    .join('\n');

/** What is served after a failure, and what to do; of an edited file its help has said that. */
const afterFailure = ({ failure, applied, served }: Extract<DevProgress, { kind: 'failed' }>): string =>
  [
    ...(applied.length === 0 ? [] : [`Applied before it: ${applied.join(', ')}.`]),
    !served
      ? 'Nothing is served before this is mended; Ctrl-C stops.'
      : applied.length === 0
        ? 'The API stays as it was.'
        : 'The API has followed that.',
    ...(failure.edited ? [] : ['Mend the file and save it.']),
  ].join(' ');

const progressLines = (progress: DevProgress, terminal: Terminal): string | undefined => {
  const { styleErr, color } = terminal;
  switch (progress.kind) {
    case 'postgres':
      return steps[progress.step];
    case 'kept':
      return keptLine(progress.event, terminal);
    case 'migration':
      return migrationLine(progress.progress, terminal);
    case 'finding':
      return findingLines(progress.finding, terminal);
    case 'findings':
      return summaryLine(progress, terminal);
    case 'reloaded':
      return progress.applied.length === 0
        ? 'The files have changed; there is nothing new to apply.'
        : `The API has followed ${styleErr('dim', `(${seconds(progress.durationMs)})`)}.`;
    case 'access':
      return accessLines(progress.changes, terminal);
    case 'failed':
      return `${printFailure(progress.failure, { color })}\n${afterFailure(progress)}`;
    case 'trouble':
      return `${styleErr(['bold', 'red'], 'error')}: ${progress.message}`;
  }
};

/** Tells what goes on, line by line, on standard error. */
export const tellProgress = (terminal: Terminal): OnDevProgress => {
  const told = new Set<string>();
  return (progress) => {
    const lines = progressLines(progress, terminal);
    if (lines === undefined) return;
    // The files are read at each change; what is known about them need not be told each time.
    const ofFiles = progress.kind === 'finding' || progress.kind === 'findings';
    if (ofFiles && told.has(lines)) return;
    if (ofFiles) told.add(lines);
    terminal.err(lines);
  };
};
