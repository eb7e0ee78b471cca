import type { Connection } from './connection.ts';

export type RetirementOptions = {
  /** A connection that was idle for so long is closed. Undefined: it stays. */
  readonly maxIdleMs?: number | undefined;
  /** A connection that is so old is closed when it has done what it has. Undefined: it stays. */
  readonly maxLifetimeMs?: number | undefined;
};

/** How often it is looked, at most and at least. */
const shortestMs = 250;
const longestMs = 10_000;

/**
 * Looks now and then which connections are too old or were idle for too long, and has them retired.
 *
 * @param connections those that are open
 */
export const watchAges = (
  { maxIdleMs = Infinity, maxLifetimeMs = Infinity }: RetirementOptions,
  connections: () => readonly Connection[],
  retire: (connection: Connection, why: 'idle' | 'old') => void,
): { readonly stop: () => void } => {
  const limit = Math.min(maxIdleMs, maxLifetimeMs);
  if (limit === Infinity) return { stop: () => {} };
  const look = (): void => {
    const now = performance.now();
    for (const connection of connections()) {
      const busy = connection.load > 0 || connection.exclusive;
      if (now - connection.bornAt >= maxLifetimeMs) retire(connection, 'old');
      else if (!busy && now - connection.heardAt >= maxIdleMs) retire(connection, 'idle');
    }
  };
  const timer = setInterval(look, Math.min(longestMs, Math.max(shortestMs, limit / 4)));
  timer.unref();
  return { stop: () => clearInterval(timer) };
};
