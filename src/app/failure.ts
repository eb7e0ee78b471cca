import { EmbeddedError, isConnectionError } from '../db/index.ts';
import { ConfigError } from './config/config-error.ts';

/** What was asked cannot be done; the message says why and what to do. */
export class AppFailure extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppFailure';
  }
}

const errnoOf = (error: unknown): NodeJS.ErrnoException | undefined =>
  error instanceof Error && 'syscall' in error ? (error as NodeJS.ErrnoException) : undefined;

/** What to tell of an error that can be expected; undefined: it is a bug of ours. */
export const explainFailure = (error: unknown): string | undefined => {
  if (error instanceof AppFailure || error instanceof ConfigError || error instanceof EmbeddedError)
    return error.message;
  if (isConnectionError(error)) return error.message;
  const errno = errnoOf(error);
  return errno?.path === undefined ? undefined : errno.message;
};
