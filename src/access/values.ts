import type { Column } from '../model/index.ts';

/** A value as JSON, which Postgres reads as the column's type. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

const pad = (n: number): string => n.toString(16).padStart(12, '0');

export const uuidOf = (n: number): string => `90be0000-0000-4000-8000-${pad(n)}`;

const cut = (text: string, { maxLength }: Column): string =>
  maxLength === null ? text : text.slice(Math.max(0, text.length - maxLength));

/** Texts of several looks, for what checks may ask: the n-th try gives the n-th look. */
const texts = (n: number): readonly string[] => [
  `row-${n}`,
  `row${n}@example.com`,
  `https://example.com/row-${n}`,
  `Row ${n}`,
  String(n),
  `+4930${String(n).padStart(7, '0')}`,
  'AB',
  '#aabbcc',
  `A${String(n).padStart(9, '0')}`,
];

const numbers = (n: number): readonly number[] => [n, 1, 50, 0.5, 0, 100, -n];

const at = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;

const kindOf = (type: string): string => type.replace(/\(.*?\)/g, '').trim();

/**
 * Makes a value of a column's type; `undefined`: it is a type that we make none of.
 *
 * @param n a number that no other row has
 * @param look which of several forms, where the first was refused
 */
export const makeValue = (column: Column, n: number, look = 0): Value | undefined => {
  if (column.enumValues.length > 0) return at(column.enumValues, look);
  const type = kindOf(column.baseType);
  if (type.endsWith('[]')) return [];
  switch (type) {
    case 'uuid':
      return uuidOf(n);
    case 'text':
    case 'character varying':
    case 'character':
    case 'name':
    case 'citext':
    case 'extensions.citext':
    case 'public.citext':
      return cut(at(texts(n), look), column);
    case 'smallint':
      return Math.round(at(numbers(n % 30_000), look));
    case 'integer':
    case 'bigint':
      return Math.round(at(numbers(n), look));
    case 'numeric':
      // A precision may allow few digits before the point.
      return at(column.type.includes('(') ? [(n % 100) / 10, 1, 0.5, 0] : numbers(n), look);
    case 'real':
    case 'double precision':
    case 'money':
      return at(numbers(n), look);
    case 'boolean':
      return look % 2 === 1;
    case 'date':
      return `2024-01-${String(1 + (n % 28)).padStart(2, '0')}`;
    case 'timestamp without time zone':
    case 'timestamp with time zone':
      return new Date(Date.UTC(2024, 0, 1) + n * 60_000).toISOString();
    case 'time without time zone':
    case 'time with time zone':
      return '12:00:00';
    case 'interval':
      return '1 day';
    case 'json':
    case 'jsonb':
      return look % 2 === 0 ? {} : [];
    case 'bytea':
      return '\\x00';
    case 'inet':
      return '192.0.2.1';
    case 'cidr':
      return '192.0.2.0/24';
    case 'macaddr':
      return '08:00:2b:01:02:03';
    case 'point':
      return '(1,1)';
    case 'bit':
    case 'bit varying':
      return '0'.repeat(column.maxLength ?? 1);
    case 'int4range':
    case 'int8range':
    case 'numrange':
      return `[${n},${n + 1})`;
    case 'daterange':
      return '[2024-01-01,2024-01-02)';
    case 'tsrange':
    case 'tstzrange':
      return '["2024-01-01 00:00:00","2024-01-01 01:00:00")';
    case 'tsvector':
      return 'row';
    case 'xml':
      return '<row/>';
    case 'oid':
      return n;
    default:
      return undefined;
  }
};
