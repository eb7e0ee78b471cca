import { describe, expect, test } from 'vitest';
import { checksumText } from './checksum.ts';
import { prepareFile } from './prepare-file.ts';

const prepare = (text: string) => {
  const reading = prepareFile({
    name: '1.sql',
    path: 'migrations/1.sql',
    text,
    checksum: checksumText(text),
  });
  if ('failure' in reading) {
    const { message, place, help } = reading.failure;
    return { message, at: `${place?.line}:${place?.column}`, help: help.join(' ') };
  }
  const { transaction, statements, ownTransaction } = reading.prepared;
  return {
    transaction,
    statements: statements.map((statement) => statement.text),
    own: ownTransaction?.text,
  };
};

describe('a migration', () => {
  test('is one transaction', () => {
    expect(prepare('select 1; select 2')).toEqual({
      transaction: true,
      statements: ['select 1', 'select 2'],
      own: undefined,
    });
  });

  test('may say so itself, which changes nothing', () => {
    expect(
      prepare('select 0; begin; select 1; end; start transaction; select 2; commit and chain; commit work'),
    ).toEqual({ transaction: true, statements: ['select 0', 'select 1', 'select 2'], own: 'begin' });
  });

  test('may have savepoints', () => {
    const statements = ['savepoint a', 'rollback to a', 'rollback work to savepoint a', 'release a'];
    expect(prepare(statements.join(';'))).toMatchObject({ statements });
  });

  test.each(['rollback', 'abort', 'rollback and chain', "prepare transaction 'x'"])(
    'cannot undo or put off itself: %s',
    (statement) => {
      expect(prepare(`select 1;\n  ${statement};`)).toMatchObject({
        at: '2:3',
        message: expect.stringContaining('cannot be part of a migration'),
      });
    },
  );

  test('may run without a transaction, or with those it opens itself', () => {
    expect(prepare('-- ashlar:no-transaction\nvacuum; begin; select 1; rollback;')).toEqual({
      transaction: false,
      statements: ['vacuum', 'begin', 'select 1', 'rollback'],
      own: undefined,
    });
  });

  test('has to end the transaction that it opens', () => {
    expect(prepare('-- ashlar:no-transaction\nselect 1;\nbegin;\nselect 2;')).toMatchObject({
      at: '3:1',
      message: 'this transaction is never ended',
    });
  });

  test('is refused with a directive that does not exist', () => {
    expect(prepare('select 1;\n-- ashlar:no-transactions')).toMatchObject({
      at: '2:1',
      message: 'there is no directive "ashlar:no-transactions"',
      help: expect.stringContaining('Is "no-transaction" meant?'),
    });
    expect(prepare('-- ashlar:xyz')).toMatchObject({ help: expect.not.stringContaining('meant') });
  });

  test.each([
    ['\\i other.sql', '\\i is a command of psql, not SQL', 'put what the other file says in its place'],
    ['\\connect app', '\\connect is a command of psql, not SQL', 'Take the line out'],
    ['copy t from stdin;\n1\n\\.', 'COPY … FROM stdin has its rows in the file', 'pg_dump --inserts'],
  ])('is refused with %s', (text, message, help) => {
    expect(prepare(`select 1;\n${text}`)).toMatchObject({
      at: '2:1',
      message: expect.stringContaining(message),
      help: expect.stringContaining(help),
    });
  });
});
