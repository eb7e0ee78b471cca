import { expect, test } from 'vitest';
import { readParameters } from './index.ts';

test('reads names and values, in order and repeated', () => {
  expect(readParameters('a=1&b=2&a=3')).toEqual([
    { name: 'a', value: '1' },
    { name: 'b', value: '2' },
    { name: 'a', value: '3' },
  ]);
});

test('tells no value from an empty one', () => {
  expect(readParameters('a&b=')).toEqual([
    { name: 'a', value: undefined },
    { name: 'b', value: '' },
  ]);
});

test('takes only the first equals sign for a separator', () => {
  expect(readParameters('a=b=c')).toEqual([{ name: 'a', value: 'b=c' }]);
});

test('takes a semicolon for a separator as well, and passes over what is empty', () => {
  expect(readParameters('?a=1;b=2&&;c=3')).toEqual([
    { name: 'a', value: '1' },
    { name: 'b', value: '2' },
    { name: 'c', value: '3' },
  ]);
});

test('decodes percent-encoding and plus signs, in names too', () => {
  expect(readParameters('a%20b+c=%C3%A9%2B+%26')).toEqual([{ name: 'a b c', value: 'é+ &' }]);
});

test('leaves a percent sign that encodes nothing as it is', () => {
  expect(readParameters('a=100%&b=%zz+%4')).toEqual([
    { name: 'a', value: '100%' },
    { name: 'b', value: '%zz %4' },
  ]);
});

test('puts U+FFFD for bytes that are no UTF-8, and keeps what is', () => {
  expect(readParameters('a=%FFx%C3%A9%C3')).toEqual([{ name: 'a', value: '\uFFFDxé\uFFFD' }]);
});

test('keeps a byte order mark', () => {
  expect(readParameters('a=%EF%BB%BFb%FF')).toEqual([{ name: 'a', value: '\uFEFFb\uFFFD' }]);
});
