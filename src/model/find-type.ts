import type { QualifiedName } from '../base/index.ts';
import type { ModelIndex } from './model-index.ts';
import { nameKey } from './name-key.ts';

/** Types that have a name in the SQL grammar beside (or other than) the one in the catalog. */
const GRAMMAR: ReadonlySet<string> = new Set([
  'bigint',
  'bit',
  'bit varying',
  'boolean',
  'char',
  'char varying',
  'character',
  'character varying',
  'dec',
  'decimal',
  'double precision',
  'float',
  'int',
  'integer',
  'interval',
  'national char',
  'national char varying',
  'national character',
  'national character varying',
  'nchar',
  'nchar varying',
  'numeric',
  'real',
  'smallint',
  'time',
  'time with time zone',
  'time without time zone',
  'timestamp',
  'timestamp with time zone',
  'timestamp without time zone',
  'varchar',
]);

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/**
 * The SQL of a type that a request names: a name of the grammar (`double precision`), of Postgres
 * (`int4`, `_text`), or of one of the schemas, a relation's row type included. As in SQL, upper case
 * is folded where no type is called so.
 *
 * @param schemas where to look, Postgres' own come first
 * @returns the type's SQL, quoted and qualified, or undefined if there is none of this name
 * @example findType(index, 'Double  precision', []) // 'double precision'
 * @example findType(index, 'mood', ['public']) // '"public"."mood"'
 */
export const findType = (index: ModelIndex, name: string, schemas: readonly string[]): string | undefined => {
  const words = name.trim().replace(/\s+/g, ' ').toLowerCase();
  if (GRAMMAR.has(words)) return words;
  for (const written of new Set([name.trim(), words])) {
    for (const schema of ['pg_catalog', ...schemas]) {
      const type: QualifiedName = { schema, name: written };
      if (index.types.has(nameKey(type)) || index.relations.has(nameKey(type)))
        return `${quote(schema)}.${quote(written)}`;
    }
  }
  return undefined;
};
