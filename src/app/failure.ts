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

/** Why a server could not listen. */
const describeListen = (error: NodeJS.ErrnoException, where: string, other: string): string | undefined => {
  switch (error.code) {
    case 'EADDRINUSE':
      return `${where} is taken: another program listens there, maybe an Ashlar that still runs. Stop it, or ${other}.`;
    case 'EACCES':
      return `${where} may not be used: ports below 1024 are for the system's administrator. To take another, ${other}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${where} is not an address of this machine. To take another, ${other}.`;
    default:
      return undefined;
  }
};

/**
 * Runs what listens, and explains why it could not.
 *
 * @param where as a person would say it: `Port 4000`
 * @param other how to take another: `choose another one with --port`
 */
export const explainListen = async <T>(where: string, other: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const errno = errnoOf(error);
    const message =
      errno?.syscall === 'listen' || errno?.syscall === 'getaddrinfo'
        ? describeListen(errno, where, other)
        : undefined;
    throw message === undefined ? error : new AppFailure(message, error);
  }
};

/** What to tell of an error that can be expected; undefined: it is a bug of ours. */
export const explainFailure = (error: unknown): string | undefined => {
  if (error instanceof AppFailure || error instanceof ConfigError || error instanceof EmbeddedError)
    return error.message;
  if (isConnectionError(error)) return error.message;
  const errno = errnoOf(error);
  return errno?.path === undefined ? undefined : errno.message;
};
