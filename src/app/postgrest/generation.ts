import { type Observe, packageVersion } from '../../base/index.ts';
import { createCredentials, type TokenCounts, UnusableSetting } from '../../credentials/index.ts';
import type { Pool } from '../../db/index.ts';
import type { Engine } from '../../engine/index.ts';
import type { Route } from '../../http/index.ts';
import { type Api20Options, describeApi20 } from '../../openapi/index.ts';
import { type ApiOptions, openApi } from '../api.ts';
import { ConfigError } from '../config/config-error.ts';
import type { PostgrestConfig } from '../config/postgrest-config.ts';
import { keepModel, type ModelKeeper } from '../model-keeper.ts';
import { findKeys } from './load-config.ts';
import { type LogQuery, logQueries } from './log-query.ts';

/** The API as one reading of the configuration has it. */
export type Generation = {
  readonly config: PostgrestConfig;
  readonly model: ModelKeeper;
  readonly route: Route;
};

/** Clients of PostgREST look for this name. */
export const agent = 'PostgREST';

const makeCredentials = (config: PostgrestConfig, observe: Observe, counts?: TokenCounts) => {
  const { values } = config;
  try {
    return createCredentials({
      keys: findKeys(config),
      anonymousRole: values['db-anon-role'],
      audience: values['jwt-aud'],
      roleClaim: values['jwt-role-claim-key'],
      maxEntries: values['jwt-cache-max-entries'],
      counts,
      observe,
    });
  } catch (error) {
    if (!(error instanceof UnusableSetting)) throw error;
    const name = error.setting === 'roleClaim' ? 'jwt-role-claim-key' : 'jwt-secret';
    throw new ConfigError(`${name} cannot be used: ${error.message}`, error);
  }
};

/** The description of the API at its root, in the words that clients of PostgREST know. */
const makeDescribe = ({ values }: PostgrestConfig): ApiOptions['describe'] => {
  const mode = values['openapi-mode'];
  if (mode === 'disabled') return undefined;
  const options: Api20Options = {
    mode,
    securityActive: values['openapi-security-active'],
    proxyUri: values['openapi-server-proxy-uri'],
    listening: { host: values['server-host'], port: values['server-port'] },
    about: {
      title: 'PostgREST API',
      description: 'This is a dynamic API in the dialect of PostgREST, served by Ashlar',
      version: packageVersion(),
      documentation: {
        description: 'PostgREST Documentation',
        url: 'https://postgrest.org/en/stable/references/api.html',
      },
    },
  };
  return (contract, schema) => describeApi20(contract, schema, options);
};

/** Checks what only shows when it is used: keys and paths. Throws a ConfigError. */
export const checkConfig = (config: PostgrestConfig): void => {
  makeCredentials(config, () => {});
};

export type GenerationOptions = {
  readonly pool: Pool;
  /** The database's user that the pool logs in as. */
  readonly login: string;
  readonly observe: Observe;
  readonly logQuery: LogQuery;
  /** Counts what is found of remembered tokens, over all generations. */
  readonly tokens: TokenCounts;
};

/**
 * Makes the API of a configuration on a pool. Its model is empty until it is reloaded.
 *
 * @throws ConfigError
 */
export const makeGeneration = (
  config: PostgrestConfig,
  { pool, login, observe, logQuery, tokens }: GenerationOptions,
): Generation => {
  const { values } = config;
  const credentials = makeCredentials(config, observe, tokens);
  const model = keepModel({
    source: pool,
    servingRole: login,
    hoistedSettings: values['db-hoisted-tx-settings'],
    schemas: values['db-schemas'],
    observe,
  });
  const api = openApi({
    pool,
    model,
    identify: ({ authorization }) => credentials.identify({ authorization }),
    prefix: '',
    schemas: values['db-schemas'],
    extraSearchPath: values['db-extra-search-path'],
    anonymousRole: values['db-anon-role'],
    maxRows: values['db-max-rows'],
    aggregates: values['db-aggregates-enabled'],
    explain: values['db-plan-enabled'],
    legacyTargetNames: values['url-use-legacy-target-names'],
    preRequest: values['db-pre-request'],
    appSettings: config.appSettings,
    txEnd: values['db-tx-end'],
    describe: makeDescribe(config),
    rootRoutine: values['db-root-spec']?.name,
    serverTiming: values['server-timing-enabled'],
    verbosity: values['client-error-verbosity'],
    agent,
    version: packageVersion(),
    observe,
    ...(values['log-query'] ? { wrapEngine: (engine: Engine) => logQueries(engine, logQuery) } : {}),
  });
  return { config, model, route: api.route };
};
