import type { pino as Pino } from 'pino';
import {
  ignoreObservations,
  loadLate,
  type Observation,
  type ObservationLevel,
  type Observe,
} from '../base/index.ts';
import { printLogLine } from './print-log-line.ts';

const pino = loadLate<typeof Pino>('pino');

/** How much is told, from the most on; `silent`: nothing. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

export type LogOptions = {
  readonly level: LogLevel;
  /** `json`: an object a line. `text`: for people. */
  readonly format: 'json' | 'text';
  /** Takes a line, with its end. */
  readonly write: (line: string) => void;
  /** Whether text may have colours. */
  readonly color?: boolean;
  /** Default: the system's clock. */
  readonly clock?: () => Date;
};

export type Log = {
  readonly observe: Observe;
  /** Whether what has this level is told: for those to whom it costs something to say it. */
  readonly tells: (level: ObservationLevel) => boolean;
};

/** Text that ends lines or colours a terminal is the client's, sometimes; JSON escapes it by itself. */
const openJson = ({ level, write, clock = () => new Date() }: LogOptions): Observe => {
  const logger = pino()(
    {
      level,
      base: { pid: process.pid },
      messageKey: 'message',
      timestamp: () => `,"time":"${clock().toISOString()}"`,
      formatters: { level: (name) => ({ level: name }) },
    },
    { write },
  );
  return ({ level: of, name, message, fields }) => logger[of]({ event: name, ...fields }, message);
};

const openText =
  ({ write, color = false, clock = () => new Date() }: LogOptions): Observe =>
  (observation: Observation) =>
    write(printLogLine(observation, clock(), color));

/**
 * Opens a log.
 *
 * @example
 * const { observe } = openLog({ level: 'info', format: 'json', write: (line) => process.stdout.write(line) });
 * observe({ level: 'info', name: 'app.listening', message: 'listening', fields: { port: 4000 } });
 * // {"level":"info","time":"2026-11-25T23:00:00.000Z","pid":7,"event":"app.listening","port":4000,"message":"listening"}
 */
export const openLog = (options: LogOptions): Log => {
  const rank = logLevels.indexOf(options.level);
  const tells = (level: ObservationLevel): boolean => logLevels.indexOf(level) >= rank;
  const observe = options.format === 'json' ? openJson(options) : openText(options);
  return {
    tells,
    observe: (observation) => {
      if (tells(observation.level)) observe(observation);
    },
  };
};

/** A log for those who do not care, such as most tests. */
export const silentLog: Log = { observe: ignoreObservations, tells: () => false };
