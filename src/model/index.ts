/**
 * model: what the database is. Tables, keys, relations, routines, roles and policies as plain
 * frozen data, and the look-ups and relationships derived from it.
 */
export * from './callable.ts';
export * from './description.ts';
export * from './directives.ts';
export * from './find-type.ts';
export * from './model.ts';
export * from './model-index.ts';
export * from './name-key.ts';
export * from './relationship.ts';
export * from './relationships.ts';
export * from './routine-order.ts';
export * from './view-columns.ts';
