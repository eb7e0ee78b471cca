/**
 * rest: the REST API in PostgREST's dialect. HTTP requests become what the engine runs, and what it
 * gives becomes HTTP answers.
 */
export type { PayloadLimits } from './payload.ts';
export { createRest, type Rest, type RestOptions } from './rest.ts';
