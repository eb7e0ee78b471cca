/**
 * idempotency: answers that are kept, so that a request which is delivered twice is done once. It reads keys, says
 * whose they are, and writes the statements that claim a key and keep an answer in the transaction of the request.
 */

export * from './kept-answer.ts';
export * from './kept-lately.ts';
export * from './key.ts';
export * from './sweep.ts';
