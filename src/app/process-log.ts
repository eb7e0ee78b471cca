import { type Log, openLog, openLogLines } from '../observe/index.ts';
import type { SettingValues } from './settings/settings.ts';

/** Where a process writes its log. */
export type LogTarget = {
  readonly write: (line: string) => void;
  /** Whether a person watches. */
  readonly isTerminal: boolean;
  readonly color: boolean;
};

/** Opens the log that the settings ask for. */
export const openProcessLog = (
  { logLevel, logFormat }: Pick<SettingValues, 'logLevel' | 'logFormat'>,
  { write, isTerminal, color }: LogTarget,
): Log => {
  const format = logFormat === 'auto' ? (isTerminal ? 'text' : 'json') : logFormat;
  return openLog({ level: logLevel, format, write, color: color && isTerminal });
};

/**
 * Opens the log of a server: on standard output, where service managers and containers look for it.
 *
 * @returns the log, and what writes the rest of it before the process ends
 */
export const openServerLog = (
  values: Pick<SettingValues, 'logLevel' | 'logFormat'>,
): { readonly log: Log; readonly flush: () => void } => {
  const lines = openLogLines(1);
  const isTerminal = process.stdout.isTTY === true;
  const color = isTerminal && process.env.NO_COLOR === undefined;
  return { log: openProcessLog(values, { write: lines.write, isTerminal, color }), flush: lines.flush };
};
