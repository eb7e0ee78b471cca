/**
 * openapi: the contract as a document. It says what the API of one role is, in the words of the OpenAPI
 * specification: version 2.0, as clients of PostgREST know it.
 */
export { type Api20Options, describeApi20 } from './v2/describe-api.ts';
