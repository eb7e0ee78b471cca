import type { Observe } from '../../base/index.ts';
import { isPgError, type Pool } from '../../db/index.ts';
import { sweepKeys } from '../../idempotency/index.ts';

/** Forgets idempotency keys that have had their day, and knows who has too many. */
export type KeySweeper = { readonly full: () => ReadonlySet<string>; readonly close: () => void };

const EVERY_MS = 60_000;

/** Sweeps now and then. Several servers on one database do no harm to each other. */
export const startKeySweeper = (pool: Pool, observe: Observe, everyMs = EVERY_MS): KeySweeper => {
  let full: ReadonlySet<string> = new Set();
  const sweep = async (): Promise<void> => {
    try {
      const swept = await sweepKeys(pool);
      full = swept.full;
      if (swept.forgotten > 0)
        observe({
          level: 'debug',
          name: 'app.keys-swept',
          message: `${swept.forgotten} idempotency keys were forgotten`,
        });
    } catch (error) {
      // A database that is being prepared has no keys yet, and one that is away will come back.
      if (isPgError(error) && error.code !== '42P01')
        observe({
          level: 'warn',
          name: 'app.keys-unswept',
          message: `idempotency keys could not be swept: ${error.message}`,
        });
    }
  };
  const timer = setInterval(sweep, everyMs);
  timer.unref();
  return { full: () => full, close: () => clearInterval(timer) };
};
