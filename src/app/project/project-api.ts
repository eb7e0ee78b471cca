import { explainRefusal, type Tokenless } from '../../access/index.ts';
import { type Observe, packageVersion } from '../../base/index.ts';
import { createCredentials, explainRefusedToken, UnusableSetting } from '../../credentials/index.ts';
import type { Pool } from '../../db/index.ts';
import { describeApi20 } from '../../openapi/index.ts';
import { type Api, type ApiOptions, openApi } from '../api.ts';
import { ConfigError } from '../config/config-error.ts';
import { keepModel, type ModelKeeper } from '../model-keeper.ts';
import type { SettingValues } from '../settings/settings.ts';
import type { ProjectKeys } from './project-keys.ts';
import { projectRequestLimits } from './project-limits.ts';
import { agent, restPrefix } from './project-routes.ts';
import { projectTableSettings } from './project-tables.ts';

export type ProjectApiOptions = {
  readonly pool: Pool;
  /** The database's user that the pool logs in as. */
  readonly login: string;
  readonly keys: ProjectKeys['keys'] | undefined;
  readonly title: string;
  readonly values: SettingValues;
  /** Where the server listens; known when it does. */
  readonly listening: () => { readonly host: string; readonly port: number };
  readonly observe: Observe;
  /** How transactions end, and whether a request may say otherwise. */
  readonly txEnd: ApiOptions['txEnd'];
} & Pick<ApiOptions, 'wrapEngine' | 'fullOwners'> & {
    /** Whether who is refused is told why; else only the log is. Default: false. */
    readonly explainsRefusals?: boolean;
    /** Default: who the token or key says. */
    readonly identify?: ApiOptions['identify'];
    /** Default: one of its own. */
    readonly model?: ModelKeeper;
  };

/** The role of those who show no token. */
const anonymousRole = 'anon';

/** Who is not let in is told why. */
const explain = (error: unknown): never => {
  throw explainRefusedToken(error);
};

/**
 * Makes what tells who asks.
 *
 * @throws ConfigError where the keys or the path to the role are not good
 */
export const makeIdentify = (
  keys: ProjectKeys['keys'] | undefined,
  values: SettingValues,
  observe: Observe,
  login?: string,
): ApiOptions['identify'] => {
  try {
    const credentials = createCredentials({
      keys,
      anonymousRole,
      login,
      algorithms: values.jwtAlgorithms,
      audience: values.jwtAudience,
      roleClaim: values.jwtRoleClaim,
      observe,
    });
    return ({ authorization, apikey }) => {
      try {
        const known = credentials.identify({ authorization, apikey });
        return known instanceof Promise ? known.catch(explain) : known;
      } catch (error) {
        return explain(error);
      }
    };
  } catch (error) {
    if (!(error instanceof UnusableSetting)) throw error;
    const name = error.setting === 'roleClaim' ? 'jwtRoleClaim' : 'jwtSecret';
    throw new ConfigError(`${name} cannot be used: ${error.message}`, error);
  }
};

const VERBS: { readonly [method: string]: 'insert' | 'update' | 'delete' } = {
  POST: 'insert',
  PUT: 'insert',
  PATCH: 'update',
  DELETE: 'delete',
};

/** Whether a request that runs as anon shows no token of a user, as the anon key is none. */
const tokenlessOf = (authorization: string | undefined): Tokenless =>
  authorization === undefined || /^bearer\b/i.test(authorization) ? 'no-token' : 'no-bearer';

/**
 * Explains what the database has refused: to the client as a hint while one develops, else to the log alone, as
 * policies tell an attacker what to look for.
 */
const explainForbidden =
  (
    model: ModelKeeper,
    schemas: readonly string[],
    tells: boolean,
    observe: Observe,
  ): NonNullable<ApiOptions['onForbidden']> =>
  (reason, { method, headers, id }, role) => {
    const current = model.current();
    const profile = headers['content-profile'] ?? headers['accept-profile'] ?? schemas[0] ?? 'public';
    const verb = VERBS[method] ?? 'select';
    const tokenless = role === anonymousRole ? tokenlessOf(headers.authorization) : undefined;
    const refused = { message: reason.message, role, verb, schema: profile, tokenless } as const;
    const why = current === undefined ? undefined : explainRefusal(current.index.model, refused);
    if (why === undefined) return reason;
    if (tells) return reason.hint === null ? { ...reason, hint: why } : reason;
    observe({
      level: 'info',
      name: 'app.forbidden',
      message: why,
      ...(id === undefined ? {} : { fields: { request: id } }),
    });
    return reason;
  };

/** The API of a project. Its model is empty until it is reloaded. */
export const openProjectApi = (options: ProjectApiOptions): Api & { readonly model: ModelKeeper } => {
  const { pool, observe, title, values } = options;
  const { schemas, publicUrl } = values;
  const model = options.model ?? keepModel({ source: pool, servingRole: options.login, schemas, observe });
  const api = openApi({
    pool,
    model,
    identify: options.identify ?? makeIdentify(options.keys, values, observe, options.login),
    prefix: restPrefix,
    schemas,
    extraSearchPath: ['public', 'extensions'],
    anonymousRole,
    maxRows: values.maxRows,
    aggregates: values.aggregates,
    explain: values.explain,
    legacyTargetNames: true,
    preRequest: undefined,
    appSettings: [],
    txEnd: options.txEnd,
    describe: values.openapi
      ? (contract, schema) =>
          describeApi20(contract, schema, {
            mode: 'follow-privileges',
            securityActive: true,
            proxyUri: publicUrl === undefined ? undefined : `${publicUrl.replace(/\/$/, '')}${restPrefix}`,
            listening: { ...options.listening(), path: restPrefix },
            about: {
              title,
              description: `The API of ${title}, served by Ashlar`,
              version: packageVersion(),
              documentation: {
                description: 'The language of requests',
                url: 'https://postgrest.org/en/stable/references/api.html',
              },
            },
          })
      : undefined,
    rootRoutine: undefined,
    native: true,
    limits: projectRequestLimits(values),
    tables: projectTableSettings(values),
    anonymousKeys: values.anonymousKeys,
    ...(options.fullOwners === undefined ? {} : { fullOwners: options.fullOwners }),
    serverTiming: values.serverTiming,
    agent,
    version: packageVersion(),
    observe,
    onForbidden: explainForbidden(model, values.schemas, options.explainsRefusals ?? false, observe),
    ...(options.wrapEngine === undefined ? {} : { wrapEngine: options.wrapEngine }),
  });
  return { ...api, model };
};
