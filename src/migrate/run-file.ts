import { isPgError, type PgError, type Session } from '../db/index.ts';
import type { Extensions } from './extensions.ts';
import { type MigrationFailure, readFailure } from './migration-failure.ts';
import type { OnProgress } from './migration-progress.ts';
import type { PreparedFile } from './prepare-file.ts';
import { findPlace } from './source-place.ts';
import type { FileStatement } from './split-statements.ts';

/**
 * Runs the statements of a file, one after the other, inside whatever transaction there is.
 * Gives the failure that stopped it, after `undo` was run; throws a ConnectionError.
 */
export const runFile = async (
  session: Session,
  prepared: PreparedFile,
  extensions: Extensions,
  onProgress: OnProgress,
  undo = 'rollback',
): Promise<MigrationFailure | undefined> => {
  const { file, statements, ownTransaction, transaction } = prepared;
  let current = statements[0];
  const tell = (severity: string, message: string, statement: FileStatement | undefined): void =>
    onProgress({
      kind: 'notice',
      file: file.path,
      line: statement ? findPlace(file.text, statement.start).line : 1,
      severity,
      message,
    });
  if (ownTransaction) {
    tell('NOTICE', 'BEGIN and COMMIT are passed over: the file is one transaction anyway.', ownTransaction);
  }
  const stopListening = session.onNotice((notice) => tell(notice.severity, notice.message, current));
  try {
    for (const statement of statements) {
      current = statement;
      const skip = await extensions.explainSkip(statement);
      if (skip) {
        tell('WARNING', skip, statement);
        continue;
      }
      try {
        await session.query(statement.text);
      } catch (error) {
        if (!isPgError(error)) throw error;
        stopListening();
        // In an aborted transaction nothing could be asked.
        await session.query(undo);
        const help = [...(await extensions.advise(statement, error)), ...advise(error)];
        const done = statements.indexOf(statement);
        if (!transaction && done > 0) help.push(tellWhatStays(done));
        return readFailure(file, statement, error, help);
      }
    }
    return undefined;
  } finally {
    stopListening();
  }
};

const tellWhatStays = (done: number): string =>
  `The file runs without a transaction: ${done === 1 ? 'the statement' : `the ${done} statements`} before this one ${done === 1 ? 'has' : 'have'} been run, and will be again with the next try. Write them so that they may (IF NOT EXISTS, OR REPLACE).`;

/** What Postgres' hint does not say, because it does not know how the file is run. */
const advise = ({ code }: PgError): readonly string[] => {
  switch (code) {
    case '25001': // active_sql_transaction: VACUUM, CREATE INDEX CONCURRENTLY, …
    case '2D000': // invalid_transaction_termination: COMMIT inside of a procedure
      return [
        'Put it into a file of its own that is run without a transaction. Such a file begins with: -- ashlar:no-transaction',
      ];
    case '55P04': // unsafe_new_enum_value
      return ['Put ALTER TYPE … ADD VALUE into a file of its own, before this one.'];
    default:
      return [];
  }
};
