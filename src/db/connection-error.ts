/** Why a connection or the pool could not do the work. */
export type ConnectionErrorKind =
  /** The work had been sent when the connection broke: it may or may not have been done. */
  | 'lost'
  /** No connection could be had within `acquireTimeoutMs`. Nothing was sent. */
  | 'acquire-timeout'
  /** The server could not be reached or refused the login. Nothing was sent. */
  | 'connect-failed'
  /** The pool was closed. Nothing was sent. */
  | 'closed'
  /** A parameter that cannot be sent, such as text with a NUL. Nothing was sent. */
  | 'bad-parameter'
  /** More bytes of rows came than were wanted (`maxBytes`). The statements were run all the same. */
  | 'too-long'
  /** The server said something that is not of the protocol, or that this room does not speak. */
  | 'protocol';

/**
 * Something failed between us and Postgres (what Postgres itself reports is a `PgError`).
 * `cause` has what is known of the reason.
 */
export class ConnectionError extends Error {
  readonly kind: ConnectionErrorKind;

  constructor(kind: ConnectionErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ConnectionError';
    this.kind = kind;
  }
}

export const isConnectionError = (error: unknown): error is ConnectionError =>
  error instanceof ConnectionError;

/**
 * The connection broke after the work had been sent and before the answer was complete. Whether a
 * write was done is unknown; a read can be repeated.
 */
export const isConnectionLost = (error: unknown): error is ConnectionError =>
  error instanceof ConnectionError && error.kind === 'lost';

/** More rows came than the caller was ready to hold; a read can be repeated as a stream. */
export const isTooLong = (error: unknown): error is ConnectionError =>
  error instanceof ConnectionError && error.kind === 'too-long';
