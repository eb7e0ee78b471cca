import { expect, test } from 'vitest';
import type { Row } from '../db/index.ts';
import { addRows, Frame, framingOf } from './frame.ts';

const framing = framingOf({ mode: 'rows', stripNulls: false });

/** A row as the connection gives a long one: a view of memory that holds nothing else. */
const longRow = (letter: string): Row => [Buffer.alloc(11 + 300_000, letter).subarray(11)];

test('copies short rows and hands long ones over as they are, in their order', async () => {
  const frame = new Frame(framing!);
  const long = longRow('1');
  addRows(frame, [[Buffer.from('0')], long, [Buffer.from('2')], [Buffer.from('3')]], false);
  frame.close();
  const handed: Buffer[] = [];
  await frame.handTo((bytes) => {
    handed.push(bytes);
  });
  expect(handed[1]).toBe(long[0]);
  expect(handed).toHaveLength(3);
  expect(Buffer.concat(handed).toString()).toBe(`[0, \n ${'1'.repeat(300_000)}, \n 2, \n 3]`);
});

test('gives the memory of what was handed over back when it is told to', async () => {
  const frame = new Frame(framing!);
  addRows(frame, [longRow('1'), [Buffer.from('2')]], false);
  const handed: Buffer[] = [];
  await frame.handTo((bytes, release) => {
    handed.push(bytes);
    release();
    release();
  });
  expect(handed.map(({ length }) => length)).toEqual([0, 0, 0]);
});

test('copies a long row that shares its memory', async () => {
  const frame = new Frame(framing!);
  const memory = Buffer.alloc(11 + 300_001, '1');
  const value = memory.subarray(11, -1);
  addRows(frame, [[value]], false);
  await frame.handTo((_, release) => release());
  expect(value).toHaveLength(300_000);
});
