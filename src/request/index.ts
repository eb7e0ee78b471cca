/**
 * request: what a caller asks. The query language as a tree, and its parser.
 * It knows strings only: no model, no SQL, no sockets.
 */
export * from './tree.ts';
