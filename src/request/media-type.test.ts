import { describe, expect, test } from 'vitest';
import { parseAccept, parseMediaType, printMediaType } from './index.ts';

const printed = (accept: string | undefined) => parseAccept(accept).map(printMediaType);

describe('media types', () => {
  test('names are told in lower case, parameters that mean nothing are dropped', () => {
    expect(printMediaType(parseMediaType('Application/JSON; charset=utf-8'))).toBe('application/json');
  });

  test('one object instead of an array, with or without nulls', () => {
    expect(parseMediaType('application/vnd.pgrst.object+json')).toEqual({
      kind: 'object',
      stripNulls: false,
    });
    expect(parseMediaType('application/vnd.pgrst.object;nulls=stripped')).toEqual({
      kind: 'object',
      stripNulls: true,
    });
  });

  test('an array that keeps its nulls is just JSON', () => {
    expect(printMediaType(parseMediaType('application/vnd.pgrst.array+json'))).toBe('application/json');
    expect(parseMediaType('application/vnd.pgrst.array+json; nulls=stripped').kind).toBe('stripped array');
  });

  test('a plan names what it is of, its format and its options', () => {
    const type = parseMediaType(
      'application/vnd.pgrst.plan+json; for="text/csv"; options=wal|analyze|nonsense',
    );
    expect(type).toEqual({
      kind: 'plan',
      of: { kind: 'plain', name: 'text/csv' },
      format: 'json',
      options: ['analyze', 'wal'],
    });
    expect(printMediaType(type)).toBe('application/vnd.pgrst.plan+json; for="text/csv"; options=analyze|wal');
  });

  test('any other is a name as it stands', () => {
    expect(parseMediaType('application/vnd.twkb')).toEqual({ kind: 'plain', name: 'application/vnd.twkb' });
    expect(parseMediaType('nonsense')).toEqual({ kind: 'plain', name: 'nonsense' });
  });
});

describe('Accept', () => {
  test('no header, or an empty one, takes any', () => {
    expect(printed(undefined)).toEqual(['*/*']);
    expect(printed('')).toEqual(['*/*']);
  });

  test('the best quality comes first, then the more specific, then as it stands', () => {
    expect(printed('text/csv;q=0.5, application/json, */*;q=0.1')).toEqual([
      'application/json',
      'text/csv',
      '*/*',
    ]);
    expect(printed('*/*, text/*, text/csv')).toEqual(['text/csv', 'text/*', '*/*']);
    expect(printed('text/csv, application/json')).toEqual(['text/csv', 'application/json']);
  });

  test('a comma in quotes separates nothing', () => {
    expect(parseAccept('application/vnd.pgrst.plan; for="a,b", text/csv')).toHaveLength(2);
  });
});
