import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitStatements } from './split-statements.ts';

const texts = (source: string): readonly string[] =>
  splitStatements(source).statements.map(({ text }) => text);

describe('splitting a file', () => {
  test('leaves out blanks, comments and empty statements between statements', () => {
    expect(texts('-- one; two\n select 1 ;;\n/* a; /* b; */ c; */ select 2; -- end')).toEqual([
      'select 1',
      'select 2',
    ]);
  });

  test('tells where a statement begins', () => {
    const source = '\uFEFF-- héllo\n  select 1;\n\tselect 2';
    for (const { start, text } of splitStatements(source).statements) {
      expect(source.startsWith(text, start)).toBe(true);
    }
    expect(splitStatements(source).statements.map(({ start }) => start)).toEqual([12, 23]);
  });

  test.each([
    ['a string', "select ';'"],
    ['a string with a quote', "select 'it''s; fine'"],
    ['a string that ends in a backslash', "select 'c:\\'"],
    ['a string with escapes', "select E'it\\'s; \\\\'"],
    ['a string with escapes that goes on after a line break', "select E'a'\n  'it\\'s; fine'"],
    ['a string with Unicode escapes', "select U&'d\\0061t;'"],
    ['a quoted name', 'select 1 as "a;""b"'],
    ['a body in dollars', 'do $$ begin; end $$'],
    ['a body in dollars with a tag', 'do $a$ select $$;$$; $b$; $a$'],
    ['a body whose tag is not ASCII', 'do $größe$ ; $größe$'],
    ['parentheses', 'create rule r as on insert to t do also (select 1; select 2)'],
    ['a nested comment', 'select /* ; /* ; */ ; */ 1'],
    ['a comment of a line', 'select -- ;\n 1'],
    [
      'a body in standard SQL',
      'create function f() returns int begin atomic select 1; select case when true then 2 end; end',
    ],
    [
      'the body of a procedure that is replaced',
      'create or replace procedure p() language sql begin atomic insert into t values (1); end',
    ],
  ])('keeps %s together', (_, statement) => {
    expect(texts(`${statement}; select 'next'`)).toEqual([statement, "select 'next'"]);
  });

  test.each([
    ['a dollar inside of a name', 'select a$b$c, d$b$e'],
    ['a parameter', 'prepare p as select $1'],
    ['a name that ends in e before a string', "select name'c:\\'"],
    ['BEGIN that opens no body', 'begin'],
    ['END without a body', 'create view v as select case when true then 1 end'],
  ])('is not misled by %s', (_, statement) => {
    expect(texts(`${statement}; select 'next'`)).toEqual([statement, "select 'next'"]);
  });

  test.each([
    "select 'open; select 2",
    'select $$ open; select 2',
    'select "open; select 2',
    'select (1; select 2',
  ])('takes what is not terminated to the end: %s', (source) => {
    expect(texts(source)).toEqual([source]);
  });

  test('tells what a statement is by its first words', () => {
    const [statement] = splitStatements(
      'create extension if not exists "uuid-ossp" with schema x',
    ).statements;
    expect(statement?.head.slice(0, 6)).toEqual([
      'CREATE',
      'EXTENSION',
      'IF',
      'NOT',
      'EXISTS',
      '"uuid-ossp"',
    ]);
  });

  test('finds what is said to us, but not inside of strings', () => {
    const { directives } = splitStatements(
      "--ashlar:no-transaction\nselect '\n-- ashlar:nonsense\n'; -- see ashlar:this",
    );
    expect(directives).toEqual([{ name: 'no-transaction', text: '', offset: 0 }]);
  });

  test('stops at a command of psql', () => {
    const { statements, forPsql } = splitStatements('select 1;\n\\i other.sql\nselect 2');
    expect(statements).toHaveLength(1);
    expect(forPsql).toEqual({ kind: 'meta-command', offset: 10, text: '\\i other.sql' });
  });

  test('passes over what pg_dump writes around its output', () => {
    const { statements, forPsql } = splitStatements('\\restrict a1B2\nselect 1;\n\\unrestrict a1B2\n');
    expect(forPsql).toBeUndefined();
    expect(statements.map(({ text }) => text)).toEqual(['select 1']);
  });

  test('stops at COPY with its rows in the file', () => {
    const { forPsql } = splitStatements("COPY public.t (a, b) FROM stdin;\n1\tit's\n\\.\n");
    expect(forPsql).toMatchObject({ kind: 'copy-from-stdin', offset: 0 });
  });

  test('gives back the statements that were put together, whatever is quoted in them', () => {
    const quoted = fc.string({
      unit: fc.constantFrom("'", '"', '$', ';', '-', '\n', '\\', 'é', '(', '/', '*', 'a'),
    });
    const piece = fc.oneof(
      quoted.map((text) => `'${text.replaceAll("'", "''")}'`),
      quoted.map((text) => `"${text.replaceAll('"', '""')}"`),
      // Behind a line break a string would go on with its escapes.
      quoted.map((text) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}' +`),
      quoted.map((text) => `$q$${text.replaceAll('$', '')}$q$`),
      quoted.map((text) => `/*${text.replaceAll(/[*/]/g, '')}*/`),
      quoted.map((text) => `--${text.replaceAll('\n', '')}\n`),
      fc.constantFrom('a', '(1)', '+', '$1', '1.5', 'größe', '\n'),
    );
    const statement = fc.array(piece, { maxLength: 6 }).map((pieces) => `select ${pieces.join(' ')} end`);
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 5 }), (statements) => {
        expect(texts(statements.join(';\n'))).toEqual(statements);
      }),
    );
  });
});
