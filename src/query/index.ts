/**
 * query: how Postgres is asked. A plan becomes statements: names of the model, quoted, and parameters
 * for everything that a request says.
 */
export * from './compile.ts';
export { versionOf } from './version.ts';
export { INSERTED } from './write.ts';
export type { PlanStatement } from './writer.ts';
