import { expect, test } from 'vitest';
import { readDefault } from './default.ts';

test.each([
  ['text', "'draft'::text", 'draft'],
  ['text', "''::text", ''],
  ['character varying', "'x'::character varying", 'x'],
  ['date', "'1900-01-01'::date", '1900-01-01'],
  ['test.mood', "'happy'::test.mood", 'happy'],
  ['timestamp with time zone', 'now()', 'now()'],
  ['uuid', 'gen_random_uuid()', 'gen_random_uuid()'],
  ['boolean', 'false', false],
  ['integer', '42', 42],
  ['bigint', '9007199254740991', 9007199254740991],
  ['numeric', '42.20', 42.2],
])('a default of %s that is written %s is %j', (type, expression, value) => {
  expect(readDefault(type, expression)).toBe(value);
});

test.each([
  ['integer', "nextval('numbers'::regclass)"],
  ['integer', "'-1'::integer"],
  ['integer', '(1 + 1)'],
  ['boolean', 'is_admin()'],
  ['text[]', "'{}'::text[]"],
  ['jsonb', "'{}'::jsonb"],
  ['text', `'with "quotes"'::text`],
])('a default of %s that is written %s cannot be said in JSON', (type, expression) => {
  expect(readDefault(type, expression)).toBeUndefined();
});

test('a number that JSON would change is left out', () => {
  expect(readDefault('bigint', '9223372036854775807')).toBeUndefined();
  expect(readDefault('numeric', '0.12345678901234567890')).toBeUndefined();
});
