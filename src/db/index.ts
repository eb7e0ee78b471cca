/**
 * db: connections to Postgres, and the Postgres that comes along.
 *
 * A pool runs exchanges (statements with one Sync: one round trip, one implicit transaction), streams,
 * transactions and LISTEN; rows pass as the bytes Postgres sent. What Postgres reports is a `PgError`,
 * what fails between us and it is a `ConnectionError`.
 */
export type { ConnectOptions } from './connect-options.ts';
export {
  ConnectionError,
  type ConnectionErrorKind,
  isConnectionError,
  isConnectionLost,
  isTooLong,
} from './connection-error.ts';
export { EmbeddedError, type EmbeddedErrorKind } from './embedded/embedded-error.ts';
export type { KeepEvent } from './embedded/keep-postmaster.ts';
export type { PostmasterExit, StopMode } from './embedded/postmaster.ts';
export {
  type Embedded,
  type EmbeddedOptions,
  type EmbeddedStep,
  startEmbedded,
} from './embedded/start-embedded.ts';
export type { OnOverflow, OnRows, RowTaker } from './exchange.ts';
export type { ListenOptions, Subscription } from './listener.ts';
export { releaseLong } from './message-reader.ts';
export { isPgError, PgError, type PgErrorFields } from './pg-error.ts';
export {
  createPool,
  type Pool,
  type PoolOptions,
  type PoolStats,
  type RunOptions,
  type StreamOptions,
} from './pool.ts';
export { openSession, type Session, type SessionOptions, type SessionRow } from './session.ts';
export {
  type Column,
  countAffected,
  type Outcome,
  type Param,
  type Row,
  type Statement,
} from './statement.ts';
export type { Transaction, TransactionOptions } from './transaction.ts';
