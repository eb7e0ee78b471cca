import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import type { Measured } from './measure.ts';

/** Something that was measured in one run. */
export type Section<T> = { readonly date: string; readonly revision: string } & T;

/** All that was measured, each part the last time it was. */
export type Results = {
  machine?: {
    readonly cpu: string;
    readonly cores: number;
    readonly memory: number;
    readonly system: string;
    readonly node: string;
    readonly postgres: string;
  };
  /** Side by side, by the work's name. */
  work: { [work: string]: Section<{ readonly rows: readonly Measured[] }> };
  /** At the same rate for all, half of the most that the one by hand can do. */
  half: { [work: string]: Section<{ readonly rate: number; readonly rows: readonly Measured[] }> };
  growth?: Section<{ readonly rows: readonly Measured[] }>;
  shapes?: Section<{ readonly rows: readonly Measured[]; readonly server: number; readonly backend: number }>;
  /** MiB. */
  memory?: Section<{ readonly idle: number; readonly load: { readonly [work: string]: number } }>;
  /** Milliseconds. */
  start?: Section<{ readonly existing: number; readonly empty: number | undefined }>;
};

const file = join(import.meta.dirname, 'results.json');

export const readResults = (): Results =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : { work: {}, half: {} };

/** Three digits say all that can be said. */
const shorten = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;

export const writeResults = (results: Results): void =>
  writeFileSync(file, `${JSON.stringify(results, shorten, 2)}\n`);

export const describeMachine = (postgres: string): NonNullable<Results['machine']> => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()} ${arch()}`,
  node: process.version,
  postgres,
});
