import { expect, test } from 'vitest';
import type { Parameter } from '../../model/index.ts';
import { loadParser } from './parser.ts';
import { findUnsafeSql } from './unsafe-sql.ts';

const parameter = (name: string, type: string): Parameter => ({
  name,
  type,
  inputType: type,
  typeOid: 25,
  required: true,
  variadic: false,
});

const find = async (body: string) =>
  findUnsafeSql(
    await loadParser(),
    `create function f(word text, number integer) returns setof record language plpgsql as $$ ${body} $$`,
    [parameter('word', 'text'), parameter('number', 'integer')],
  );

test.each([
  ["begin execute 'select ' || word; end", "'select ' || word"],
  ['begin execute word; end', 'word'],
  ['begin execute $1; end', '$1'],
  ["begin return query execute 'select * from x where a = ''' || lower(word) || ''''; end", undefined],
  ["declare q text; begin q := 'select ' || word; execute q; end", 'q'],
  ["declare q text := 'a' || word; r text; begin r := q; execute r; end", 'r'],
  ["begin execute format('select * from %s', word); end", "format('select * from %s', word)"],
  [
    "begin execute format('select %1$L, %2$s', number, word); end",
    "format('select %1$L, %2$s', number, word)",
  ],
  [
    "declare r record; begin for r in execute 'select ' || word loop null; end loop; end",
    "'select ' || word",
  ],
])('finds what a caller can put in: %s', async (body, expected) => {
  const found = await find(body);
  expect(found === undefined).toBe(false);
  if (expected !== undefined) expect(found).toBe(expected);
});

test.each([
  ["begin execute 'select 1'; end"],
  ["begin execute 'select $1' using word; end"],
  ["begin execute 'select ' || quote_literal(word); end"],
  ["begin execute format('select * from %I where a = %L and b = %s', word, word, number); end"],
  ["begin execute 'select * from t limit ' || number; end"],
  ["begin execute 'select ' || word::int; end"],
  ["begin execute 'select * from ' || word::regclass; end"],
  ["declare q text; begin q := 'select 1'; execute q; perform word; end"],
  ["begin execute case when word = 'a' then 'select 1' else 'select 2' end; end"],
])('finds nothing in what is bound, quoted or no text: %s', async (body) => {
  expect(await find(body)).toBeUndefined();
});
