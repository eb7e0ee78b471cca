import type { CancelSignal } from '../base/index.ts';
import type { Connection } from './connection.ts';
import { ConnectionError } from './connection-error.ts';
import type { ExchangeWishes, OnOverflow, OnRows, RowTaker } from './exchange.ts';
import { isPgError, type PgError, type PgErrorFields } from './pg-error.ts';
import type { Outcome, Statement } from './statement.ts';

export type TransactionOptions = {
  /** Cancels what is running and rolls back. */
  readonly signal?: CancelSignal | undefined;
  /** What stands behind BEGIN, such as `isolation level serializable read only`. */
  readonly mode?: string;
  /** What stands behind BEGIN and before all else; it is sent with the first statements that are run. */
  readonly preamble?: readonly Statement[];
  /** Reset the session afterwards (DISCARD ALL): for text that may SET, LISTEN or take session locks. */
  readonly discard?: boolean;
  /** It streams rows to somebody who may be slow; it waits while as many do so as may. */
  readonly streams?: boolean;
  /** Bytes that all rows may have together; with more it fails with a ConnectionError `too-long`. */
  readonly maxBytes?: number | undefined;
  readonly onNotice?: (notice: PgErrorFields) => void;
};

/** A connection of one's own between BEGIN and COMMIT. */
export type Transaction = {
  /** Runs the statements in one round trip. An error of Postgres ends in a rollback of everything. */
  readonly run: (
    statements: readonly Statement[],
    options?: {
      readonly onRows?: OnRows;
      readonly taker?: RowTaker;
      readonly maxBytes?: number | undefined;
      readonly onOverflow?: OnOverflow | undefined;
      /** Sent without waiting for the answers to what was sent before: what failed there makes it fail, too. */
      readonly eager?: boolean;
      /** Commits behind the statements, in the same round trip; nothing can be run after it. */
      readonly commit?: boolean;
    },
  ) => Promise<Outcome[]>;
  /** The backend's process id, as in `pg_stat_activity`. */
  readonly processId: number;
};

type Run = (
  statements: readonly Statement[],
  wishes: ExchangeWishes & { signal?: CancelSignal | undefined },
) => Promise<Outcome[]>;

const control = (text: string): Statement => ({ text, key: undefined, params: [], rows: 'ignore' });

/** Runs `work` in a transaction on a connection that no one else uses meanwhile. */
export const runTransaction = async <T>(
  connection: Connection,
  work: (transaction: Transaction) => Promise<T>,
  options: TransactionOptions,
  run: Run,
): Promise<T> => {
  const { signal, onNotice, maxBytes } = options;
  const allowance = maxBytes === undefined ? undefined : { bytes: maxBytes };
  const begin = [control(options.mode ? `BEGIN ${options.mode}` : 'BEGIN'), ...(options.preamble ?? [])];
  let begun: Promise<unknown> | undefined;
  let failure: PgError | undefined;
  let over = false;
  let committed = false;

  const transaction: Transaction = {
    processId: connection.processId,
    run: async (given, { commit = false, ...runOptions } = {}) => {
      if (over) throw new ConnectionError('closed', 'The transaction is over.');
      const wishes = { ...runOptions, signal, onNotice, allowance };
      const statements = commit ? [...given, control('COMMIT')] : given;
      over = commit;
      try {
        if (!begun) {
          // BEGIN goes with the first statements, so that it costs no round trip of its own.
          const first = run([...begin, ...statements], { ...wishes, preamble: begin.length });
          begun = first.catch(() => {});
          const outcomes = await first;
          committed = commit;
          return outcomes;
        }
        if (!runOptions.eager) {
          await begun;
          if (over && !commit) throw new ConnectionError('closed', 'The transaction is over.');
          if (connection.status === 'I') {
            throw new ConnectionError('closed', 'The transaction was ended by one of its own statements.');
          }
        }
        const outcomes = await run(statements, wishes);
        if (commit) {
          // Postgres answers COMMIT of a failed transaction with ROLLBACK, and without an error.
          if (outcomes.at(-1)?.command === 'ROLLBACK')
            throw failure ?? new ConnectionError('closed', 'The transaction has failed.');
          committed = true;
        }
        return outcomes;
      } catch (error) {
        if (isPgError(error)) failure ??= error;
        throw error;
      }
    },
  };

  connection.inTransaction = true;
  try {
    const result = await work(transaction);
    over = true;
    if (begun && !committed) {
      await begun;
      const [outcome] = await run([control('COMMIT')], { onNotice });
      // Postgres answers COMMIT of a failed transaction with ROLLBACK, and without an error.
      if (outcome?.command === 'ROLLBACK' && failure) throw failure;
    }
    return result;
  } finally {
    over = true;
    connection.inTransaction = false;
    await connection.rest(options.discard ?? false);
  }
};
