import type { Observation, Observe } from '../../base/index.ts';
import type { Answered } from '../server.ts';
import { printAnswered, printLogTime } from './access-log.ts';

/** PostgREST's levels, from the quietest on. */
export const logLevels = ['crit', 'error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof logLevels)[number];

/** Where lines go: requests to standard output, all else to standard error. */
export type LogSinks = { readonly out: (line: string) => void; readonly err: (line: string) => void };

export type Logger = {
  readonly observe: Observe;
  /** Told at every level: the server starts, stops, or was reloaded. */
  readonly announce: (message: string) => void;
  readonly onAnswered: (answered: Answered) => void;
  /** The SQL of a request, with the status of its answer. */
  readonly onQuery: (statements: readonly string[], status: number) => void;
};

const rank = (level: LogLevel): number => logLevels.indexOf(level);

const lowestStatus: { readonly [level in LogLevel]: number } = {
  crit: Number.POSITIVE_INFINITY,
  error: 500,
  warn: 400,
  info: 0,
  debug: 0,
};

/** What else a reader of the log wants to know of an observation. */
const printFields = ({ fields }: Observation): string =>
  fields === undefined ? '' : ` ${JSON.stringify(fields)}`;

/** Logs as PostgREST does: which answers are told depends on the level. */
export const makeLogger = (level: () => LogLevel, { out, err }: LogSinks): Logger => {
  const print = (message: string): void => err(`${printLogTime(new Date())}: ${message}`);
  return {
    announce: print,
    observe: (observation) => {
      if (rank(level()) >= rank(observation.level))
        print(`${observation.message}${level() === 'debug' ? printFields(observation) : ''}`);
    },
    onQuery: (statements, status) => {
      if (status >= lowestStatus[level()]) for (const text of statements) print(text);
    },
    onAnswered: (answered) => {
      if (answered.status >= lowestStatus[level()]) out(printAnswered(answered, new Date()));
    },
  };
};
