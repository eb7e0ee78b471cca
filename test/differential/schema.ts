import { quoteIdent, quoteLiteral } from '../../src/sql/index.ts';
import type { Random } from './random.ts';

export type ColumnType =
  | 'integer'
  | 'bigint'
  | 'numeric(8,2)'
  | 'text'
  | 'boolean'
  | 'date'
  | 'mood'
  | 'jsonb'
  | 'text[]'
  | 'integer[]';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Row = { readonly [column: string]: Json };

export type Column = { readonly name: string; readonly type: ColumnType; readonly nullable: boolean };

export type Table = {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  readonly rows: readonly Row[];
};

export type ForeignKey = {
  readonly name: string;
  readonly table: string;
  /** Own column and the one that it refers to. */
  readonly columns: readonly (readonly [own: string, target: string])[];
  readonly target: string;
  readonly unique: boolean;
};

export type Schema = {
  readonly name: string;
  readonly tables: readonly Table[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Tables that do nothing but join two others. */
  readonly junctions: ReadonlySet<string>;
};

/** The values of `mood`, in their order. */
export const MOODS = ['sad', 'ok', 'happy'] as const;

/** Characters that texts are made of: those that mean something in URLs, patterns, lists and SQL among them. */
export const CHARACTERS = [...'aabbBc%_*\\"\',().:{}&=+#- ', 'é', '日', '😀'];

const TYPES: readonly ColumnType[] = [
  'integer',
  'bigint',
  'numeric(8,2)',
  'text',
  'text',
  'boolean',
  'date',
  'mood',
  'jsonb',
  'text[]',
  'integer[]',
];

/** What names begin with: the grammar of requests knows them, or has to have them quoted. */
const PREFIXES = [
  't',
  'T',
  'ta ble',
  'sel-ect',
  'order',
  'tür',
  'a.b',
  'x"y',
  'c,d',
  '(e)',
  'f->g',
  'and',
  'h:i',
];

export const randomText = (random: Random): string =>
  Array.from({ length: random.below(4) }, () => random.pick(CHARACTERS)).join('');

const randomJson = (random: Random, depth = 2): Json => {
  switch (random.below(depth > 0 ? 7 : 4)) {
    case 0:
      return null;
    case 1:
      return random.below(2) === 0;
    case 2:
      return random.below(5);
    case 3:
      return randomText(random);
    case 4:
      return Array.from({ length: random.below(3) }, () => randomJson(random, depth - 1));
    default:
      return Object.fromEntries(
        ['a', 'b', 'long'].flatMap((key) =>
          random.below(3) === 0 ? [] : [[key, randomJson(random, depth - 1)]],
        ),
      );
  }
};

export const randomValue = (random: Random, type: ColumnType): Json => {
  switch (type) {
    case 'integer':
      return random.below(7) - 2;
    case 'bigint':
      return random.pick([0, 1, 2, -1, 9_007_199_254_740_991, -9_007_199_254_740_991]);
    case 'numeric(8,2)':
      return (random.below(1_000) - 300) / 100;
    case 'text':
      return randomText(random);
    case 'boolean':
      return random.below(2) === 0;
    case 'date':
      return `20${10 + random.below(20)}-0${1 + random.below(9)}-1${random.below(10)}`;
    case 'mood':
      return random.pick(MOODS);
    case 'jsonb':
      return randomJson(random) ?? {};
    case 'text[]':
      return Array.from({ length: random.below(4) }, () => randomText(random));
    case 'integer[]':
      return Array.from({ length: random.below(4) }, () => random.below(4));
  }
};

/** An array in Postgres' text form. */
export const printArray = (items: readonly Json[]): string =>
  `{${items.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

/** A value in Postgres' text form. */
export const printValue = (value: Json, type: ColumnType): string => {
  if (type === 'jsonb') return JSON.stringify(value);
  return Array.isArray(value) ? printArray(value) : String(value);
};

const pickTarget = (
  random: Random,
  rows: readonly Row[],
  taken: Set<Row>,
  unique: boolean,
): Row | undefined => {
  const free = unique ? rows.filter((row) => !taken.has(row)) : rows;
  if (free.length === 0) return undefined;
  const row = random.pick(free);
  taken.add(row);
  return row;
};

type Draft = { name: string; columns: Column[]; key: string[]; rows: Row[] };

/** Makes a schema, with data that keeps its rules. */
export const makeSchema = (random: Random, name: string): Schema => {
  const tables: Draft[] = [];
  const foreignKeys: ForeignKey[] = [];
  const junctions = new Set<string>();
  const nameOf = (kind: string): string => `${random.pick(PREFIXES)}${kind}`;

  const refer = (draft: Draft, target: Draft, nullable: boolean, unique: boolean): ForeignKey => {
    const at = foreignKeys.length;
    const columns = target.key.map((column, i) => {
      const type = target.columns.find((candidate) => candidate.name === column)?.type ?? 'integer';
      const own: Column = { name: nameOf(`ref${at}_${i}`), type, nullable };
      draft.columns.push(own);
      return [own.name, column] as const;
    });
    const foreignKey = { name: nameOf(`fk${at}`), table: draft.name, columns, target: target.name, unique };
    foreignKeys.push(foreignKey);
    return foreignKey;
  };

  const fill = (draft: Draft, own: readonly ForeignKey[], count: number): void => {
    const taken = new Map(own.map((foreignKey) => [foreignKey, new Set<Row>()]));
    const keys = new Set<string>();
    for (let i = 0; i < count; i++) {
      const row: Record<string, Json> = {};
      for (const column of draft.columns)
        row[column.name] = column.nullable && random.below(4) === 0 ? null : randomValue(random, column.type);
      for (const foreignKey of own) {
        const self = foreignKey.target === draft.name;
        const rows = tables.find((table) => table.name === foreignKey.target)?.rows ?? draft.rows;
        const nullable = draft.columns.find(({ name }) => name === foreignKey.columns[0]?.[0])?.nullable;
        const target =
          (nullable || self) && random.below(4) === 0
            ? undefined
            : pickTarget(random, rows, taken.get(foreignKey) as Set<Row>, foreignKey.unique);
        if (target === undefined && !nullable) return;
        for (const [column, referred] of foreignKey.columns) row[column] = target?.[referred] ?? null;
      }
      if (!junctions.has(draft.name))
        for (const column of draft.key) row[column] = keyValue(draft, column, i);
      const key = JSON.stringify(draft.key.map((column) => row[column]));
      if (keys.has(key)) continue;
      keys.add(key);
      draft.rows.push(row);
    }
  };

  const keyValue = (draft: Draft, column: string, i: number): Json =>
    draft.columns.find(({ name }) => name === column)?.type === 'text' ? `k${i}` : i + 1;

  const plain = 2 + random.below(3);
  for (let i = 0; i < plain; i++) {
    const composite = random.below(4) === 0;
    const id: Column = {
      name: nameOf('id'),
      type: random.below(4) === 0 ? 'text' : 'integer',
      nullable: false,
    };
    const second: Column = { name: nameOf('id2'), type: 'integer', nullable: false };
    const key = composite ? [id, second] : [id];
    const draft: Draft = {
      name: nameOf(`tab${i}`),
      columns: [...key],
      key: key.map((column) => column.name),
      rows: [],
    };
    const columns = 1 + random.below(4);
    for (let c = 0; c < columns; c++)
      draft.columns.push({
        name: nameOf(`col${c}`),
        type: random.pick(TYPES),
        nullable: random.below(3) > 0,
      });
    const own: ForeignKey[] = [];
    const references = tables.length === 0 ? 0 : random.below(3);
    for (let r = 0; r < references; r++)
      own.push(refer(draft, random.pick(tables), random.below(3) > 0, random.below(4) === 0));
    if (!composite && random.below(3) === 0) own.push(refer(draft, draft, true, false));
    fill(draft, own, random.below(8) === 0 ? 0 : 3 + random.below(8));
    tables.push(draft);
  }
  if (random.below(3) > 0) {
    const [one, other] = [tables[0] as Draft, tables[1] as Draft];
    const draft: Draft = { name: nameOf('junction'), columns: [], key: [], rows: [] };
    junctions.add(draft.name);
    const own = [refer(draft, one, false, false), refer(draft, other, false, false)];
    draft.key = own.flatMap(({ columns }) => columns.map(([column]) => column));
    fill(draft, own, 4 + random.below(12));
    tables.push(draft);
  }
  return { name, tables, foreignKeys, junctions };
};

const columnSql = (schema: string, { name, type, nullable }: Column): string =>
  `${quoteIdent(name)} ${type === 'mood' ? `${schema}.mood` : type}${nullable ? '' : ' not null'}`;

const valueSql = (schema: string, value: Json, type: ColumnType): string =>
  value === null
    ? 'null'
    : `${quoteLiteral(printValue(value, type))}::${type === 'mood' ? `${schema}.mood` : type}`;

/** The SQL that makes the schema and fills it. */
export const schemaSql = ({ name, tables, foreignKeys }: Schema): string => {
  const schema = quoteIdent(name);
  const list = (names: readonly string[]): string => names.map(quoteIdent).join(', ');
  const lines = [
    `create schema ${schema}`,
    `grant usage on schema ${schema} to anon`,
    `create type ${schema}.mood as enum (${MOODS.map(quoteLiteral).join(', ')})`,
  ];
  for (const table of tables) {
    const columns = table.columns.map((column) => columnSql(schema, column));
    const own = foreignKeys
      .filter((foreignKey) => foreignKey.table === table.name)
      .flatMap((foreignKey) => {
        const columns = list(foreignKey.columns.map(([column]) => column));
        const referred = list(foreignKey.columns.map(([, column]) => column));
        return [
          `constraint ${quoteIdent(foreignKey.name)} foreign key (${columns}) references ${schema}.${quoteIdent(foreignKey.target)} (${referred})`,
          ...(foreignKey.unique ? [`unique (${columns})`] : []),
        ];
      });
    lines.push(
      `create table ${schema}.${quoteIdent(table.name)} (${[...columns, `primary key (${list(table.key)})`, ...own].join(', ')})`,
    );
    for (const row of table.rows)
      lines.push(
        `insert into ${schema}.${quoteIdent(table.name)} (${list(table.columns.map((column) => column.name))}) values (${table.columns.map((column) => valueSql(schema, row[column.name] ?? null, column.type)).join(', ')})`,
      );
  }
  lines.push(`grant select on all tables in schema ${schema} to anon`);
  return `${lines.join(';\n')};\n`;
};
