/**
 * app: the composition root. It wires the rooms into one server, and is the only one that knows the
 * server library.
 */

export {
  type AccessChange,
  type AccessMatrix,
  type ExplainedPart,
  printAccessChange,
  type Reach,
  reachWords,
  type Why,
} from '../access/index.ts';
export type { Finding as CheckedFinding } from '../base/index.ts';
export { findingRegister } from '../checks/index.ts';
export { printFailure } from '../migrate/index.ts';
export { findAccessDifference } from './access/access-difference.ts';
export { printAccessPage } from './access/access-page.ts';
export { checkExpectedAccess, updateExpectedAccess } from './access/expect-access.ts';
export { explainAccess, sourceOfRows, type WhyQuestion } from './access/explain-access.ts';
export { writePolicyTests } from './access/policy-tests.ts';
export { type AccessOptions, surveyProject } from './access/survey-project.ts';
export type { AccessSource } from './access/with-owner.ts';
export { type Api, type ApiOptions, openApi } from './api.ts';
export { type CheckOptions, checkProject } from './checks/check-project.ts';
export { ConfigError } from './config/config-error.ts';
export {
  noSources,
  type PostgrestConfig,
  parsePostgrestConfig,
  printPostgrestConfig,
} from './config/postgrest-config.ts';
export type { DevProgress, OnDevProgress } from './dev/dev-progress.ts';
export {
  type ExplainedRequest,
  type ExplainedStatement,
  type ExplainedStep,
  type ExplainOptions,
  explainRequest,
} from './dev/explain-request.ts';
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
export { type ServerLimits, serverLimits } from './door/limits.ts';
export { AppFailure, explainFailure } from './failure.ts';
export { keepModel, type ModelKeeper } from './model-keeper.ts';
export { openProcessLog } from './process-log.ts';
export { type HttpServer, type ListenOptions, listen } from './server.ts';
export { loadSettings, type SettingsPlace } from './settings/load-settings.ts';
export {
  listSettings,
  type SettingRow,
  type SettingSource,
  type Settings,
} from './settings/read-settings.ts';
