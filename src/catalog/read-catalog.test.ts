import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeRelationship } from '../../test/golden-model/describe-relationship.ts';
import { readGolden } from '../../test/golden-model/golden-file.ts';
import { normaliseModel } from '../../test/golden-model/normalise-model.ts';
import { type ClusterVersion, createTestDatabase, installedVersions } from '../../test/setup/database.ts';
import { createPool, openSession, type Pool, type Statement } from '../db/index.ts';
import { findRelation, indexModel, type Model, type Relation, relationshipsOf } from '../model/index.ts';
import { readCatalog } from './index.ts';

const folder = 'test/golden-model';
const schema = readFileSync(`${folder}/schema.sql`, 'utf8');

/** A database with this schema, and a pool of its owner. */
const openDatabase = async (version: ClusterVersion, sql: string): Promise<Pool> => {
  const database = await createTestDatabase(version);
  const session = await openSession(database.owner);
  await session.query(sql);
  await session.close();
  return createPool({ connect: database.owner, max: 1 });
};

const relation = (model: Model, name: string, inSchema = 'public'): Relation => {
  const found = findRelation(indexModel(model), { schema: inSchema, name });
  if (found === undefined) throw new Error(`${inSchema}.${name} is not in the model.`);
  return found;
};

/** The model without the roles of other test files, which come and go in the same cluster. */
const own = (model: Model): Model => ({
  ...model,
  roles: model.roles.filter(({ name }) => name.startsWith('golden_')),
});

const isFrozen = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isFrozen));

describe.each(installedVersions())('the catalog of Postgres %i', (version) => {
  let pool: Pool;
  let model: Model;

  beforeAll(async () => {
    pool = await openDatabase(version, schema);
    model = await readCatalog(pool, { servingRole: 'golden_server' });
  });
  afterAll(() => pool.close());

  test('is the model of the golden file', () => {
    const actual = JSON.parse(JSON.stringify(normaliseModel(model)));
    expect(actual).toEqual(readGolden(`${folder}/model.json`, actual));
  });

  test('gives the relationships of the golden file', () => {
    const served = ['app', 'Odd "Name"'];
    const index = indexModel(model, served);
    const actual = Object.fromEntries(
      model.relations.flatMap((item) =>
        served.flatMap((foreign) => {
          const found = relationshipsOf(index, item, foreign);
          const key = `${item.schema}.${item.name} to ${foreign}`;
          return found.length === 0 ? [] : [[key, found.map(describeRelationship)]];
        }),
      ),
    );
    expect(actual).toEqual(readGolden(`${folder}/relationships.json`, actual));
  });

  test('is frozen all the way down', () => {
    expect(isFrozen(model)).toBe(true);
  });

  test('is the same for a login without any rights', async () => {
    const become: Statement = {
      text: "select set_config('role', 'golden_stranger', true)",
      key: undefined,
      params: [],
    };
    const stranger = {
      run: async (statements: readonly Statement[]) => (await pool.run([become, ...statements])).slice(1),
    };
    expect(own(await readCatalog(stranger, { servingRole: 'golden_server' }))).toEqual(own(model));
  });

  test('is the same whatever the settings of the session', async () => {
    const odd = [
      ['search_path', 'app, private, pg_catalog'],
      ['quote_all_identifiers', 'on'],
      ['datestyle', 'german'],
      ['intervalstyle', 'iso_8601'],
      ['bytea_output', 'escape'],
      ['timezone', 'Asia/Kathmandu'],
    ].map(
      ([name, value]): Statement => ({
        text: `set local ${name} = ${value?.includes(',') ? value : `'${value}'`}`,
        key: undefined,
        params: [],
      }),
    );
    const session = {
      run: async (statements: readonly Statement[]) =>
        (await pool.run([...odd, ...statements])).slice(odd.length),
    };
    expect(own(await readCatalog(session, { servingRole: 'golden_server' }))).toEqual(own(model));
  });

  test('leaves the settings of the connection as they were', async () => {
    const [outcome] = await pool.run([{ text: 'show search_path', key: undefined, params: [] }]);
    expect(outcome?.rows[0]?.[0]?.toString()).toBe('"$user", public');
  });

  test('takes functions of a schema for what they are, not for those of Postgres', async () => {
    const hostile = await openDatabase(
      version,
      `create table public.t (id int primary key);
       create function public.format_type(oid, int) returns text language sql as 'select (1/0)::text';
       create function public.pg_get_userbyid(bigint) returns text language sql as 'select (1/0)::text';
       create function public.lower(name) returns text language sql as 'select (1/0)::text';`,
    );
    const read = await readCatalog(hostile);
    await hostile.close();
    expect(relation(read, 't').columns.map((column) => column.type)).toEqual(['integer']);
  });

  test('hoists the settings of functions that it is told to', async () => {
    const read = await readCatalog(pool, { hoistedSettings: ['work_mem'] });
    const limited = read.routines.find((routine) => routine.name === 'limited');
    expect(limited).toMatchObject({ settings: [['work_mem', '4MB']], isolation: 'serializable' });
  });

  test('takes over what the serving login may set of the settings of roles', async () => {
    const settings = async (servingRole: string) => {
      const read = await readCatalog(pool, { servingRole });
      return new Map(read.roles.map((role) => [role.name, role.settings]));
    };
    const own = [
      ['default_transaction_isolation', 'repeatable read'],
      ['statement_timeout', '3s'],
      ['work_mem', '5MB'],
    ];
    const stranger = await settings('golden_stranger');
    expect(stranger.get('golden_reader')).toEqual(own);
    expect(stranger.get('golden_writer')).toEqual([]);
    const server = await settings('golden_server');
    expect(server.get('golden_writer')).toEqual([['log_min_duration_statement', '1000']]);
    const superuser = await settings('ashlar_owner');
    expect(superuser.get('golden_reader')).toContainEqual(['log_min_messages', 'fatal']);
  });

  test('knows its version', () => {
    expect(Math.floor(model.postgres / 10_000)).toBe(version);
  });

  test('has MAINTAIN among the rights of owners from Postgres 17 on', () => {
    const tags = relation(model, 'tags', 'app');
    expect(tags.grants.some((grant) => grant.privilege === 'MAINTAIN')).toBe(version >= 17);
  });
});

describe.each(installedVersions())('reading the catalog of Postgres %i', (version) => {
  const setsResponse = async (sql: string): Promise<boolean> => {
    const pool = await openDatabase(version, sql);
    const { setsResponse } = await readCatalog(pool);
    await pool.close();
    return setsResponse;
  };

  test.each([
    ['nothing', 'create table t (id int)', false],
    [
      'a function',
      `create function f() returns text language sql as $$select set_config('Response.Headers', '[]', true)$$`,
      true,
    ],
    [
      'a function in the standard form',
      `create function f() returns text language sql begin atomic; select set_config('response.status', '1', true); end`,
      true,
    ],
    ['a view', `create view v as select set_config('response.status', '201', true)`, true],
    ['a default', `create table t (a text default set_config('response.status', '201', true))`, true],
    [
      'a policy',
      `create table t (id int); create policy p on t using (set_config('response.status', '201', true) = '201')`,
      true,
    ],
  ])('sees that the response is set by %s', async (_, sql, expected) => {
    expect(await setsResponse(sql)).toBe(expected);
  });

  test('survives views that are defined by each other', async () => {
    const pool = await openDatabase(
      version,
      `create table t (id int primary key);
       create view a as select id from t;
       create view b as select id from a;
       create or replace view a as select id from b;`,
    );
    const model = await readCatalog(pool);
    await pool.close();
    expect(relation(model, 'a').columns).toMatchObject([{ origin: null, nullable: true }]);
  });

  test('reads an empty database', async () => {
    const pool = await openDatabase(version, 'drop schema public');
    const model = await readCatalog(pool);
    await pool.close();
    expect(model).toMatchObject({ schemas: [], relations: [], foreignKeys: [], routines: [], policies: [] });
  });

  test('reads a thousand tables in good time', async () => {
    // Without keys and long values a table is one file, so that making them does not take long.
    const tables = Array.from(
      { length: 1000 },
      (_, i) =>
        `create table t${i} (a int not null default 1, b date, c bool, d int8, e timestamptz default now(),
          f float8, g uuid, h inet, i int${i % 10 === 0 ? ` primary key references t${i}` : ''});`,
    );
    // A type with a high oid, at the end of Postgres' index of them.
    const moods = tables.map((_, i) => `alter table t${i} add mood mood;`);
    const sql = [...tables, "create type mood as enum ('ok');", ...moods].join('');
    const pool = await openDatabase(version, sql);
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      const model = await readCatalog(pool);
      times.push(performance.now() - start);
      expect(model.relations).toHaveLength(1000);
    }
    await pool.close();
    // A third of a second where nothing else runs.
    expect(Math.min(...times)).toBeLessThan(2000);
  });
});

describe.runIf(installedVersions().includes(18))('what Postgres 18 has beside', () => {
  test('virtual columns, and NOT NULL that old rows may break', async () => {
    const pool = await openDatabase(
      18,
      `create table t (
         a int not null,
         b int generated always as (a * 2) virtual,
         c int,
         d int default 1
       );
       insert into t (a) values (1);
       alter table t add constraint later not null c not valid;`,
    );
    const model = await readCatalog(pool);
    await pool.close();
    expect(relation(model, 't').columns).toMatchObject([
      { name: 'a', nullable: false, generated: null },
      { name: 'b', nullable: true, generated: 'virtual', default: null },
      { name: 'c', nullable: true },
      { name: 'd', nullable: true, generated: null, default: '1' },
    ]);
  });
});
