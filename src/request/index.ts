/**
 * request: what a caller asks. The query language as a tree, its parser and its printer, and the
 * headers that shape an answer: Prefer and Range.
 * It knows strings only: no model, no SQL, no sockets.
 */
export type { Ask, Conditions, Payload, TopPage, Verb } from './ask.ts';
export { checkQuery, type QueryLimits } from './check-query.ts';
export { readLimit } from './limit.ts';
export {
  ANY_MEDIA_TYPE,
  APPLICATION_JSON,
  type MediaType,
  type PlanOption,
  parseAccept,
  parseMediaType,
  printMediaType,
} from './media-type.ts';
export { parseQuery } from './parse-query.ts';
export { pointAt } from './point.ts';
export { type Preferences, parsePreferences, printApplied } from './preferences.ts';
export { printQuery } from './print.ts';
export { type Parameter, readParameters } from './query-string.ts';
export { parseRange, type RowRange } from './range.ts';
export { TAKEN, takeValues } from './take-values.ts';
export * from './tree.ts';
