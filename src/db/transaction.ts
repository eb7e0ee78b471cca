import type { Connection } from './connection.ts';
import { ConnectionError } from './connection-error.ts';
import type { ExchangeWishes, OnRows, RowTaker } from './exchange.ts';
import { isPgError, type PgError, type PgErrorFields } from './pg-error.ts';
import type { Outcome, Statement } from './statement.ts';

export type TransactionOptions = {
  /** Cancels what is running and rolls back. */
  readonly signal?: AbortSignal | undefined;
  /** What stands behind BEGIN, such as `isolation level serializable read only`. */
  readonly mode?: string;
  /** Reset the session afterwards (DISCARD ALL): for text that may SET, LISTEN or take session locks. */
  readonly discard?: boolean;
  readonly onNotice?: (notice: PgErrorFields) => void;
};

/** A connection of one's own between BEGIN and COMMIT. */
export type Transaction = {
  /** Runs the statements in one round trip. An error of Postgres ends in a rollback of everything. */
  readonly run: (
    statements: readonly Statement[],
    options?: { readonly onRows?: OnRows; readonly taker?: RowTaker },
  ) => Promise<Outcome[]>;
  /** The backend's process id, as in `pg_stat_activity`. */
  readonly processId: number;
};

type Run = (
  statements: readonly Statement[],
  wishes: ExchangeWishes & { signal?: AbortSignal | undefined },
) => Promise<Outcome[]>;

const control = (text: string): Statement => ({ text, key: undefined, params: [], rows: 'ignore' });

/** Runs `work` in a transaction on a connection that no one else uses meanwhile. */
export const runTransaction = async <T>(
  connection: Connection,
  work: (transaction: Transaction) => Promise<T>,
  options: TransactionOptions,
  run: Run,
): Promise<T> => {
  const { signal, onNotice } = options;
  const begin = control(options.mode ? `BEGIN ${options.mode}` : 'BEGIN');
  let begun: Promise<unknown> | undefined;
  let failure: PgError | undefined;
  let over = false;

  const transaction: Transaction = {
    processId: connection.processId,
    run: async (statements, runOptions = {}) => {
      if (over) throw new ConnectionError('closed', 'The transaction is over.');
      const wishes = { ...runOptions, signal, onNotice };
      try {
        if (!begun) {
          // BEGIN goes with the first statements, so that it costs no round trip of its own.
          const first = run([begin, ...statements], { ...wishes, preamble: 1 });
          begun = first.catch(() => {});
          return await first;
        }
        await begun;
        if (over) throw new ConnectionError('closed', 'The transaction is over.');
        if (connection.status === 'I') {
          throw new ConnectionError('closed', 'The transaction was ended by one of its own statements.');
        }
        return await run(statements, wishes);
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
    if (begun) {
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
