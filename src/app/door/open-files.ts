import { readFileSync } from 'node:fs';

/** Files that are left for the database, logs, pages and what else is no client. */
const RESERVED = 256;

/**
 * How many clients may be connected so that the server has files left for itself; undefined where the system does
 * not tell, which is everywhere but on Linux. Node raises its own limit as far as it may when it starts.
 */
export const connectionsForFiles = (): number | undefined => {
  let limits: string;
  try {
    limits = readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return undefined;
  }
  const open = Number(/^Max open files +(\d+)/m.exec(limits)?.[1]);
  return Number.isNaN(open) ? undefined : Math.max(Math.floor(open / 2), open - RESERVED);
};
