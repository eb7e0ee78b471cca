/**
 * model: what the database is. Tables, keys, relations, routines, roles and policies as plain
 * frozen data, and the look-ups and relationships derived from it.
 */
export * from './model.ts';
