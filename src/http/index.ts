/**
 * http: requests, responses and routes as plain values. No socket and no server library is known
 * here, so that most tests need none.
 */
export * from './cookies.ts';
export * from './cors.ts';
export * from './entity-tag.ts';
export * from './message.ts';
export * from './problem-details.ts';
export * from './problem-response.ts';
