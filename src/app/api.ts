import type { Identity, Observe, QualifiedName, Verbosity } from '../base/index.ts';
import type { Pool } from '../db/index.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import type { RequestHeaders, Route } from '../http/index.ts';
import type { PlanSettings } from '../plan/index.ts';
import type { QueryLimits } from '../request/index.ts';
import { createRest, type PayloadLimits, type RestOptions } from '../rest/index.ts';
import { internalError } from './internal-error.ts';
import type { ModelKeeper } from './model-keeper.ts';

/** What the API is made of, as configuration gives it. */
export type ApiOptions = {
  readonly pool: Pool;
  readonly model: ModelKeeper;
  readonly identify: (headers: RequestHeaders) => Identity | Promise<Identity>;
  /** Path that it is served below; empty: at the root. */
  readonly prefix: string;
  readonly schemas: readonly string[];
  readonly extraSearchPath: readonly string[];
  readonly anonymousRole: string | undefined;
  readonly maxRows: number | undefined;
  readonly aggregates: boolean;
  readonly explain: boolean;
  readonly legacyTargetNames: boolean;
  readonly preRequest: QualifiedName | undefined;
  readonly appSettings: readonly (readonly [name: string, value: string])[];
  /** How transactions end, and whether `Prefer: tx=` may say otherwise (`db-tx-end`). */
  readonly txEnd: 'commit' | 'commit-allow-override' | 'rollback' | 'rollback-allow-override';
  readonly describe: RestOptions['describe'];
  readonly rootRoutine: string | undefined;
  /** Whether it has what PostgREST has not: addresses of rows, with conditions. Default: false. */
  readonly native?: boolean;
  /** What requests may ask for, and send; undefined: anything. */
  readonly limits?: RequestLimits | undefined;
  /** What is said of single tables, beside their comments. */
  readonly tables?: TableSettings;
  /** Whether those who show no credentials may send idempotency keys. Default: false. */
  readonly anonymousKeys?: boolean;
  /** Callers who have as many idempotency keys as they may. */
  readonly fullOwners?: () => ReadonlySet<string>;
  readonly serverTiming: boolean;
  /** How much clients are told of errors. Default: verbose. */
  readonly verbosity?: Verbosity;
  readonly agent: string;
  readonly version: string;
  readonly observe: Observe;
  /** Told of what the database has refused; what it gives is answered instead. */
  readonly onForbidden?: RestOptions['onForbidden'];
  /** Puts something between the dialect and the engine, such as what only explains requests. */
  readonly wrapEngine?: (engine: Engine) => Engine;
};

/** Limits of what is in a request. */
export type RequestLimits = { readonly query: QueryLimits; readonly payload: PayloadLimits };

/** What settings say of single tables, which are named `schema.name`. */
export type TableSettings = Pick<PlanSettings, 'cache' | 'requireMatch'>;

export type Api = { readonly engine: Engine; readonly route: Route };

/** Wires engine and REST dialect into a route. */
export const openApi = (options: ApiOptions): Api => {
  const { schemas, extraSearchPath, maxRows, preRequest } = options;
  const plan = {
    maxRows,
    aggregates: options.aggregates,
    explain: options.explain,
    legacyTargetNames: options.legacyTargetNames,
    suggestsColumns: options.native === true,
    preRequest: preRequest !== undefined,
    limits: options.limits?.query,
    ...options.tables,
  };
  const engine = createEngine({
    pool: options.pool,
    model: options.model,
    schemas,
    extraSearchPath,
    plan,
    appSettings: options.appSettings,
    preRequest,
    rollback: options.txEnd.startsWith('rollback'),
  });
  const rest = createRest({
    engine: options.wrapEngine?.(engine) ?? engine,
    identify: options.identify,
    prefix: options.prefix,
    schemas,
    anonymousRole: options.anonymousRole,
    plan,
    maxRows,
    txOverride: options.txEnd.endsWith('allow-override'),
    describe: options.describe,
    rootRoutine: options.rootRoutine,
    native: options.native === true,
    limits: options.limits?.payload,
    rollback: options.txEnd.startsWith('rollback'),
    anonymousKeys: options.anonymousKeys ?? false,
    ...(options.fullOwners === undefined ? {} : { fullOwners: options.fullOwners }),
    serverTiming: options.serverTiming,
    ...(options.verbosity === undefined ? {} : { verbosity: options.verbosity }),
    ...(options.onForbidden === undefined ? {} : { onForbidden: options.onForbidden }),
    agent: options.agent,
    version: options.version,
    onInternalError: (error, id) => options.observe(internalError('rest.internal-error', error, id)),
  });
  return { engine, route: { prefix: options.prefix, handle: rest.handle } };
};
