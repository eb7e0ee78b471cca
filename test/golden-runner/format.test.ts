import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatJson } from './format-json.ts';
import { formatSql } from './format-sql.ts';
import { parseRawRequest } from './raw-request.ts';
import { nameOf, readTokens } from './sql-tokens.ts';

describe('JSON laid out', () => {
  test('keeps digits, repeated keys and escapes', () => {
    expect(formatJson('{"id":9007199254740993,"id" : 0.10,"\\u00e9":[1e300, null]}')).toBe(
      '{ "id": 9007199254740993, "id": 0.10, "\\u00e9": [1e300, null] }',
    );
  });

  test('says the same as before', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(JSON.parse(formatJson(json))).toEqual(JSON.parse(json));
      }),
    );
  });

  test('is refused where there is none', () => {
    expect(() => formatJson('Aggregate')).toThrow(SyntaxError);
  });
});

describe('SQL laid out', () => {
  test('has a line for each clause, and subqueries indented', () => {
    expect(formatSql('SELECT "a" FROM (SELECT 1 AS "a" LIMIT $1) AS b WHERE "a" IS DISTINCT FROM $2')).toBe(
      'SELECT "a"\nFROM (\n  SELECT 1 AS "a"\n  LIMIT $1\n) AS b\nWHERE "a" IS DISTINCT FROM $2',
    );
  });

  test('leaves what is quoted as it is', () => {
    const odd = `SELECT "a FROM b" AS " ""WHERE", ' LIMIT ''1', E'\\\\'' ORDER BY'`;
    expect(formatSql(odd)).toBe(odd);
    expect(
      readTokens(odd)
        .filter(({ kind }) => kind === 'identifier')
        .map(({ text }) => nameOf(text)),
    ).toEqual(['a FROM b', ' "WHERE']);
  });
});

describe('a raw request', () => {
  test('is a request line, headers and a body', () => {
    expect(parseRawRequest('POST /a?b=c HTTP/1.1\nPrefer: x\nprefer:  y: z\n\n{"a":\n\n1}\n')).toEqual({
      method: 'POST',
      path: '/a?b=c',
      headers: { prefer: 'x, y: z' },
      body: '{"a":\n\n1}',
    });
  });

  test('has the bytes of its headers', () => {
    expect(parseRawRequest('GET / HTTP/1.1\nX: é\n').headers).toEqual({ x: 'Ã©' });
  });

  test('is refused where a line is no header, or the target is not encoded', () => {
    expect(() => parseRawRequest('GET / HTTP/1.1\nnonsense\n')).toThrow('Not a header');
    expect(() => parseRawRequest('GET /a b HTTP/1.1\n')).toThrow('Not a request line');
  });
});
