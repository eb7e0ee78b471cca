/**
 * catalog: Postgres' catalog → model. Asks in one round trip for everything the model holds, looks
 * through views to the tables below, and gives plain frozen data.
 */
export * from './read-catalog.ts';
