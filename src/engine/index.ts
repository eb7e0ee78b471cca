/**
 * engine: runs requests. It finds or makes the plan, sends role, claims and statement in one round
 * trip, and frames what Postgres gives, as one identity in one transaction.
 */
export { type Answer, type AnswerBody, discardAnswer, type RowSink } from './answer.ts';
export type { Circumstances } from './circumstances.ts';
export {
  createEngine,
  type Engine,
  type EngineOptions,
  type EngineTransaction,
  type Explanation,
  NOTHING_TOLD,
  SETTLE,
} from './engine.ts';
export { problemOf } from './pg-problem.ts';
export { shapeKey } from './plan-cache.ts';
export type { ModelSource, Publication } from './publication.ts';
