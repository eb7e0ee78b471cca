import type { Observation } from '../base/index.ts';
import { isPgError } from '../db/index.ts';

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { stack = error.message } = error;
  return isPgError(error) ? stack.replace(error.message, `SQLSTATE ${error.code}`) : stack;
};

/**
 * What is told of an error that is ours. Of what Postgres says only its code: its message and details may have
 * values of rows in them.
 *
 * @param id of the request that met it
 */
export const internalError = (name: string, error: unknown, id?: string): Observation => ({
  level: 'error',
  name,
  message: describe(error),
  ...(id === undefined ? {} : { fields: { request: id } }),
});
