import { quoteIdent, quoteLiteral } from '../../src/sql/index.ts';
import type { Random } from './random.ts';
import type { Column, Row, Schema, Table } from './schema.ts';

/** Somebody who asks. */
export type Who = {
  readonly name: string;
  readonly role: 'anon' | 'authenticated';
  readonly claims: { readonly [claim: string]: string };
};

export const PEOPLE: readonly Who[] = [
  { name: 'anon', role: 'anon', claims: {} },
  { name: 'alice', role: 'authenticated', claims: { sub: 'alice' } },
  { name: 'bob', role: 'authenticated', claims: { sub: 'bob' } },
];

/** A schema whose tables are guarded: by grants on some of their columns, and by policies. */
export type Guarded = {
  readonly schema: Schema;
  /** Columns that a role may not read, by role and table; a whole table is all of its columns. */
  readonly hidden: (role: string, table: string) => ReadonlySet<string>;
  readonly writable: (role: string, table: string) => ReadonlySet<string>;
  /** Whether a policy could show a row of the table to the role: without one Postgres knows that there is none. */
  readonly mayShow: (role: string, table: string) => boolean;
  readonly sql: string;
};

/** Whose row it is. */
export const OWNER: Column = { name: 'owner', type: 'text', nullable: true };
/** A text that is in no other row, so that it can be found wherever it comes out. */
export const MARKER: Column = { name: 'marker', type: 'text', nullable: false };

const ME = "(current_setting('request.jwt.claims', true)::json ->> 'sub')";

const addColumns = (random: Random, table: Table, schema: string): Table => ({
  ...table,
  columns: [...table.columns, OWNER, MARKER],
  rows: table.rows.map(
    (row, i): Row => ({
      ...row,
      owner: random.pick(['alice', 'bob', 'alice', null]),
      marker: `secret-${schema}-${schema.length}${table.columns.length}-${i}-${random.below(1_000_000_000)}`,
    }),
  ),
});

type Place = { readonly schema: Schema; readonly table: Table; readonly random: Random };

/** A condition of a policy, from nothing to what other tables say. */
const condition = ({ schema, table, random }: Place): string => {
  const name = quoteIdent(schema.name);
  const parents = schema.foreignKeys.filter((key) => key.table === table.name && key.target !== table.name);
  const flag = table.columns.find(({ type }) => type === 'boolean');
  const choices = [
    'true',
    `owner = ${ME}`,
    `owner = ${ME} or owner is null`,
    `owner is distinct from ${ME}`,
    ...(flag === undefined ? [] : [quoteIdent(flag.name)]),
    ...parents.map(({ target, columns }) => {
      const joins = columns.map(
        ([own, other]) =>
          `parent.${quoteIdent(other)} = ${name}.${quoteIdent(table.name)}.${quoteIdent(own)}`,
      );
      return `exists (select from ${name}.${quoteIdent(target)} parent where ${joins.join(' and ')})`;
    }),
  ];
  return random.pick(choices);
};

/** Guards a schema by chance. */
export const guardSchema = (random: Random, plain: Schema): Guarded => {
  const schema: Schema = {
    ...plain,
    tables: plain.tables.map((table) => addColumns(random, table, plain.name)),
  };
  const hidden = new Map<string, ReadonlySet<string>>();
  const writable = new Map<string, ReadonlySet<string>>();
  /** By table with row-level security: whom a policy shows rows. */
  const shown = new Map<string, Set<string>>();
  const lines = [`grant usage on schema ${quoteIdent(schema.name)} to anon, authenticated`];
  for (const table of schema.tables) {
    const name = `${quoteIdent(schema.name)}.${quoteIdent(table.name)}`;
    const place = { schema, table, random };
    const all = table.columns.map((column) => column.name);
    lines.push(`revoke all on ${name} from anon`);
    for (const role of ['anon', 'authenticated']) {
      const key = `${role}/${table.name}`;
      const kind = random.below(8);
      // Keys and markers stay open where anything is, so that rows can be told apart.
      const closed =
        kind === 0
          ? all
          : kind < 3
            ? all.filter(
                (column) => !table.key.includes(column) && column !== 'marker' && random.below(4) === 0,
              )
            : [];
      hidden.set(key, new Set(closed));
      const open = all.filter((column) => !closed.includes(column));
      if (open.length > 0)
        lines.push(
          closed.length === 0
            ? `grant select on ${name} to ${role}`
            : `grant select (${open.map(quoteIdent).join(', ')}) on ${name} to ${role}`,
        );
      const may = role === 'anon' && random.below(3) > 0 ? [] : all.filter(() => random.below(6) > 0);
      writable.set(key, new Set(may));
      if (may.length > 0)
        lines.push(
          `grant insert (${may.map(quoteIdent).join(', ')}), update (${may.map(quoteIdent).join(', ')}), delete on ${name} to ${role}`,
        );
    }
    if (random.below(5) === 0) continue;
    lines.push(`alter table ${name} enable row level security`);
    const readers = new Set<string>();
    shown.set(table.name, readers);
    const policies = 1 + random.below(3);
    for (let i = 0; i < policies; i++) {
      const roles = random.pick(['anon', 'authenticated', 'anon, authenticated', 'public']);
      const command = random.pick(['all', 'all', 'select', 'select', 'update', 'delete', 'insert']);
      const restrictive = i > 0 && random.below(4) === 0 ? ' as restrictive' : '';
      if (restrictive === '' && (command === 'all' || command === 'select'))
        for (const role of roles === 'public' ? ['anon', 'authenticated'] : roles.split(', '))
          readers.add(role);
      const using = command === 'insert' ? '' : ` using (${condition(place)})`;
      const check =
        command === 'insert' || ((command === 'all' || command === 'update') && random.below(2) === 0)
          ? ` with check (${condition(place)})`
          : '';
      lines.push(`create policy p${i} on ${name}${restrictive} for ${command} to ${roles}${using}${check}`);
    }
  }
  const [first] = schema.tables as readonly [Table, ...Table[]];
  const rows = `${quoteIdent(schema.name)}.${quoteIdent(first.name)}`;
  lines.push(
    `create function ${quoteIdent(schema.name)}.listed() returns setof ${rows} language sql stable as ${quoteLiteral(`select * from ${rows}`)}`,
  );
  const set = (map: ReadonlyMap<string, ReadonlySet<string>>, role: string, table: string) =>
    map.get(`${role}/${table}`) ?? new Set<string>();
  return {
    schema,
    hidden: (role, table) => set(hidden, role, table),
    writable: (role, table) => set(writable, role, table),
    mayShow: (role, table) => shown.get(table)?.has(role) ?? true,
    sql: `${lines.join(';\n')};\n`,
  };
};
