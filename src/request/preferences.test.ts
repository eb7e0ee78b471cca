import { describe, expect, test } from 'vitest';
import { parsePreferences, printApplied } from './index.ts';

const read = (header: string | undefined, allowTxOverride = true) =>
  parsePreferences(header, { allowTxOverride });

describe('the Prefer header', () => {
  test('asks for nothing where it is absent', () => {
    expect(
      Object.values(read(undefined))
        .flat()
        .every((preference) => preference === undefined),
    ).toBe(true);
    expect(read('')).toEqual(read(undefined));
  });

  test('lists preferences between commas, with any space around', () => {
    expect(
      read(
        'resolution=ignore-duplicates,return=headers-only ,  count=planned, tx=rollback,missing=default,handling=strict',
      ),
    ).toEqual({
      resolution: 'ignore-duplicates',
      return: 'headers-only',
      count: 'planned',
      tx: 'rollback',
      missing: 'default',
      handling: 'strict',
      timezone: undefined,
      maxAffected: undefined,
      invalid: [],
    });
  });

  test('counts what is said first', () => {
    expect(read('count=exact, count=planned, timezone=UTC, timezone=Asia/Tokyo')).toMatchObject({
      count: 'exact',
      timezone: 'UTC',
      invalid: [],
    });
  });

  test('takes any time zone, and a number of rows', () => {
    expect(read('timezone=05:30, max-affected=100')).toMatchObject({ timezone: '05:30', maxAffected: 100 });
    expect(read('max-affected=many')).toMatchObject({ maxAffected: undefined, invalid: [] });
  });

  test('gathers what it does not know', () => {
    expect(read('handling=strict, foo, count=rough, Return=minimal, params=single-object,').invalid).toEqual([
      'foo',
      'count=rough',
      'Return=minimal',
      'params=single-object',
      '',
    ]);
  });

  test('does not choose how the transaction ends where the server does not let it', () => {
    expect(read('tx=rollback', false)).toMatchObject({ tx: undefined, invalid: [] });
  });
});

describe('the Preference-Applied header', () => {
  test('names the preferences in one order', () => {
    expect(
      printApplied(
        read(
          'max-affected=5, timezone=UTC, handling=strict, tx=commit, count=exact, return=minimal, missing=null, resolution=merge-duplicates',
        ),
      ),
    ).toBe(
      'resolution=merge-duplicates, missing=null, return=minimal, count=exact, tx=commit, handling=strict, timezone=UTC, max-affected=5',
    );
  });

  test('leaves max-affected out where handling is not strict', () => {
    expect(printApplied(read('max-affected=5, count=exact'))).toBe('count=exact');
  });

  test('is absent where nothing was applied', () => {
    expect(printApplied(read('foo'))).toBeUndefined();
  });
});
