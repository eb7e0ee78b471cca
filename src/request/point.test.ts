import { expect, test } from 'vitest';
import { pointAt } from './index.ts';

test('draws carets under a part of a parameter', () => {
  expect(pointAt('id,nme', { parameter: 'select', start: 3, end: 6 })).toBe('select=id,nme\n          ^^^');
});

test('draws one caret for a part of no length', () => {
  expect(pointAt('id', { parameter: 'select', start: 2, end: 2 })).toBe('select=id\n         ^');
});

test('cuts a long text on both sides of the part', () => {
  const picture = pointAt(`${'a'.repeat(500)}bad${'c'.repeat(500)}`, {
    parameter: 'x',
    start: 500,
    end: 503,
  });
  const [line, carets] = picture.split('\n');
  expect(line).toBe(`x=…${'a'.repeat(40)}bad${'c'.repeat(40)}…`);
  expect(line?.slice(carets?.indexOf('^'), carets?.length)).toBe('bad');
});

test('stays in two lines whatever the text holds, and counts characters', () => {
  expect(pointAt('a\n😀\tb', { parameter: 'x', start: 5, end: 6 })).toBe('x=a·😀·b\n      ^');
});
