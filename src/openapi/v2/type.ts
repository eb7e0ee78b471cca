import type { Json } from '../../base/index.ts';
import { type Column, type ModelIndex, nameKey } from '../../model/index.ts';
import { members } from './members.ts';

/** What JSON has for a type of Postgres. */
export type JsonType = 'string' | 'boolean' | 'integer' | 'number' | 'array';

const JSON_TYPES: ReadonlyMap<string, JsonType | undefined> = new Map<string, JsonType | undefined>([
  ['boolean', 'boolean'],
  ['smallint', 'integer'],
  ['integer', 'integer'],
  ['bigint', 'integer'],
  ['numeric', 'number'],
  ['real', 'number'],
  ['double precision', 'number'],
  // They can be anything.
  ['json', undefined],
  ['jsonb', undefined],
]);

const FORMATS: ReadonlyMap<string, string> = new Map([
  ['smallint', 'int32'],
  ['integer', 'int32'],
  ['bigint', 'int64'],
]);

/** The type in JSON, undefined where it can be any. */
export const jsonType = (type: string): JsonType | undefined => {
  if (JSON_TYPES.has(type)) return JSON_TYPES.get(type);
  return type.endsWith('[]') ? 'array' : 'string';
};

/** The `format`, by which a reader knows the type of Postgres. */
export const formatOf = (type: string): string => FORMATS.get(type) ?? type;

/** The type of an array's elements. */
export const elementType = (type: string): string => type.slice(0, -2);

/** The members of a schema that tell the type. */
export const typeMembers = (type: string): { readonly [name: string]: Json | undefined } => ({
  format: formatOf(type),
  type: jsonType(type),
  items: jsonType(type) === 'array' ? members({ type: jsonType(elementType(type)) }) : undefined,
});

/**
 * The name of a column's type: Postgres' own types without modifiers, also where a domain is over one;
 * others as they are declared.
 */
export const columnType = (index: ModelIndex, column: Column): string => {
  let type = index.typeByOid.get(column.typeOid);
  while (type?.kind === 'domain' && type.over !== null) type = index.typeByOid.get(type.over);
  return type?.schema === 'pg_catalog' ? column.baseType : column.type;
};

const QUALIFIED = /^("(?:[^"]|"")+"|[^".]+)\.("(?:[^"]|"")+"|[^".[]+)((?:\[\])*)$/;

const unquote = (identifier: string): string =>
  identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier;

/** The name of a type as Postgres prints it with this search path: without the schema that is found first. */
export const visibleType = (index: ModelIndex, type: string, path: readonly string[]): string => {
  const [, schema = '', name = '', brackets = ''] = QUALIFIED.exec(type) ?? [];
  const found = ['pg_catalog', ...path].find((one) => {
    const key = nameKey({ schema: one, name: unquote(name) });
    return index.types.has(key) || index.relations.has(key);
  });
  return schema !== '' && found === unquote(schema) ? `${name}${brackets}` : type;
};
