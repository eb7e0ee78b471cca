import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApiOptions, TestRequest } from '../setup/api.ts';
import { parseRawRequest } from './raw-request.ts';

export const CASES = join(import.meta.dirname, '../golden');

/** Files that a case may have. */
export const KNOWN_FILES = [
  'request.http',
  /** Settings of the API, where they are not as `ashlar dev` has them. */
  'settings.json',
  'tree.json',
  'plan.json',
  'statement.sql',
  'response.http',
  /** Where Postgres 15 answers in another way. */
  'response.pg15.http',
] as const;

export type GoldenCase = {
  readonly name: string;
  readonly folder: string;
  readonly request: TestRequest;
  readonly settings: TestApiOptions;
};

/** The names of all cases, sorted. */
export const listCases = (): readonly string[] => readdirSync(CASES).sort();

export const readCase = (name: string): GoldenCase => {
  const folder = join(CASES, name);
  const settings = join(folder, 'settings.json');
  return {
    name,
    folder,
    request: parseRawRequest(readFileSync(join(folder, 'request.http'), 'utf8')),
    settings: existsSync(settings) ? (JSON.parse(readFileSync(settings, 'utf8')) as TestApiOptions) : {},
  };
};
