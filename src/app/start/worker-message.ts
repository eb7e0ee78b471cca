import type { ConnectOptions } from '../../db/index.ts';
import type { ProjectKeys } from '../project/project-keys.ts';
import type { SettingValues } from '../settings/settings.ts';

/** What a worker serves. It comes as a message, as an environment or a command line could be seen by others. */
export type WorkerJob = {
  readonly folder: string;
  readonly title: string;
  readonly database: WorkerDatabase;
  readonly keys: ProjectKeys;
  readonly values: SettingValues;
  readonly listening: { readonly host: string; readonly port: number; readonly url: string };
};

/** Plain data, as functions cannot be sent. */
export type WorkerDatabase =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'login'; readonly login: ConnectOptions };

/** From the parent to a worker. */
export type ToWorker =
  | { readonly kind: 'job'; readonly job: WorkerJob }
  /** A connection comes along. */
  | { readonly kind: 'connection' }
  /** It answers what it has, and ends. Connections that were sent before are served. */
  | { readonly kind: 'stop' };

/** From a worker to the parent. */
export type FromWorker =
  /** It has read the schema and can answer. */
  | { readonly kind: 'ready' }
  /** The next of the connections that came is its own now; nothing has been read from it yet. */
  | { readonly kind: 'took' }
  /** It cannot do its job, for a reason that a person can do something about. */
  | { readonly kind: 'failed'; readonly reason: string };
