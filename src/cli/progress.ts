import { type DevProgress, type OnDevProgress, printFailure } from '../app/index.ts';
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

const findingLines = ({ severity, message, remedy }: Finding, { styleErr }: Terminal): string =>
  [
    `${styleErr(severity === 'info' ? 'cyan' : 'yellow', severity)} ${message}`,
    ...(remedy === undefined ? [] : [`  ${remedy}`]),
  ].join('\n');

const progressLines = (progress: DevProgress, terminal: Terminal): string | undefined => {
  const { styleErr, color } = terminal;
  switch (progress.kind) {
    case 'postgres':
      return steps[progress.step];
    case 'migration':
      return migrationLine(progress.progress, terminal);
    case 'finding':
      return findingLines(progress.finding, terminal);
    case 'reloaded':
      return progress.applied.length === 0
        ? 'The files have changed; there is nothing new to apply.'
        : `The API has followed ${styleErr('dim', `(${seconds(progress.durationMs)})`)}.`;
    case 'failed':
      return `${printFailure(progress.failure, { color })}\nThe API stays as it was. Mend the file and save it.`;
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
    if (progress.kind === 'finding' && told.has(lines)) return;
    if (progress.kind === 'finding') told.add(lines);
    terminal.err(lines);
  };
};
