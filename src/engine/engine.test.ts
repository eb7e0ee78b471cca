import { describe, expect, test } from 'vitest';
import { problem, Refusal } from '../base/index.ts';
import { PgError, type PgErrorFields } from '../db/index.ts';
import { printArray, printList } from './array-literal.ts';
import { addRows, Frame, framingOf } from './frame.ts';
import { problemOf } from './pg-problem.ts';
import { PlanCache } from './plan-cache.ts';

describe('array literals', () => {
  test('quote every element', () => {
    expect(printArray(['a', 'b"c', 'd\\e', '', 'NULL', 'x,y'])).toBe(
      '{"a","b\\"c","d\\\\e","","NULL","x,y"}',
    );
    expect(printArray([])).toBe('{}');
  });

  test('a list of one empty element is empty, as in in.()', () => {
    expect(printList([''])).toBe('{}');
    expect(printList(['', ''])).toBe('{"",""}');
  });
});

const rows = (...values: (string | null)[][]) =>
  values.map((row) => row.map((value) => (value === null ? null : Buffer.from(value))));

const framed = (mode: 'rows' | 'csv' | 'geojson', values: (string | null)[][]) => {
  const framing = framingOf(mode === 'rows' ? { mode, stripNulls: false } : { mode });
  if (framing === undefined) throw new Error('no framing');
  const frame = new Frame(framing);
  addRows(frame, rows(...values), mode === 'csv');
  frame.close();
  return frame.take().toString();
};

describe('frames', () => {
  test('rows become an array', () => {
    expect(framed('rows', [['{"a":1}'], ['{"a":2}']])).toBe('[{"a":1}, \n {"a":2}]');
    expect(framed('rows', [])).toBe('[]');
  });

  test('a row that is NULL is null', () => {
    expect(framed('rows', [[null], ['1']])).toBe('[null, \n 1]');
  });

  test('CSV has its header before the first line', () => {
    expect(
      framed('csv', [
        ['1,x', 'id,name'],
        ['2,y', null],
      ]),
    ).toBe('id,name\n1,x\n2,y');
  });

  test('features become a collection', () => {
    expect(JSON.parse(framed('geojson', [['{"type":"Feature"}']]))).toEqual({
      type: 'FeatureCollection',
      features: [{ type: 'Feature' }],
    });
  });
});

describe('the cache of plans', () => {
  const plan = (text: string) =>
    ({ compiled: { main: { text, params: [] } } }) as unknown as Parameters<PlanCache['keep']>[2];

  test('finds what it was given for the same reading of the database', () => {
    const cache = new PlanCache();
    const kept = plan('select 1');
    cache.keep(1, 'a', kept);
    expect(cache.find(1, 'a')).toBe(kept);
    expect(cache.find(1, 'b')).toBeUndefined();
  });

  test('a new reading empties it, and an older one is not kept', () => {
    const cache = new PlanCache();
    cache.keep(1, 'a', plan('select 1'));
    cache.keep(2, 'b', plan('select 2'));
    expect(cache.find(2, 'a')).toBeUndefined();
    expect(cache.find(1, 'a')).toBeUndefined();
    cache.keep(1, 'c', plan('select 3'));
    expect(cache.size).toBe(1);
  });

  test('what was not used for longest goes first', () => {
    const cache = new PlanCache(2);
    cache.keep(1, 'a', plan('a'));
    cache.keep(1, 'b', plan('b'));
    cache.find(1, 'a');
    cache.keep(1, 'c', plan('c'));
    expect(cache.find(1, 'a')).toBeDefined();
    expect(cache.find(1, 'b')).toBeUndefined();
  });

  test('is bounded by bytes, too', () => {
    const cache = new PlanCache(1_000, 20_000);
    for (let i = 0; i < 50; i++) cache.keep(1, `key ${i}`, plan('x'.repeat(1_000)));
    expect(cache.size).toBeLessThan(5);
  });
});

describe('problems', () => {
  test('a refusal is told as it is', () => {
    expect(problemOf(new Refusal(problem('PGRST116')), true)?.code).toBe('PGRST116');
  });

  const raised = (fields: { code: string; message?: string; detail?: string }) =>
    problemOf(new PgError({ severity: 'ERROR', message: '', ...fields } as PgErrorFields, 0), true);
  const written = (detail: unknown) =>
    raised({
      code: 'PGRST',
      message: JSON.stringify({ code: '123', message: 'no' }),
      detail: JSON.stringify(detail),
    });

  test('a function chooses the status of its error, if it is one that ends an answer', () => {
    expect(raised({ code: 'PT402' })?.status).toBe(402);
    expect(raised({ code: 'PT600' })?.status).toBe(600);
    expect(raised({ code: 'PT100' })?.status).toBe(500);
    expect(raised({ code: 'PT099' })?.status).toBe(500);
    expect(written({ status: 419, headers: {} })?.status).toBe(419);
    for (const status of [5, 100, 199, 1000, 400.5])
      expect(written({ status, headers: {} })?.code).toBe('PGRST121');
  });

  test('a function chooses the headers of its error, but not where the answer ends', () => {
    expect(written({ status: 400, headers: { 'X-A': 'b', 'content-length': '1' } })?.headers).toEqual([
      ['X-A', 'b'],
    ]);
    expect(written({ status: 400, headers: { 'X A': 'b' } })?.code).toBe('PGRST121');
    expect(written({ status: 400, headers: { '': 'b' } })?.code).toBe('PGRST121');
  });

  test('an error that is ours tells nothing', () => {
    expect(problemOf(new TypeError('secret insides'), true)).toBeUndefined();
  });
});
