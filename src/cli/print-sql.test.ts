import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printSql } from './print-sql.ts';

describe('printed SQL', () => {
  test('has its clauses on lines of their own, subqueries indented', () => {
    expect(
      printSql(
        'SELECT "a"."b", (SELECT count(*) FROM x) AS n FROM "s"."a" LEFT JOIN LATERAL (SELECT 1) AS l ON TRUE WHERE "a"."id" IN ($1, $2) ORDER BY "b" LIMIT 3',
      ),
    ).toBe(
      [
        'SELECT "a"."b", (',
        '  SELECT count(*)',
        '  FROM x',
        ') AS n',
        'FROM "s"."a"',
        'LEFT JOIN LATERAL (',
        '  SELECT 1',
        ') AS l ON TRUE',
        'WHERE "a"."id" IN ($1, $2)',
        'ORDER BY "b"',
        'LIMIT 3',
      ].join('\n'),
    );
  });

  test('leaves literals and quoted names as they are', () => {
    const sql = `SELECT 'a  FROM b''  WHERE (', "c  FROM ""d""", E'\\' FROM e', $x$ FROM $$ f $x$`;
    expect(printSql(sql)).toBe(sql);
  });

  test('differs from what it was in white space only, whatever it was', () => {
    const piece = fc.constantFrom(
      'SELECT',
      ' FROM ',
      '(',
      ')',
      "'",
      '"',
      '$',
      '$$',
      'a',
      '1',
      ' ',
      '\n',
      ',',
      '-- ',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const sql = pieces.join('');
        expect(printSql(sql).replace(/\s/g, '')).toBe(sql.replace(/\s/g, ''));
      }),
    );
  });
});
