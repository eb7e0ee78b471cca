import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type AccessChange,
  type AccessMatrix,
  compareAccess,
  expectedAccess,
  parseExpectedAccess,
  printExpectedAccess,
} from '../../access/index.ts';
import { AppFailure } from '../failure.ts';

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Compares a matrix with what was written down.
 *
 * @throws AppFailure where there is no such file, or it is of another form
 */
export const checkExpectedAccess = (matrix: AccessMatrix, file: string): readonly AccessChange[] => {
  const path = resolve(file);
  const text = read(path);
  if (text === undefined)
    throw new AppFailure(
      `There is no ${path} yet. Write it, and read it: ashlar access --expect ${file} --update`,
    );
  const expected = parseExpectedAccess(text);
  if (expected === undefined)
    throw new AppFailure(
      `${path} is not what "ashlar access" writes. Write it anew, and read the difference: ashlar access --expect ${file} --update`,
    );
  return compareAccess(expected, expectedAccess(matrix));
};

/** Writes down what a matrix says; gives what is new in it. */
export const updateExpectedAccess = (matrix: AccessMatrix, file: string): readonly AccessChange[] => {
  const path = resolve(file);
  const now = expectedAccess(matrix);
  const before = parseExpectedAccess(read(path) ?? '') ?? { version: 1, roles: {} };
  try {
    writeFileSync(path, printExpectedAccess(now));
  } catch (error) {
    throw new AppFailure(`${path} cannot be written: ${(error as Error).message}`, error);
  }
  return compareAccess(before, now);
};
