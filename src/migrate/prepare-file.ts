import { findSimilar } from '../base/index.ts';
import { type MigrationFailure, makeFailure } from './migration-failure.ts';
import type { MigrationFile } from './migration-file.ts';
import { type FileStatement, type ForPsql, splitStatements } from './split-statements.ts';

/** A file, ready to be run. */
export type PreparedFile = {
  readonly file: MigrationFile;
  /** False for `-- ashlar:no-transaction`: each statement is then for itself, unless the file says BEGIN. */
  readonly transaction: boolean;
  readonly statements: readonly FileStatement[];
  /** The file says BEGIN and COMMIT itself, which are left out, as it is one transaction anyway. */
  readonly ownTransaction: FileStatement | undefined;
};

const noTransaction = 'no-transaction';

/** Reads a file's statements; a failure where it holds what cannot be run. Nothing of it has been run then. */
export const prepareFile = (
  file: MigrationFile,
): { readonly prepared: PreparedFile } | { readonly failure: MigrationFailure } => {
  const { statements, directives, forPsql } = splitStatements(file.text);
  const refuse = (message: string, help: readonly string[], offset: number) => ({
    failure: makeFailure(file, message, help, offset),
  });

  if (forPsql) return refuse(...explainForPsql(forPsql), forPsql.offset);
  for (const { name, offset } of directives) {
    if (name === noTransaction) continue;
    const near = findSimilar(name, [noTransaction], 0).length > 0 ? ` Is "${noTransaction}" meant?` : '';
    return refuse(
      `there is no directive "ashlar:${name}"`,
      [`A migration knows one: -- ashlar:${noTransaction}.${near}`],
      offset,
    );
  }

  const transaction = directives.length === 0;
  if (transaction) {
    const ends = statements.find((statement) => readControl(statement) === 'undo');
    if (ends) {
      return refuse(
        `${ends.head.slice(0, 2).join(' ')} cannot be part of a migration`,
        [
          'A file is one transaction: it is done as a whole or not at all. Take this statement out.',
          `A file that opens and ends transactions as it likes begins with: -- ashlar:${noTransaction}`,
        ],
        ends.start,
      );
    }
    const isControl = (statement: FileStatement): boolean => readControl(statement) !== undefined;
    return {
      prepared: {
        file,
        transaction,
        statements: statements.filter((statement) => !isControl(statement)),
        ownTransaction: statements.find(isControl),
      },
    };
  }

  const open = statements.findLast((statement) => readControl(statement) !== undefined);
  if (open && readControl(open) === 'begin') {
    return refuse(
      'this transaction is never ended',
      ['The file has no COMMIT after it, so that nothing of it would stay. Add one.'],
      open.start,
    );
  }
  return { prepared: { file, transaction, statements, ownTransaction: undefined } };
};

/** What a statement does to the transaction as a whole; undefined: nothing. Savepoints are a file's own affair. */
const readControl = ({ head }: FileStatement): 'begin' | 'commit' | 'undo' | undefined => {
  const [first, second, third] = head;
  switch (first) {
    case 'BEGIN':
      return 'begin';
    case 'START':
      return second === 'TRANSACTION' ? 'begin' : undefined;
    case 'COMMIT':
    case 'END':
      return second === 'PREPARED' ? undefined : 'commit';
    case 'ROLLBACK':
      // ROLLBACK [WORK | TRANSACTION] TO SAVEPOINT stays inside.
      return second === 'PREPARED' || second === 'TO' || third === 'TO' ? undefined : 'undo';
    case 'ABORT':
      return 'undo';
    case 'PREPARE':
      return second === 'TRANSACTION' ? 'undo' : undefined;
    default:
      return undefined;
  }
};

const explainForPsql = ({ kind, text }: ForPsql): [message: string, help: readonly string[]] => {
  if (kind === 'copy-from-stdin') {
    return [
      'COPY … FROM stdin has its rows in the file, which only psql can read',
      ['Write INSERTs instead. pg_dump does so with: pg_dump --inserts, or --rows-per-insert=1000'],
    ];
  }
  const command = /^\\\S*/.exec(text)?.[0] ?? '\\';
  return [
    `${command} is a command of psql, not SQL`,
    [
      command === '\\i' || command === '\\ir' || command === '\\include'
        ? 'A migration holds its SQL itself: put what the other file says in its place.'
        : 'A migration holds SQL only. Take the line out.',
    ],
  ];
};
