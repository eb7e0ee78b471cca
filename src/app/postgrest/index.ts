/** What stands in PostgREST's place: a door of its own, as such a server needs nothing of what projects have. */

export { printExampleConfig } from '../config/postgrest-config.ts';
export { askReady } from './ask-ready.ts';
export { dumpPostgrestConfig } from './dump-config.ts';
export { type PostgrestOptions, type PostgrestServer, servePostgrest } from './serve-postgrest.ts';
