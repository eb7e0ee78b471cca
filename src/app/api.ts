import type { Identity, Observe, QualifiedName, Verbosity } from '../base/index.ts';
import type { Pool } from '../db/index.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import type { RequestHeaders, Route } from '../http/index.ts';
import { createRest, type RestOptions } from '../rest/index.ts';
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
  readonly serverTiming: boolean;
  /** How much clients are told of errors. Default: verbose. */
  readonly verbosity?: Verbosity;
  readonly agent: string;
  readonly version: string;
  readonly observe: Observe;
  /** Puts something between the dialect and the engine, such as what only explains requests. */
  readonly wrapEngine?: (engine: Engine) => Engine;
};

export type Api = { readonly engine: Engine; readonly route: Route };

/** Wires engine and REST dialect into a route. */
export const openApi = (options: ApiOptions): Api => {
  const { schemas, extraSearchPath, maxRows, preRequest } = options;
  const plan = {
    maxRows,
    aggregates: options.aggregates,
    explain: options.explain,
    legacyTargetNames: options.legacyTargetNames,
    preRequest: preRequest !== undefined,
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
    serverTiming: options.serverTiming,
    ...(options.verbosity === undefined ? {} : { verbosity: options.verbosity }),
    agent: options.agent,
    version: options.version,
    onInternalError: (error) =>
      options.observe({
        level: 'error',
        name: 'rest.internal-error',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  });
  return { engine, route: { prefix: options.prefix, handle: rest.handle } };
};
