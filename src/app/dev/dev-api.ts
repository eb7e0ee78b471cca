import { type Observe, packageVersion } from '../../base/index.ts';
import { createCredentials } from '../../credentials/index.ts';
import type { Pool } from '../../db/index.ts';
import { describeApi20 } from '../../openapi/index.ts';
import { type Api, type ApiOptions, openApi } from '../api.ts';
import { keepModel, type ModelKeeper } from '../model-keeper.ts';
import { agent, restPrefix } from './dev-routes.ts';

export type DevApiOptions = {
  readonly pool: Pool;
  readonly login: string;
  readonly jwtSecret: string;
  readonly title: string;
  /** Served schemas, the default first. */
  readonly schemas: readonly string[];
  readonly listening: () => { readonly host: string; readonly port: number };
  readonly observe: Observe;
} & Pick<ApiOptions, 'wrapEngine'> & {
    /** Default: who the token or key says. */
    readonly identify?: ApiOptions['identify'];
  };

/** The API of a project as it is served while one works on it. */
export const openDevApi = (options: DevApiOptions): Api & { readonly model: ModelKeeper } => {
  const { pool, schemas, observe, title } = options;
  const credentials = createCredentials({
    keys: { kind: 'text', text: options.jwtSecret },
    anonymousRole: 'anon',
    observe,
  });
  const model = keepModel({ source: pool, servingRole: options.login, schemas, observe });
  const api = openApi({
    pool,
    model,
    identify:
      options.identify ?? (({ authorization, apikey }) => credentials.identify({ authorization, apikey })),
    prefix: restPrefix,
    schemas,
    extraSearchPath: ['public', 'extensions'],
    anonymousRole: 'anon',
    maxRows: undefined,
    aggregates: true,
    explain: true,
    legacyTargetNames: true,
    preRequest: undefined,
    appSettings: [],
    txEnd: 'commit-allow-override',
    describe: (contract, schema) =>
      describeApi20(contract, schema, {
        mode: 'follow-privileges',
        securityActive: true,
        proxyUri: undefined,
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
      }),
    rootRoutine: undefined,
    serverTiming: true,
    agent,
    version: packageVersion(),
    observe,
    ...(options.wrapEngine === undefined ? {} : { wrapEngine: options.wrapEngine }),
  });
  return { ...api, model };
};
