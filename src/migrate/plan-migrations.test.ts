import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from './ledger.ts';
import type { MigrationFile } from './migration-file.ts';
import { findOddities, planMigrations } from './plan-migrations.ts';

/** `0001:a` is the file 0001.sql with the text a. */
const file = (spec: string): MigrationFile => {
  const [number, text = ''] = spec.split(':');
  return { name: `${number}.sql`, path: `migrations/${number}.sql`, text, checksum: `sum of ${text}` };
};
const entry = (spec: string): LedgerEntry => {
  const { name, checksum } = file(spec);
  return {
    kind: 'migration',
    name,
    checksum,
    appliedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 5,
    baseline: false,
  };
};
/** The plan, by names. */
const plan = (files: readonly string[], applied: readonly string[]) => {
  const made = planMigrations(files.map(file), applied.map(entry));
  return {
    pending: made.pending.map(({ name }) => name),
    edited: made.edited.map((edit) => edit.file.name),
    renamed: made.renamed.map((rename) => [rename.entry.name, rename.file.name]),
    missing: made.missing.map(({ name }) => name),
    late: made.late.map(({ name }) => name),
  };
};
const nothing = { pending: [], edited: [], renamed: [], missing: [], late: [] };

describe('the plan of a folder', () => {
  test('applies what the database has not seen, in order', () => {
    expect(plan(['1:a', '2:b', '3:c'], ['1:a'])).toEqual({ ...nothing, pending: ['2.sql', '3.sql'] });
  });

  test('has nothing to do where all is applied', () => {
    expect(plan(['1:a', '2:b'], ['1:a', '2:b'])).toEqual(nothing);
  });

  test('tells what was edited after it was applied', () => {
    expect(plan(['1:changed', '2:b'], ['1:a'])).toEqual({
      ...nothing,
      pending: ['2.sql'],
      edited: ['1.sql'],
    });
  });

  test('tells what was applied and is gone', () => {
    expect(plan(['2:b'], ['1:a', '2:b'])).toEqual({ ...nothing, missing: ['1.sql'] });
  });

  test('applies what stands before an applied one, and tells so', () => {
    expect(plan(['1:a', '2:b', '3:c', '4:d'], ['1:a', '3:c'])).toEqual({
      ...nothing,
      pending: ['2.sql', '4.sql'],
      late: ['2.sql'],
    });
  });

  test('follows a file that has another name', () => {
    expect(plan(['1:a', '5:b'], ['1:a', '2:b'])).toEqual({ ...nothing, renamed: [['2.sql', '5.sql']] });
  });

  test('does not guess a new name where two files have the same text', () => {
    expect(plan(['5:b', '6:b'], ['2:b'])).toEqual({
      ...nothing,
      pending: ['5.sql', '6.sql'],
      missing: ['2.sql'],
    });
    expect(plan(['5:b'], ['1:b', '2:b'])).toEqual({
      ...nothing,
      pending: ['5.sql'],
      missing: ['1.sql', '2.sql'],
    });
  });

  test('is told to people where it is odd', () => {
    const odd = planMigrations(['2:b', '3:c', '9:x'].map(file), ['1:a', '3:c', '4:x'].map(entry));
    expect(findOddities(odd).map(({ id, subject }) => `${id} ${subject}`)).toEqual([
      'migration-renamed migrations/9.sql',
      'migration-late migrations/2.sql',
      'migration-missing 1.sql',
    ]);
    expect(findOddities(planMigrations([file('1:a')], []))).toEqual([]);
  });
});
