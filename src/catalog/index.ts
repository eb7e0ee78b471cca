/**
 * catalog: Postgres' catalog → model. Asks in one round trip for everything the model holds, looks
 * through views to the tables below, and gives plain frozen data. What the checks look at beside the model is
 * read here, too.
 */
export * from './read-catalog.ts';
export * from './read-subject.ts';
export * from './session-source.ts';
