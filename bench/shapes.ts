import { type Contender, startAshlar } from './contender.ts';
import type { BenchDatabase } from './database.ts';
import type { WireRequest } from './load.ts';
import { type Measured, measure, underLoad } from './measure.ts';
import { memoryOf, privateOfChildren } from './processes.ts';
import { printRequest } from './requests.ts';

export type ShapesOptions = {
  readonly program: string;
  readonly database: BenchDatabase;
  readonly secret: string;
  readonly sign: (role: string, user: number) => Promise<string>;
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  readonly say: (text: string) => void;
};

/** In each table. */
const ROWS = 100;
const TABLES = 1000;
const ROLES = 100;
const SHAPES = 250;
const USERS = 1000;
const MANY = 10_000;

/**
 * A project of so many tables, each with a key, a foreign key to the one before it, an index and a policy, which all
 * of so many roles may read. In pieces, as one transaction holds only so many locks.
 */
export const growSql = (tables: number, roles: number): readonly string[] => {
  const table = (n: number): string => `
    create table public.t${n} (id int primary key, parent int ${n === 0 ? '' : `references public.t${n - 1}`},
      author_id int not null, title text not null, body text not null);
    insert into public.t${n}
      select i, ${n === 0 ? 'null' : `1 + i % ${ROWS}`}, i, 'Title ' || i, 'Some words.' from generate_series(1, ${ROWS}) i;
    create index on public.t${n} (parent);
    alter table public.t${n} enable row level security;
    create policy all_read on public.t${n} for select using (true);
    grant select on public.t${n} to anon, bench_readers;`;
  const ensure = (role: string): string =>
    `do $$ begin create role ${role} nologin; exception when duplicate_object then null; end $$;`;
  const role = (n: number): string =>
    `${ensure(`bench_${n}`)} grant bench_readers to bench_${n}; grant bench_${n} to authenticator;`;
  const numbers = (from: number, to: number): readonly number[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n);
  return [
    `${ensure('bench_readers')} grant usage on schema public to bench_readers;`,
    ...numbers(0, Math.ceil(tables / 50)).map((piece) =>
      numbers(piece * 50, Math.min(tables, piece * 50 + 50))
        .map(table)
        .join('\n'),
    ),
    ...numbers(0, roles).map(role),
  ];
};

const serve = async (
  { program, database, secret, say }: ShapesOptions,
  name: string,
  tables: number,
  roles: number,
): Promise<Contender> => {
  say(`making a database of ${tables} tables`);
  const { server } = await database.another(`bench_${tables}`, growSql(tables, roles));
  return startAshlar(
    { connect: server, tcpPort: database.tcpPort, secret },
    { program, name, path: '/t1?limit=1' },
  );
};

/** The n-th of the shapes: another role, another table, the columns in another order. */
const growRequests = async (
  sign: ShapesOptions['sign'],
  shapes: number,
  tables: number,
  roles: number,
): Promise<readonly WireRequest[]> => {
  const orders = ['id,author_id,title,body', 'id,title,body,author_id', 'title,id,body,author_id'];
  // As many callers in both, so that reads by one caller that can be joined are as rare.
  const tokens = await Promise.all(Array.from({ length: USERS }, (_, n) => sign(`bench_${n % roles}`, n)));
  return Array.from({ length: 10_000 }, (_, n) => {
    const shape = n % shapes;
    const table = (shape * 7) % tables;
    const path = `/t${table}?id=eq.${1 + ((n * 31) % ROWS)}&select=${orders[Math.floor(shape / 10) % orders.length]}`;
    return printRequest({ path }, tokens[((n * 7919) % (USERS / roles)) * roles + (shape % roles)]);
  });
};

/** R1 in a large project and in a small one. */
export const measureGrowth = async (options: ShapesOptions): Promise<readonly Measured[]> => {
  const { database, sign, seconds, rounds, connections } = options;
  const grown = await serve(options, '1,000 tables, 100 roles, 250 shapes', TABLES, ROLES);
  const small = await serve(options, '10 tables, a role, a shape', 10, 1);
  try {
    return await measure(
      [
        underLoad(grown, database.pid, {
          requests: await growRequests(sign, SHAPES, TABLES, ROLES),
          connections,
        }),
        underLoad(small, database.pid, { requests: await growRequests(sign, 1, 10, 1), connections }),
      ],
      { seconds, rounds },
    );
  } finally {
    await Promise.all([grown.stop(), small.stop()]);
  }
};

/** 10,000 shapes one after the other, none twice before all were asked, and one shape. */
export const measureShapes = async (
  options: ShapesOptions,
): Promise<{ readonly rows: readonly Measured[]; readonly server: number; readonly backend: number }> => {
  const { program, database, secret, sign, seconds, rounds, connections } = options;
  const tokens = await Promise.all(Array.from({ length: USERS }, (_, n) => sign('authenticated', n)));
  const task = { connect: database.server, tcpPort: database.tcpPort, secret };
  const many = await startAshlar(task, { program, name: '10,000 shapes in turn' });
  const one = await startAshlar(task, { program, name: 'one shape' });
  try {
    const shapes = Array.from({ length: MANY }, (_, n) => {
      // A name for a column makes a shape of its own.
      const path = `/posts?id=eq.${1 + ((n * 7919) % 99_000)}&select=id,author_id,title,shape_${n}:body`;
      return printRequest({ path }, tokens[(n * 31) % USERS]);
    });
    const usual = Array.from({ length: MANY }, (_, n) => {
      const path = `/posts?id=eq.${1 + ((n * 7919) % 99_000)}&select=id,author_id,title,body`;
      return printRequest({ path }, tokens[(n * 31) % USERS]);
    });
    const rows = await measure(
      [
        underLoad(many, database.pid, { requests: shapes, connections }),
        underLoad(one, database.pid, { requests: usual, connections }),
      ],
      { seconds, rounds },
    );
    return { rows, server: memoryOf(many.pid), backend: privateOfChildren(database.pid).most };
  } finally {
    await Promise.all([many.stop(), one.stop()]);
  }
};
