import type { Outcome, Statement, Transaction } from '../db/index.ts';

/** A statement that is the same each time, and of whose rows nobody wants any. */
export const controlStatement = (text: string): Statement => ({
  text,
  key: text,
  params: [],
  rows: 'ignore',
});

const SAVEPOINT = controlStatement('SAVEPOINT ashlar_read');
const RELEASE = controlStatement('RELEASE SAVEPOINT ashlar_read');

/**
 * A transaction in which requests that only read stand among others. Those must not write, and what comes behind them
 * may: so they are behind a savepoint, with which `transaction_read_only` ends. Reads that follow each other share it.
 */
export class ReadScope {
  readonly #transaction: Transaction;
  #isOpen = false;

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  /** Sends statements of a request, and gives the outcomes of just these. */
  async send(statements: readonly Statement[], readOnly: boolean, eager = true): Promise<Outcome[]> {
    const before = this.#enter(readOnly);
    const outcomes = await this.#transaction.run([...before, ...statements], { eager });
    return before.length === 0 ? outcomes : outcomes.slice(before.length);
  }

  /** Runs statements that are no request's, which may write. Errors count from the first of them. */
  run: Transaction['run'] = async (statements, options) => {
    await this.leave();
    return this.#transaction.run(statements, options);
  };

  /** Lets writes in again, those of deferred constraints as well. */
  async leave(): Promise<void> {
    const statements = this.#enter(false);
    if (statements.length > 0) await this.#transaction.run(statements);
  }

  #enter(readOnly: boolean): readonly Statement[] {
    if (readOnly === this.#isOpen) return [];
    this.#isOpen = readOnly;
    return [readOnly ? SAVEPOINT : RELEASE];
  }
}
