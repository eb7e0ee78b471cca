/** Why the embedded Postgres could not be started. */
export type EmbeddedErrorKind =
  /** There is no build for this platform, or it was not installed. */
  | 'no-build'
  /** We are root, and there is no user that Postgres could run as. */
  | 'no-account'
  /** Another process has the folder. */
  | 'in-use'
  /** The data is another user's, or of another major version. */
  | 'foreign-data'
  | 'port-taken'
  /** The data directory could not be made. */
  | 'create-failed'
  | 'disk-full'
  /** Too little memory, or shared memory. */
  | 'no-memory'
  /** `postmaster.pid` names a process that runs and is not known to be Postgres. We never delete that file. */
  | 'locked'
  /** Processes of the last run did not end. */
  | 'still-in-use'
  /** The directory of the socket cannot be made or written to. */
  | 'no-socket'
  /** The files are not whole. */
  | 'damaged'
  | 'start-failed';

/** What went wrong with the embedded Postgres; the message says what to do about it. */
export class EmbeddedError extends Error {
  readonly kind: EmbeddedErrorKind;

  constructor(kind: EmbeddedErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'EmbeddedError';
    this.kind = kind;
  }
}
