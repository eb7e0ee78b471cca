import type { pino as Pino } from 'pino';
import { loadLate } from '../base/index.ts';

const pino = loadLate<typeof Pino>('pino');

/** Where the lines of a log go, written in the order in which they come without anybody waiting for it. */
export type LogLines = {
  readonly write: (line: string) => void;
  /** Writes what is left, before the process ends. */
  readonly flush: () => void;
};

/**
 * Opens a file descriptor for a log: 1 is standard output.
 *
 * Lines that come while others are being written go together in the next write, so a busy server writes seldom.
 */
export const openLogLines = (descriptor: number): LogLines => {
  const stream = pino().destination({ dest: descriptor, sync: false });
  // Whoever read it has gone. A server does not end for that.
  stream.on('error', () => {});
  return {
    write: (line) => void stream.write(line),
    flush: () => {
      try {
        stream.flushSync();
      } catch {
        // There is nobody left to read it.
      }
    },
  };
};
