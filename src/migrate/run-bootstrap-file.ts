import type { Finding } from '../base/index.ts';
import { isPgError, type PgError, type Session } from '../db/index.ts';
import { retryCollisions } from './catalog-collision.ts';
import { type MigrationFailure, readFailure } from './migration-failure.ts';
import type { MigrationFile } from './migration-file.ts';
import { splitStatements } from './split-statements.ts';

/** What stopped one of our files, or what it had to leave out. */
export type BootstrapFileRun = {
  readonly findings: readonly Finding[];
  readonly failure: MigrationFailure | undefined;
};

/**
 * Runs one of our own files inside a transaction, each statement so that the others survive its failing:
 * what exists already is left as it is, and what the login may not do is left out where the file says what
 * is lost without it (`-- ashlar:optional …`). After a failure the transaction is the caller's to end.
 */
export const runBootstrapFile = async (session: Session, file: MigrationFile): Promise<BootstrapFileRun> => {
  const { statements, directives } = splitStatements(file.text);
  const findings: Finding[] = [];
  let end = 0;
  await session.query('savepoint ashlar_statement');
  for (const statement of statements) {
    const loss = directives.find(({ offset }) => offset >= end && offset < statement.start)?.text;
    end = statement.start + statement.text.length;
    const error = await tryStatement(session, statement.text);
    if (!error || isThere(error)) continue;
    if (loss === undefined || !isDenied(error)) {
      return { findings, failure: readFailure(file, statement, error) };
    }
    findings.push({ id: 'bootstrap-incomplete', severity: 'warning', subject: file.name, message: loss });
  }
  await session.query('release savepoint ashlar_statement');
  return { findings, failure: undefined };
};

const tryStatement = async (session: Session, text: string): Promise<PgError | undefined> => {
  try {
    await retryCollisions(async () => {
      try {
        await session.query(text);
      } catch (error) {
        if (isPgError(error)) await session.query('rollback to savepoint ashlar_statement');
        throw error;
      }
    });
    await session.query('release savepoint ashlar_statement; savepoint ashlar_statement');
    return undefined;
  } catch (error) {
    if (isPgError(error)) return error;
    throw error;
  }
};

/** Found so, or made by someone else in the same moment: a unique violation in the catalog. */
const isThere = ({ code }: PgError): boolean => ['42710', '42P06', '42P07', '42723', '23505'].includes(code);

/** Insufficient privilege; or an extension without its files. */
const isDenied = ({ code }: PgError): boolean => ['42501', '0A000', '58P01'].includes(code);
