/**
 * app: the composition root. It wires the rooms into one server, and is the only one that knows the
 * server library.
 */

export { printFailure } from '../migrate/index.ts';
export { type Api, type ApiOptions, openApi } from './api.ts';
export { ConfigError } from './config/config-error.ts';
export {
  noSources,
  type PostgrestConfig,
  parsePostgrestConfig,
  printExampleConfig,
  printPostgrestConfig,
} from './config/postgrest-config.ts';
export type { DevProgress, OnDevProgress } from './dev/dev-progress.ts';
export { type ExplainedRequest, type ExplainOptions, explainRequest } from './dev/explain-request.ts';
export { type Claims, makeToken } from './dev/make-token.ts';
export {
  baselineProject,
  type MigrateOptions,
  migrateProject,
  readProjectStatus,
  rehearseProject,
} from './dev/migrate-project.ts';
export { createProject } from './dev/new-project.ts';
export { type DevOptions, type DevServer, openDev } from './dev/open-dev.ts';
export { MigrationStopped } from './dev/prepare-project.ts';
export { AppFailure, explainFailure } from './failure.ts';
export { keepModel, type ModelKeeper } from './model-keeper.ts';
export { askReady } from './postgrest/ask-ready.ts';
export { dumpPostgrestConfig } from './postgrest/dump-config.ts';
export { type PostgrestOptions, type PostgrestServer, servePostgrest } from './postgrest/serve-postgrest.ts';
export { type HttpServer, type ListenOptions, listen } from './server.ts';
