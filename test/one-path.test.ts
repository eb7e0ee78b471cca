import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPgError, openSession, type Session } from '../src/db/index.ts';
import { quoteIdent, quoteLiteral } from '../src/sql/index.ts';
import { type Guarded, guardSchema, PEOPLE, type Who } from './differential/guard.ts';
import { answerRequest, settleOrder } from './differential/oracle.ts';
import { makeRandom } from './differential/random.ts';
import {
  type Condition,
  type Node,
  printRequest,
  type Request,
  requestArbitrary,
} from './differential/request.ts';
import {
  type Json,
  makeSchema,
  printValue,
  type Row,
  randomValue,
  type Schema,
  schemaSql,
  type Table,
} from './differential/schema.ts';
import { batchSurface, itemSurface, restSurface, type Surface, type Write } from './differential/surface.ts';
import { openTestApi, type TestApi } from './setup/api.ts';
import { createFilledDatabase } from './setup/fixture.ts';

/** `ONE_PATH_SEED=7 ONE_PATH_RUNS=10000 npm test -- test/one-path.test.ts` repeats or deepens a run. */
const seed = Number(process.env.ONE_PATH_SEED ?? 20261126);
const numRuns = Number(process.env.ONE_PATH_RUNS ?? 400);
const SCHEMAS = 16;

/** Every surface joins here by one line. */
const surfacesOf = (api: TestApi): readonly Surface[] => [
  restSurface(api),
  itemSurface(api),
  batchSurface(api),
];

const roundNumbers = (value: Json): Json => {
  if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(9));
  if (Array.isArray(value)) return value.map(roundNumbers);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, roundNumbers(item)]));
  return value;
};

/** The columns that a request names or joins by, by table. */
const namedColumns = (schema: Schema, node: Node): readonly (readonly [table: string, column: string])[] => {
  const own = (names: readonly string[]) => names.map((name) => [node.table.name, name] as const);
  const ofCondition = (condition: Condition): readonly string[] =>
    condition.kind === 'filter'
      ? [condition.column.name]
      : condition.kind === 'logic'
        ? condition.terms.flatMap(ofCondition)
        : [];
  return [
    ...own(node.star ? node.table.columns.map(({ name }) => name) : []),
    ...own(node.columns.map(({ column }) => column.name)),
    // A count of rows is asked of whole rows, so it wants all of their columns.
    ...own(
      node.aggregates.flatMap(({ column }) =>
        column === undefined ? node.table.columns.map(({ name }) => name) : [column.name],
      ),
    ),
    ...own(node.where.flatMap(ofCondition)),
    ...node.order.map(({ embed, column }) =>
      embed === undefined
        ? ([node.table.name, column.name] as const)
        : ([node.embeds[embed]?.node.table.name ?? '', column.name] as const),
    ),
    ...node.embeds.flatMap(({ relation, node: inner }) => [
      ...relation.pairs.flatMap(([mine, other]) => [
        [node.table.name, mine] as const,
        [relation.junction?.table ?? relation.target, other] as const,
      ]),
      ...(relation.junction?.pairs ?? []).flatMap(([between, target]) => [
        [relation.junction?.table ?? '', between] as const,
        [relation.target, target] as const,
      ]),
      ...namedColumns(schema, inner),
    ]),
  ];
};

/** Every table that a request reads. */
const tablesOf = (node: Node): readonly string[] => [
  node.table.name,
  ...node.embeds.flatMap(({ relation, node: inner }) => [
    ...(relation.junction === undefined ? [] : [relation.junction.table]),
    ...tablesOf(inner),
  ]),
];

/**
 * What Postgres asks privileges for where it refuses nothing else: what is embedded in a table is not looked at if no
 * policy could show a row of that table.
 */
const lookedAt = (node: Node, mayShow: (table: string) => boolean): Node => ({
  ...node,
  embeds: mayShow(node.table.name)
    ? node.embeds.map((embed) => ({ ...embed, node: lookedAt(embed.node, mayShow) }))
    : [],
});

/** Counts what each surface was asked, so that none is passed over. */
class Said {
  readonly #answered = new Map<string, number>();
  readonly #refused = new Map<string, number>();

  count({ name }: Surface, isRefusal: boolean): void {
    const map = isRefusal ? this.#refused : this.#answered;
    map.set(name, (map.get(name) ?? 0) + 1);
  }

  expectOfEach(surfaces: readonly Surface[], least: number): void {
    for (const { name } of surfaces) {
      expect(this.#answered.get(name) ?? 0, `answers of ${name}`).toBeGreaterThan(least);
      expect(this.#refused.get(name) ?? 0, `refusals of ${name}`).toBeGreaterThan(least);
    }
  }
}

describe(`what is answered is what Postgres says under SET ROLE (seed ${seed})`, () => {
  let api: TestApi;
  let session: Session;
  let guarded: readonly Guarded[];
  let surfaces: readonly Surface[];

  beforeAll(async () => {
    const random = makeRandom(seed);
    guarded = Array.from({ length: SCHEMAS }, (_, i) => guardSchema(random, makeSchema(random, `g${i}`)));
    const content = guarded.map(({ schema, sql }) => `${schemaSql(schema)}${sql}`).join('\n');
    const database = await createFilledDatabase(`one_path_${seed}`, content);
    const names = guarded.map(({ schema }) => schema.name);
    api = await openTestApi(database, { schemas: names, explain: true });
    session = await openSession(database.owner);
    surfaces = surfacesOf(api);
  });
  afterAll(async () => {
    await session?.close();
    await api?.close();
  });

  /** Runs SQL as a request would, and undoes it; `after` is asked by the owner before that. */
  const asCaller = async (who: Who, text: string, after?: string) => {
    const claims = JSON.stringify({ ...who.claims, role: who.role });
    await session.query('begin');
    try {
      await session.query(
        `select set_config('role', ${quoteLiteral(who.role)}, true), set_config('request.jwt.claims', ${quoteLiteral(claims)}, true)`,
      );
      const rows = await session.query(text);
      if (after === undefined) return { rows, state: undefined, code: undefined };
      await session.query('reset role');
      return { rows, state: await session.query(after), code: undefined };
    } catch (error) {
      if (!isPgError(error)) throw error;
      return { rows: undefined, state: undefined, code: error.code };
    } finally {
      await session.query('rollback');
    }
  };

  const nameOf = (schema: Schema, table: Table): string =>
    `${quoteIdent(schema.name)}.${quoteIdent(table.name)}`;

  /** The markers of the rows that somebody sees; undefined: the table is closed. */
  const visibleMarkers = async (who: Who, schema: Schema, table: Table) => {
    const { rows } = await asCaller(who, `select marker from ${nameOf(schema, table)}`);
    return rows === undefined ? undefined : new Set(rows.map(({ marker }) => marker as string));
  };

  /** The schema as somebody sees it. */
  const seenBy = async (who: Who, { schema }: Guarded) => {
    const tables: Table[] = [];
    const closed = new Set<string>();
    const secrets: string[] = [];
    for (const table of schema.tables) {
      const markers = await visibleMarkers(who, schema, table);
      if (markers === undefined) closed.add(table.name);
      tables.push({ ...table, rows: table.rows.filter(({ marker }) => markers?.has(marker as string)) });
      for (const { marker } of table.rows)
        if (!markers?.has(marker as string)) secrets.push(marker as string);
    }
    return { schema: { ...schema, tables }, closed, secrets };
  };

  const keepsSecrets = (text: string, secrets: readonly string[], what: string): void => {
    expect(
      secrets.filter((secret) => text.includes(secret)),
      `${what} tells what is hidden`,
    ).toEqual([]);
  };

  test('for reads: filters, orders, aggregates, counts, embeds, on rows and columns that are hidden', async () => {
    const seen = new Map<string, ReturnType<typeof seenBy>>();
    const said = new Said();
    const check = async (i: number, request: Request, who: Who): Promise<void> => {
      const one = guarded[i] as Guarded;
      const key = `${i}/${who.name}`;
      if (!seen.has(key)) seen.set(key, seenBy(who, one));
      const view = await (seen.get(key) as ReturnType<typeof seenBy>);
      const asks = `${who.name}: ${decodeURIComponent(printRequest(request))}`;
      // What the request names itself may come back, as in an address or a plan.
      const secrets = view.secrets.filter((secret) => !asks.includes(secret));
      const closedIn = (node: Node) => ({
        hidden: namedColumns(one.schema, node).filter(([table, column]) =>
          one.hidden(who.role, table).has(column),
        ),
        shut: tablesOf(node).filter((table) => view.closed.has(table)),
      });
      const { hidden, shut } = closedIn(request.node);
      const read = closedIn(lookedAt(request.node, (table) => one.mayShow(who.role, table)));
      const root = view.schema.tables.find(({ name }) => name === request.node.table.name) as Table;
      const asked = { ...request, schema: view.schema, node: { ...request.node, table: root } };
      for (const surface of surfaces) {
        const what = `${surface.name} ${asks}`;
        const answer = await surface.read(request, who);
        if (answer === undefined) continue;
        keepsSecrets(answer.text, secrets, what);
        if (answer.rows === undefined) {
          if (answer.code === 'PGRST103') continue;
          said.count(surface, true);
          expect(answer.code, what).toBe('42501');
          expect(
            hidden.length + shut.length,
            `${what} is refused for no reason: ${answer.text}`,
          ).toBeGreaterThan(0);
          continue;
        }
        said.count(surface, false);
        expect(read.shut, `${what} reads a table that is closed`).toEqual([]);
        expect(read.hidden, `${what} reads a column that is closed`).toEqual([]);
        const { rows, total } = answerRequest(asked);
        if (request.count) expect(answer.total, what).toBe(total);
        expect(settleOrder(asked.node, roundNumbers(answer.rows as Json) as Json[]), what).toEqual(
          settleOrder(asked.node, roundNumbers(rows) as Json[]),
        );
        const plan = await surface.plan?.(request, who);
        if (plan !== undefined) keepsSecrets(plan.text, secrets, `${surface.name}'s plan of ${asks}`);
      }
    };
    const cases = fc
      .record({ i: fc.nat(SCHEMAS - 1), who: fc.constantFrom(...PEOPLE) })
      .chain(({ i, who }) =>
        requestArbitrary((guarded[i] as Guarded).schema).map((request) => ({ i, who, request })),
      );
    await fc.assert(
      fc.asyncProperty(cases, ({ i, who, request }) => check(i, request, who)),
      { seed, numRuns },
    );
    said.expectOfEach(surfaces, numRuns / 100);
  }, 600_000);

  test('for functions that read in the name of who calls them', async () => {
    for (const one of guarded)
      for (const who of PEOPLE) {
        const { secrets } = await seenBy(who, one);
        const plain = await asCaller(who, `select marker from ${quoteIdent(one.schema.name)}.listed()`);
        for (const surface of surfaces) {
          const answer = await surface.call?.(one.schema.name, 'listed', who);
          if (answer === undefined) continue;
          keepsSecrets(answer.text, secrets, `${surface.name} listed`);
          expect(answer.code).toBe(plain.code);
          const markers = (rows: readonly unknown[] | undefined) =>
            rows?.map((row) => (row as { readonly marker: string }).marker).sort();
          expect(markers(answer.rows)).toEqual(markers(plain.rows));
        }
      }
  }, 60_000);

  /** All that there is in a table, as text. */
  const stateSql = (schema: Schema): string =>
    schema.tables
      .map(
        (table) =>
          `select ${quoteLiteral(table.name)} as name, t::text as row from ${nameOf(schema, table)} t`,
      )
      .join(' union all ')
      .concat(' order by 1, 2');

  const valueSql = (schema: Schema, table: Table, column: string, value: Json): string => {
    const type = table.columns.find(({ name }) => name === column)?.type ?? 'text';
    return value === null
      ? 'null'
      : `${quoteLiteral(printValue(value, type))}::${type === 'mood' ? `${quoteIdent(schema.name)}.mood` : type}`;
  };

  /** The statement that a person would write for it. */
  const writeSql = (schema: Schema, write: Write): string => {
    const { table } = write;
    const name = nameOf(schema, table);
    const value = (column: string, row: Row): string => valueSql(schema, table, column, row[column] ?? null);
    const filter = (where: Row): string =>
      Object.keys(where)
        .map((column) =>
          where[column] === null
            ? `${quoteIdent(column)} is null`
            : `${quoteIdent(column)} = ${value(column, where)}`,
        )
        .join(' and ') || 'true';
    switch (write.kind) {
      case 'update':
        return `update ${name} set ${Object.keys(write.set)
          .map((column) => `${quoteIdent(column)} = ${value(column, write.set)}`)
          .join(', ')} where ${filter(write.where)} returning marker`;
      case 'delete':
        return `delete from ${name} where ${filter(write.where)} returning marker`;
      default: {
        const columns = Object.keys(write.rows[0] ?? {});
        const list = columns.map(quoteIdent).join(', ');
        const conflict =
          write.kind === 'insert'
            ? ''
            : ` on conflict (${table.key.map(quoteIdent).join(', ')}) do ${
                write.kind === 'ignore'
                  ? 'nothing'
                  : `update set ${columns.map((column) => `${quoteIdent(column)} = excluded.${quoteIdent(column)}`).join(', ')}`
              }`;
        return `insert into ${name} (${list}) values ${write.rows
          .map((row) => `(${columns.map((column) => value(column, row)).join(', ')})`)
          .join(', ')}${conflict} returning marker`;
      }
    }
  };

  /** A write by chance: to one row or to many, with values that are there and that are not. */
  const makeWrite = (
    random: ReturnType<typeof makeRandom>,
    { schema }: Guarded,
    who: Who,
    n: number,
  ): Write => {
    const table = random.pick(schema.tables);
    const plain = table.columns.filter(
      ({ type }) => type === 'integer' || type === 'text' || type === 'boolean' || type === 'mood',
    );
    const some = table.rows.length > 0 ? random.pick(table.rows) : undefined;
    const where = (): Row => {
      if (random.below(4) === 0 || some === undefined) return {};
      const column = random.below(2) === 0 ? random.pick(table.key) : random.pick(plain).name;
      const value = some[column] ?? null;
      return typeof value === 'string' && value === '' ? {} : { [column]: value };
    };
    const common = { schema: schema.name, table, who };
    const kind = random.pick(['insert', 'merge', 'ignore', 'update', 'update', 'delete'] as const);
    if (kind === 'delete') return { ...common, kind, where: where() };
    if (kind === 'update') {
      const column = random.pick(plain.filter(({ name }) => name !== 'marker'));
      const set =
        column.name === 'owner' ? random.pick(['alice', 'bob']) : (randomValue(random, column.type) ?? null);
      return { ...common, kind, set: { [column.name]: set }, where: where() };
    }
    const rows = Array.from({ length: 1 + random.below(2) }, (_, i): Row => {
      const base = some !== undefined && kind !== 'insert' && random.below(2) === 0 ? some : undefined;
      return Object.fromEntries(
        table.columns.map((column) => {
          if (column.name === 'marker') return ['marker', `secret-new-${n}-${i}`];
          if (column.name === 'owner') return ['owner', random.pick(['alice', 'bob', null])];
          if (base !== undefined && table.key.includes(column.name))
            return [column.name, base[column.name] ?? null];
          if (table.key.includes(column.name))
            return [column.name, column.type === 'text' ? `n${n}-${i}` : 1_000 + 10 * n + i];
          return [column.name, column.nullable ? null : randomValue(random, column.type)];
        }),
      );
    });
    return { ...common, kind, rows };
  };

  test('for writes: bulk verbs and upserts; and after a refusal everything is as it was', async () => {
    const random = makeRandom(seed + 1);
    const said = new Said();
    for (let n = 0; n < numRuns / 2; n++) {
      const one = random.pick(guarded);
      const who = random.pick(PEOPLE);
      const write = makeWrite(random, one, who, n);
      const state = stateSql(one.schema);
      for (const surface of surfaces) {
        const before = await session.query(state);
        // What the request says itself may come back, as in the address of a batch's step.
        const own =
          write.kind === 'update' || write.kind === 'delete'
            ? [write.where.marker]
            : write.rows.map(({ marker }) => marker);
        const visible = await visibleMarkers(who, one.schema, write.table);
        const secrets = before
          .map(({ row }) => /secret-[\w-]+/.exec(row as string)?.[0])
          .filter(
            (marker) =>
              visible !== undefined && !visible.has(marker as string) && !own.includes(marker as string),
          );
        const plain = await asCaller(who, writeSql(one.schema, write), state);
        const answer = await surface.write(write);
        if (answer === undefined) continue;
        const what = `${n}. ${surface.name} ${who.name}: ${writeSql(one.schema, write)}: ${answer.text}`;
        expect(answer.code, what).toBe(plain.code);
        const after = await session.query(state);
        if (answer.rows === undefined) {
          said.count(surface, true);
          expect(after, what).toEqual(before);
          keepsSecrets(answer.text, secrets as string[], what);
          continue;
        }
        said.count(surface, false);
        expect(after, what).toEqual(plain.state);
        if (answer.rows.length === 0) keepsSecrets(answer.text, secrets as string[], what);
        const markers = (rows: readonly unknown[] | undefined) =>
          rows?.map((row) => (row as { readonly marker: string }).marker).sort();
        expect(markers(answer.rows), what).toEqual(markers(plain.rows));
      }
    }
    said.expectOfEach(surfaces, numRuns / 200);
  }, 600_000);
});
