import { describe, expect, test } from 'vitest';
import { attempt } from '../base/index.ts';
import { parseQuery } from '../request/index.ts';
import { readPage } from './page.ts';

const page = (query: string, range?: string, maxRows?: number) => {
  const parsed = parseQuery(query, { routine: false });
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return readPage(parsed.value, range, maxRows);
};

const refused = (query: string, range?: string) => {
  const result = attempt(() => page(query, range));
  return result.ok ? undefined : result.problem.details;
};

describe('the page of a request', () => {
  test('is everything if nothing is said', () => {
    expect(page('')).toEqual({
      asked: { offset: 0, limit: undefined },
      served: { offset: 0, limit: undefined },
    });
  });

  test('comes from limit and offset', () => {
    expect(page('limit=5&offset=10').asked).toEqual({ offset: 10, limit: 5 });
    expect(page('offset=10').asked).toEqual({ offset: 10, limit: undefined });
  });

  test('comes from the Range header, both ends included', () => {
    expect(page('', '5-9')).toMatchObject({ asked: { offset: 5, limit: 5 } });
    expect(page('', '5-').asked).toEqual({ offset: 5, limit: undefined });
  });

  test('is what both agree on', () => {
    expect(page('limit=5', '2-20').asked).toEqual({ offset: 2, limit: 3 });
  });

  test('may be empty on purpose', () => {
    expect(page('limit=0').asked).toEqual({ offset: 0, limit: 0 });
    expect(page('limit=0&offset=4', '0-9').asked).toEqual({ offset: 0, limit: 0 });
  });

  test('is cut to the maximum, though the client asked for more', () => {
    expect(page('limit=50', undefined, 10)).toMatchObject({ asked: { limit: 50 }, served: { limit: 10 } });
    expect(page('', undefined, 10).served).toEqual({ offset: 0, limit: 10 });
    expect(page('limit=5', undefined, 10).served.limit).toBe(5);
  });

  test('is passed over where it is not a number', () => {
    expect(page('limit=many').asked).toEqual({ offset: 0, limit: undefined });
    expect(page('', 'items=0-9').asked).toEqual({ offset: 0, limit: undefined });
  });

  test('is refused where it ends before it begins', () => {
    expect(refused('limit=-1')).toBe('Limit should be greater than or equal to zero.');
    expect(refused('', '9-5')).toMatch(/lower boundary/);
    expect(refused('offset=10', '0-4')).toBe('Limit should be greater than or equal to zero.');
  });

  test('of an embedded resource is not the page of the target', () => {
    expect(page('select=*,tags(*)&tags.limit=3').asked.limit).toBeUndefined();
  });
});
