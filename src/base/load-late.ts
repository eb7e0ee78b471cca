import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/**
 * A package that not every process needs, loaded when it is used for the first time.
 *
 * @example const parser = loadLate<typeof import('csv-parse/sync')>('csv-parse/sync');
 */
export const loadLate =
  <T>(name: string): (() => T) =>
  () =>
    load(name) as T;
