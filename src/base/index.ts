/**
 * base: the words every room uses. Identifiers, Result, the error register, who asks (Identity),
 * what the adviser finds (Finding) and what a room reports about itself (Observation).
 * It imports nothing.
 */
export * from './cancel-signal.ts';
export * from './docs-path.ts';
export * from './exact-json.ts';
export * from './field-name.ts';
export * from './fuzzy.ts';
export * from './identifier.ts';
export * from './identity.ts';
export * from './json.ts';
export * from './load-late.ts';
export * from './observation.ts';
export * from './problem.ts';
export * from './register.ts';
export * from './release-memory.ts';
export * from './result.ts';
export * from './version.ts';
