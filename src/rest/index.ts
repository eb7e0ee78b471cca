/**
 * rest: the REST API in PostgREST's dialect. HTTP requests become what the engine runs, and what it
 * gives becomes HTTP answers.
 */

export { isBatch } from './batch.ts';
export type { PayloadLimits } from './payload.ts';
export { isStandIn } from './reference.ts';
export { createRest, type Rest, type RestOptions } from './rest.ts';
