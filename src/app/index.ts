/**
 * app: the composition root. It wires the rooms into one server, and is the only one that knows the
 * server library.
 */
export { type Api, type ApiOptions, openApi } from './api.ts';
export { ConfigError } from './config/config-error.ts';
export {
  noSources,
  type PostgrestConfig,
  parsePostgrestConfig,
  printExampleConfig,
  printPostgrestConfig,
} from './config/postgrest-config.ts';
export { AppFailure, explainFailure } from './failure.ts';
export { keepModel, type ModelKeeper } from './model-keeper.ts';
export { askReady } from './postgrest/ask-ready.ts';
export { dumpPostgrestConfig } from './postgrest/dump-config.ts';
export { type PostgrestOptions, type PostgrestServer, servePostgrest } from './postgrest/serve-postgrest.ts';
export { type HttpServer, type ListenOptions, listen } from './server.ts';
export { packageVersion } from './version.ts';
