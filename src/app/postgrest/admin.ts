import type { TokenCounts } from '../../credentials/index.ts';
import type { Pool } from '../../db/index.ts';
import { type Handle, type HttpResponse, jsonResponse } from '../../http/index.ts';
import type { ModelKeeper } from '../model-keeper.ts';

export type AdminOptions = {
  readonly pool: Pool;
  readonly poolSize: number;
  readonly model: () => ModelKeeper;
  /** Whether the server for requests listens. */
  readonly live: () => boolean;
  /** Whether the schema has been read, and the database answers. */
  readonly ready: () => Promise<boolean>;
  readonly counts: () => SchemaCounts;
  readonly tokens: TokenCounts;
};

/** How reading the schema went. */
export type SchemaCounts = {
  readonly loaded: number;
  readonly failed: number;
  /** Of the last reading. */
  readonly seconds: number;
};

const empty = (status: number): HttpResponse => ({
  status,
  headers: [['Content-Length', '0']],
  body: undefined,
});

const metric = (name: string, type: 'gauge' | 'counter', help: string, samples: readonly string[]): string =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map((sample) => `${name}${sample}`),
    '',
  ].join('\n');

const printMetrics = ({ pool, poolSize, counts, tokens }: AdminOptions): string => {
  const { connections, idle, waiting, timeouts } = pool.stats;
  const { loaded, failed, seconds } = counts();
  return [
    metric(
      'pgrst_schema_cache_query_time_seconds',
      'gauge',
      'How long the last reading of the schema took.',
      [` ${seconds}`],
    ),
    metric('pgrst_schema_cache_loads_total', 'counter', 'How often the schema was read.', [
      `{status="SUCCESS"} ${loaded}`,
      `{status="FAIL"} ${failed}`,
    ]),
    metric(
      'pgrst_db_pool_timeouts_total',
      'counter',
      'How often a request waited too long for a connection.',
      [` ${timeouts}`],
    ),
    metric('pgrst_db_pool_available', 'gauge', 'Connections that are free, or not opened yet.', [
      ` ${poolSize - connections + idle}`,
    ]),
    metric('pgrst_db_pool_waiting', 'gauge', 'Requests that wait for a connection.', [` ${waiting}`]),
    metric('pgrst_db_pool_max', 'gauge', 'The most connections there may be.', [` ${poolSize}`]),
    metric('pgrst_jwt_cache_requests_total', 'counter', 'How often it was looked whether a token is known.', [
      ` ${tokens.requests}`,
    ]),
    metric('pgrst_jwt_cache_hits_total', 'counter', 'How often it was.', [` ${tokens.hits}`]),
    metric('pgrst_jwt_cache_evictions_total', 'counter', 'Tokens that were forgotten to make room.', [
      ` ${tokens.evictions}`,
    ]),
  ].join('');
};

/** The admin server's answers (PostgREST, "Admin Server"): /live, /ready, /schema_cache, /metrics. */
export const makeAdminHandle =
  (options: AdminOptions): Handle =>
  async ({ path }) => {
    switch (path) {
      case '/live':
        return empty(options.live() ? 200 : 500);
      case '/ready':
        return empty((await options.ready()) ? (options.live() ? 200 : 500) : 503);
      case '/schema_cache':
        return jsonResponse(200, JSON.stringify(options.model().current()?.index.model ?? null));
      case '/metrics': {
        const body = Buffer.from(printMetrics(options));
        return {
          status: 200,
          headers: [
            ['Content-Type', 'text/plain; version=0.0.4; charset=utf-8'],
            ['Content-Length', String(body.length)],
          ],
          body,
        };
      }
      default:
        return empty(404);
    }
  };
