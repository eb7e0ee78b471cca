import type { Entry } from './ledger.ts';

/** A running API with a ledger, and what can be done to it. */
export type Target = {
  /** Where the API answers: `http://127.0.0.1:4000/rest/v1`. */
  readonly root: string;
  /** What the ledger holds, read beside the API. */
  readonly rows: () => Promise<readonly Entry[]>;
  /** Rejects if something that should run has ended for good. */
  readonly broken: Promise<never>;
  readonly close: () => Promise<void>;
};
