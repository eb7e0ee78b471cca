import { expect, test } from 'vitest';
import { maskPassword } from './mask.ts';

test.each([
  ['postgres://me:pa%40ss@host/db', 'postgres://me:***@host/db'],
  ['postgres://me:a@b@host/db', 'postgres://me:***@host/db'],
  ['postgres://me:a/b@host/db', 'postgres://me:***@host/db'],
  ['postgres://me@host/db?sslmode=require', 'postgres://me@host/db?sslmode=require'],
  [
    'postgres:///db?host=h&user=me&password=secret&port=1',
    'postgres:///db?host=h&user=me&password=***&port=1',
  ],
  ['host=h user=me password=secret dbname=db', 'host=h user=me password=*** dbname=db'],
  ["host=h password = 'a \\' b' dbname=db", 'host=h password = *** dbname=db'],
])('the address %s is shown as %s', (address, shown) => {
  expect(maskPassword(address)).toBe(shown);
});
