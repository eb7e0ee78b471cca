import type { TableSettings } from '../../src/app/api.ts';
import {
  type Api,
  type HttpServer,
  keepModel,
  listen,
  type ModelKeeper,
  openApi,
} from '../../src/app/index.ts';
import { type Identity, ignoreObservations, makeIdentity } from '../../src/base/index.ts';
import { createPool, type Pool } from '../../src/db/index.ts';
import type { HttpRequest, HttpResponse, RequestHeaders } from '../../src/http/index.ts';
import type { TestDatabase } from './database.ts';

/** Settings of an API under test; what is left out is as in `ashlar dev`. */
export type TestApiOptions = {
  readonly schemas?: readonly string[];
  readonly extraSearchPath?: readonly string[];
  readonly maxRows?: number;
  readonly aggregates?: boolean;
  readonly explain?: boolean;
  readonly prefix?: string;
  readonly txEnd?: 'commit' | 'commit-allow-override' | 'rollback' | 'rollback-allow-override';
  readonly preRequest?: { readonly schema: string; readonly name: string };
  /** Default true: with what PostgREST has not. */
  readonly native?: boolean;
  readonly anonymousKeys?: boolean;
  readonly tables?: TableSettings;
  readonly fullOwners?: () => ReadonlySet<string>;
  readonly serverTiming?: boolean;
  /** The role of requests that name none. Default `anon`. */
  readonly anonymousRole?: string;
};

/** A request as a test writes it. */
export type TestRequest = {
  readonly method?: string;
  /** With the query string. */
  readonly path: string;
  readonly headers?: RequestHeaders;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
};

export type TestResponse = {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  readonly json: () => unknown;
};

/** An API on a test's database: asked without a socket by `ask`, or over one after `serve`. */
export type TestApi = {
  readonly api: Api;
  readonly pool: Pool;
  readonly model: ModelKeeper;
  readonly ask: (request: TestRequest | string) => Promise<TestResponse>;
  /** The raw response: for bodies that stream. */
  readonly handle: (request: TestRequest) => Promise<HttpResponse>;
  readonly serve: () => Promise<string>;
  readonly close: () => Promise<void>;
};

/**
 * In tests a caller just says who they are: `x-role` and `x-claims` (JSON), and `x-source: key` for who shows a key of
 * the project. No token is looked at.
 */
const identify = (anonymous: string) => {
  // As tokens that were seen before: the same words, the same identity.
  const known = new Map<string, Identity>();
  return (headers: RequestHeaders): Identity => {
    const role = headers['x-role'] ?? anonymous;
    const claims = JSON.stringify({ ...JSON.parse(headers['x-claims'] ?? '{}'), role });
    const source = headers['x-source'] === 'key' ? 'key' : role === anonymous ? 'anonymous' : 'token';
    const words = JSON.stringify([role, claims, source]);
    const identity = known.get(words) ?? makeIdentity(role, claims, source);
    known.set(words, identity);
    return identity;
  };
};

const toRequest = (request: TestRequest): HttpRequest => {
  const mark = request.path.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? request.path : request.path.slice(0, mark),
    query: mark < 0 ? '' : request.path.slice(mark + 1),
    headers: request.headers ?? {},
    body: async () => Buffer.from(request.body ?? ''),
    signal: request.signal ?? new AbortController().signal,
  };
};

const readBody = async (response: HttpResponse): Promise<string> => {
  const { body } = response;
  if (body === undefined) return '';
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  const chunks: Buffer[] = [];
  await body.pump((chunk) => {
    chunks.push(chunk);
  });
  return Buffer.concat(chunks).toString('utf8');
};

/**
 * Opens the API on a database. The schema is read once; call `model.reload()` after changing it.
 *
 * @example
 * const { ask, close } = await openTestApi(await createTestDatabase(18, { template }));
 * (await ask('/posts?select=title')).json()
 */
export const openTestApi = async (database: TestDatabase, options: TestApiOptions = {}): Promise<TestApi> => {
  const pool = createPool({ connect: database.server });
  const schemas = options.schemas ?? ['public'];
  const anonymousRole = options.anonymousRole ?? 'anon';
  const model = keepModel({
    source: pool,
    servingRole: database.server.user,
    schemas,
    observe: ignoreObservations,
  });
  await model.reload();
  const errors: string[] = [];
  const api = openApi({
    pool,
    model,
    identify: identify(anonymousRole),
    prefix: options.prefix ?? '',
    schemas,
    extraSearchPath: options.extraSearchPath ?? ['public', 'extensions'],
    anonymousRole,
    maxRows: options.maxRows,
    aggregates: options.aggregates ?? true,
    explain: options.explain ?? false,
    legacyTargetNames: false,
    preRequest: options.preRequest,
    appSettings: [],
    txEnd: options.txEnd ?? 'commit-allow-override',
    describe: undefined,
    rootRoutine: undefined,
    native: options.native ?? true,
    anonymousKeys: options.anonymousKeys ?? false,
    ...(options.tables === undefined ? {} : { tables: options.tables }),
    ...(options.fullOwners === undefined ? {} : { fullOwners: options.fullOwners }),
    serverTiming: options.serverTiming ?? false,
    agent: 'Ashlar',
    version: '0',
    observe: (observation) => {
      if (observation.level === 'error') errors.push(observation.message);
    },
  });
  const handle = (request: TestRequest) => api.route.handle(toRequest(request));
  let server: HttpServer | undefined;
  return {
    api,
    pool,
    model,
    handle,
    ask: async (request) => {
      const response = await handle(typeof request === 'string' ? { path: request } : request);
      const text = await readBody(response);
      const headers = Object.fromEntries(
        response.headers.map(([name, value]) => [name.toLowerCase(), value]),
      );
      return { status: response.status, headers, text, json: () => JSON.parse(text) as unknown };
    },
    serve: async () => {
      server ??= await listen({
        host: '127.0.0.1',
        port: 0,
        routes: [api.route],
        cors: { origins: [] },
        traceHeader: undefined,
        agent: 'Ashlar',
        onInternalError: (error) => errors.push(String(error)),
      });
      return `http://127.0.0.1:${server.port}${options.prefix ?? ''}`;
    },
    close: async () => {
      await server?.close(1_000);
      await pool.close();
      if (errors.length > 0) throw new Error(`internal errors: ${errors.join('; ')}`);
    },
  };
};
