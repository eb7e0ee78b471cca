import { describe, expect, test } from 'vitest';
import type { MigrationFailure } from './migration-failure.ts';
import { printFailure } from './print-failure.ts';

const failure: MigrationFailure = {
  file: 'migrations/0002_comments.sql',
  place: { line: 12, column: 29, text: '  post_id bigint references pots (id)' },
  code: '42P01',
  message: 'relation "pots" does not exist',
  detail: undefined,
  hint: undefined,
  context: undefined,
  help: [],
};

describe('a failure, printed', () => {
  test('shows the line with a caret below the place', () => {
    expect(printFailure(failure)).toBe(
      [
        'error[42P01]: relation "pots" does not exist',
        '  --> migrations/0002_comments.sql:12:29',
        '   |',
        '12 |   post_id bigint references pots (id)',
        '   |                             ^',
      ].join('\n'),
    );
  });

  test('says what Postgres and we have to say about it', () => {
    const text = printFailure({
      ...failure,
      detail: 'Key (a)=(1) is duplicated.',
      hint: 'Try\nagain.',
      context: 'PL/pgSQL function f() line 3 at RAISE',
      help: ['First.', 'Second.'],
    });
    expect(text.split('\n').slice(5)).toEqual([
      '   = detail: Key (a)=(1) is duplicated.',
      '   = hint: Try',
      '           again.',
      '   = in: PL/pgSQL function f() line 3 at RAISE',
      '   = help: First.',
      '   = help: Second.',
    ]);
  });

  test('may be about the file as a whole', () => {
    expect(printFailure({ ...failure, place: undefined, code: undefined })).toBe(
      'error: relation "pots" does not exist\n--> migrations/0002_comments.sql',
    );
  });

  test.each([
    ['tabs', '\tselect\toops', 9, `\t${' '.repeat(6)}\t`],
    ['wide characters', "select '漢字', oops", 14, ' '.repeat(15)],
    ['a character beyond the basic plane', "select '🦊', oops", 13, ' '.repeat(13)],
    ['a combining mark', "select 'e\u0301', oops", 14, ' '.repeat(12)],
  ])('keeps the caret in its column after %s', (_, text, column, blanks) => {
    const lines = printFailure({ ...failure, place: { line: 1, column, text } }).split('\n');
    expect(lines[4]).toBe(`  | ${blanks}^`);
  });

  test('is coloured where that is asked for, and else has no escape in it', () => {
    expect(printFailure(failure, { color: true })).toContain('\u001b[1;31merror[42P01]\u001b[0m');
    expect(printFailure({ ...failure, message: 'a\u001b[2Jb\u0007' })).toContain('a\ufffd[2Jb\ufffd');
  });
});
