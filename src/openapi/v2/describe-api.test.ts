import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTestModel } from '../../../test/models/make-test-model.ts';
import { type ClusterVersion, createTestDatabase, installedVersions } from '../../../test/setup/database.ts';
import type { Json } from '../../base/index.ts';
import { readCatalog } from '../../catalog/index.ts';
import { publish } from '../../contract/index.ts';
import { createPool, openSession, type Pool } from '../../db/index.ts';
import { indexModel, type Model, type Relation } from '../../model/index.ts';
import { type Api20Options, describeApi20 } from './describe-api.ts';

const options: Api20Options = {
  mode: 'follow-privileges',
  securityActive: false,
  proxyUri: undefined,
  listening: { host: '127.0.0.1', port: 4000 },
  about: {
    title: 'An API',
    description: 'Made from a schema',
    version: '1.2',
    documentation: { description: 'Its language', url: 'https://example.org/language' },
  },
};

/** Just enough of the document's shape to look into it. */
type Document = {
  readonly info: Json;
  readonly host: string;
  readonly basePath: string;
  readonly schemes: Json;
  readonly paths: {
    readonly [path: string]: { readonly [method: string]: { readonly [name: string]: Json } };
  };
  readonly definitions: {
    readonly [name: string]: {
      readonly required?: Json;
      readonly properties: { readonly [column: string]: { readonly [member: string]: Json } };
    };
  };
  readonly parameters: { readonly [name: string]: Json };
  readonly security?: Json;
  readonly securityDefinitions?: Json;
};

const describeFor = (
  model: Model,
  role: string,
  more: Partial<Api20Options> = {},
  schemas: readonly string[] = ['public'],
): Document => {
  const contract = publish(indexModel(model, schemas), 1, { role, schemas, extraSearchPath: ['public'] });
  const description = describeApi20(contract, schemas[0] ?? '', { ...options, ...more });
  return JSON.parse(JSON.stringify(description)) as Document;
};

const parametersOf = (
  document: Document,
  path: string,
  method: string,
): readonly { readonly [name: string]: Json }[] => document.paths[path]?.[method]?.parameters as never;

describe('the description of an API', () => {
  const grant =
    (table: string, privilege: string, on: 'table' | 'column' = 'table') =>
    (relation: Relation) =>
      relation.name === table
        ? on === 'table'
          ? { ...relation, grants: [{ grantee: 'reader', privilege }] }
          : {
              ...relation,
              columns: relation.columns.map((column) => ({
                ...column,
                grants: [{ grantee: 'reader', privilege }],
              })),
            }
        : relation;
  const plain = makeTestModel({
    tables: [
      { name: 'open', columns: ['id'], primaryKey: ['id'] },
      { name: 'a_column', columns: ['id'] },
      { name: 'closed', columns: ['id'] },
      { name: 'part', columns: ['id'], isPartition: true },
      { name: 'elsewhere', schema: 'other', columns: ['id'] },
    ],
    routines: [
      { name: 'add', parameters: [['a', 'integer']] },
      {
        name: 'add',
        parameters: [
          ['a', 'integer'],
          ['b', 'integer'],
        ],
      },
      { name: 'taking_a_row', row: 'open' },
      { name: 'on_change', returnsOid: 2279 },
      { name: 'elsewhere', schema: 'other' },
    ],
  });
  const model: Model = {
    ...plain,
    relations: plain.relations.map(grant('open', 'SELECT')).map(grant('a_column', 'UPDATE', 'column')),
    routines: plain.routines.map((routine) => ({ ...routine, comment: 'Adds' })),
  };

  test('has what the role may use', () => {
    const document = describeFor(model, 'reader');
    expect(Object.keys(document.paths)).toEqual(['/', '/a_column', '/open', '/rpc/add']);
    expect(Object.keys(document.definitions)).toEqual(['a_column', 'open']);
    expect(document.parameters).toHaveProperty(['body.open']);
    expect(document.parameters).not.toHaveProperty(['body.closed']);
  });

  test('has less for a role that may do less', () => {
    const document = describeFor(model, 'stranger');
    expect(Object.keys(document.paths)).toEqual(['/', '/rpc/add']);
    expect(document).not.toHaveProperty('definitions');
  });

  test('has all that is served where privileges are ignored', () => {
    const document = describeFor(model, 'stranger', { mode: 'ignore-privileges' });
    expect(Object.keys(document.paths)).toEqual(['/', '/a_column', '/closed', '/open', '/rpc/add']);
  });

  test('has of overloads the one with the most parameters', () => {
    const document = describeFor(model, 'reader');
    expect(parametersOf(document, '/rpc/add', 'get').map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('tells where the API is', () => {
    expect(describeFor(model, 'reader')).toMatchObject({
      host: '127.0.0.1:4000',
      basePath: '/',
      schemes: ['http'],
    });
    expect(describeFor(model, 'reader', { proxyUri: 'https://example.com/api' })).toMatchObject({
      host: 'example.com:443',
      basePath: '/api',
      schemes: ['https'],
    });
  });

  test('tells how to send a token where that is wanted', () => {
    expect(describeFor(model, 'reader')).not.toHaveProperty('security');
    expect(describeFor(model, 'reader')).not.toHaveProperty('securityDefinitions');
    expect(describeFor(model, 'reader', { securityActive: true })).toMatchObject({
      security: [{ JWT: [] }],
      securityDefinitions: {
        JWT: {
          description: 'Add the token prepending "Bearer " (without quotes) to it',
          in: 'header',
          name: 'Authorization',
          type: 'apiKey',
        },
      },
    });
  });

  test('takes its title and description from the comment on the schema', () => {
    const withComment = (comment: string | null): Model => ({
      ...model,
      schemas: [{ oid: 1, name: 'public', comment, usage: [] }],
    });
    const info = (comment: string | null) => describeFor(withComment(comment), 'reader').info;
    expect(info(null)).toEqual({ title: 'An API', description: 'Made from a schema', version: '1.2' });
    expect(info('Mine')).toEqual({ title: 'Mine', description: '', version: '1.2' });
    expect(info('Mine\n\nIt has\n\nlines')).toEqual({
      title: 'Mine',
      description: 'It has\n\nlines',
      version: '1.2',
    });
  });

  test('is the same text whenever it is made', () => {
    const text = JSON.stringify(describeFor(model, 'reader'));
    const reversed = {
      ...model,
      relations: model.relations.toReversed(),
      routines: model.routines.toReversed(),
    };
    expect(JSON.stringify(describeFor(reversed, 'reader'))).toBe(text);
  });
});

const sql = `
do $$ begin
  if not exists (select from pg_roles where rolname = 'openapi_reader') then create role openapi_reader; end if;
end $$;
create schema shop;
comment on schema shop is 'A shop';
create type shop.state as enum ('new', 'sent');
create domain shop.code as varchar(8) default 'none';

create table shop.customers (id int primary key, name text not null, since date default '2020-01-01');
create table shop.orders (
  id bigint generated by default as identity primary key,
  customer_id int not null references shop.customers,
  state shop.state not null default 'new',
  code shop.code,
  tag character(3),
  amounts numeric(8, 2)[],
  extra jsonb default '{}',
  is_gift boolean default false,
  at timestamptz default now()
);
comment on table shop.orders is E'What was bought\n\nSince the beginning.';
comment on column shop.orders.id is 'Its number';
create table shop.bills (order_id bigint primary key references shop.orders, total numeric);
create table shop.secrets (id int primary key);
create view shop.sent as select id, customer_id from shop.orders where state = 'sent';
create materialized view shop.counts as select count(*) as orders from shop.orders;

create function shop.find(state shop.state, min_total numeric, tags text[], extra jsonb, at_most int default 10)
  returns setof shop.orders stable language sql as 'select * from shop.orders';
comment on function shop.find is E'Finds orders\nby what is known of them';
create function shop.send(variadic ids bigint[]) returns void language sql as '';
create function shop.count_all() returns bigint immutable language sql as 'select 1::bigint';
create function shop.hidden() returns int language sql as 'select 1';
revoke execute on function shop.hidden from public;

grant usage on schema shop to openapi_reader;
grant select on all tables in schema shop to openapi_reader;
revoke select on shop.secrets from openapi_reader;
`;

describe.each(installedVersions())(
  'the description of a schema of Postgres %i',
  (version: ClusterVersion) => {
    let pool: Pool;
    let document: Document;

    beforeAll(async () => {
      const database = await createTestDatabase(version);
      const session = await openSession(database.owner);
      await session.query(sql);
      await session.close();
      pool = createPool({ connect: database.owner, max: 1 });
      document = describeFor(await readCatalog(pool), 'openapi_reader', {}, ['shop']);
    });
    afterAll(() => pool.close());

    test('has the members of OpenAPI 2.0', () => {
      expect(Object.keys(document)).toEqual([
        'swagger',
        'info',
        'host',
        'basePath',
        'schemes',
        'consumes',
        'produces',
        'paths',
        'definitions',
        'parameters',
        'externalDocs',
      ]);
      const types = [
        'application/json',
        'application/vnd.pgrst.object+json;nulls=stripped',
        'application/vnd.pgrst.object+json',
        'text/csv',
      ];
      expect(document).toMatchObject({ swagger: '2.0', consumes: types, produces: types });
      expect(document.paths['/']).toEqual({
        get: {
          tags: ['Introspection'],
          summary: 'OpenAPI description (this document)',
          produces: ['application/openapi+json', 'application/json'],
          responses: { 200: { description: 'OK' } },
        },
      });
      expect(Object.keys(document.paths)).toEqual([
        '/',
        '/bills',
        '/counts',
        '/customers',
        '/orders',
        '/sent',
        '/rpc/count_all',
        '/rpc/find',
        '/rpc/send',
      ]);
    });

    test('defines a table by its columns', () => {
      expect(document.definitions.orders).toEqual({
        description: 'What was bought\n\nSince the beginning.',
        type: 'object',
        required: ['id', 'customer_id', 'state'],
        properties: {
          id: {
            description: 'Its number\n\nNote:\nThis is a Primary Key.<pk/>',
            format: 'int64',
            type: 'integer',
          },
          customer_id: {
            description: "Note:\nThis is a Foreign Key to `customers.id`.<fk table='customers' column='id'/>",
            format: 'int32',
            type: 'integer',
          },
          state: { default: 'new', enum: ['new', 'sent'], format: 'shop.state', type: 'string' },
          code: { default: 'none', format: 'character varying', maxLength: 8, type: 'string' },
          tag: { format: 'character', maxLength: 3, type: 'string' },
          amounts: { format: 'numeric[]', type: 'array', items: { type: 'number' } },
          extra: { format: 'jsonb' },
          is_gift: { default: false, format: 'boolean', type: 'boolean' },
          at: { default: 'now()', format: 'timestamp with time zone', type: 'string' },
        },
      });
    });

    test('tells of a column that is both keys', () => {
      expect(document.definitions.bills?.properties.order_id?.description).toBe(
        "Note:\nThis is a Primary Key.<pk/>\nThis is a Foreign Key to `orders.id`.<fk table='orders' column='id'/>",
      );
    });

    test('defines a view by what is seen through it, none of which is required', () => {
      expect(document.definitions.sent).toEqual({
        type: 'object',
        properties: {
          id: { description: 'Note:\nThis is a Primary Key.<pk/>', format: 'int64', type: 'integer' },
          customer_id: {
            description: "Note:\nThis is a Foreign Key to `customers.id`.<fk table='customers' column='id'/>",
            format: 'int32',
            type: 'integer',
          },
        },
      });
    });

    test('gives a table its methods', () => {
      const tags = { tags: ['customers'] };
      const filters = ['id', 'name', 'since'].map((name) => ({
        $ref: `#/parameters/rowFilter.customers.${name}`,
      }));
      const refs = (...names: string[]) => names.map((name) => ({ $ref: `#/parameters/${name}` }));
      expect(document.paths['/customers']).toEqual({
        get: {
          ...tags,
          parameters: [
            ...filters,
            ...refs('select', 'order', 'range', 'rangeUnit', 'offset', 'limit', 'preferCount'),
          ],
          responses: {
            200: { description: 'OK', schema: { type: 'array', items: { $ref: '#/definitions/customers' } } },
            206: { description: 'Partial Content' },
          },
        },
        post: {
          ...tags,
          parameters: refs('body.customers', 'select', 'preferPost'),
          responses: { 201: { description: 'Created' } },
        },
        patch: {
          ...tags,
          parameters: [...filters, ...refs('body.customers', 'preferReturn')],
          responses: { 204: { description: 'No Content' } },
        },
        delete: {
          ...tags,
          parameters: [...filters, ...refs('preferReturn')],
          responses: { 204: { description: 'No Content' } },
        },
      });
    });

    test('gives what cannot be written only GET', () => {
      expect(Object.keys(document.paths['/counts'] ?? {})).toEqual(['get']);
      expect(Object.keys(document.paths['/sent'] ?? {})).toEqual(['get', 'post', 'delete', 'patch']);
    });

    test('makes of a comment a summary and a description', () => {
      expect(document.paths['/orders']?.patch).toMatchObject({
        summary: 'What was bought',
        description: 'Since the beginning.',
      });
      expect(document.paths['/customers']?.get).not.toHaveProperty('summary');
    });

    test('has a parameter for each column, for the body and for what all share', () => {
      expect(Object.keys(document.parameters).slice(0, 14)).toEqual([
        'preferParams',
        'preferReturn',
        'preferCount',
        'preferPost',
        'select',
        'on_conflict',
        'order',
        'range',
        'rangeUnit',
        'offset',
        'limit',
        'body.bills',
        'rowFilter.bills.order_id',
        'rowFilter.bills.total',
      ]);
      expect(document.parameters['rowFilter.orders.id']).toEqual({
        name: 'id',
        description: 'Its number',
        required: false,
        in: 'query',
        type: 'string',
      });
      expect(document.parameters['body.orders']).toEqual({
        name: 'orders',
        description: 'orders',
        required: false,
        in: 'body',
        schema: { $ref: '#/definitions/orders' },
      });
      expect(document.parameters.preferParams).toEqual({
        name: 'Prefer',
        description: 'Preference',
        required: false,
        in: 'header',
        type: 'string',
      });
      expect(document.parameters.preferPost).toMatchObject({
        enum: [
          'return=representation',
          'return=minimal',
          'return=none',
          'resolution=ignore-duplicates',
          'resolution=merge-duplicates',
        ],
      });
      expect(document.parameters.rangeUnit).toMatchObject({
        in: 'header',
        name: 'Range-Unit',
        default: 'items',
      });
    });

    test('gives a function that changes nothing GET, with its arguments in the query', () => {
      const { get } = document.paths['/rpc/find'] ?? {};
      expect(get).toMatchObject({
        tags: ['(rpc) find'],
        summary: 'Finds orders',
        description: 'by what is known of them',
        produces: [
          'application/json',
          'application/vnd.pgrst.object+json;nulls=stripped',
          'application/vnd.pgrst.object+json',
        ],
        responses: { 200: { description: 'OK' } },
      });
      expect(get?.parameters).toEqual([
        { name: 'state', required: true, in: 'query', format: 'state', type: 'string' },
        { name: 'min_total', required: true, in: 'query', format: 'numeric', type: 'number' },
        { name: 'tags', required: true, in: 'query', format: 'text[]', type: 'string' },
        { name: 'extra', required: true, in: 'query', format: 'jsonb', type: 'string' },
        { name: 'at_most', required: false, in: 'query', format: 'int32', type: 'integer' },
      ]);
    });

    test('gives every function POST, with its arguments in the body', () => {
      expect(parametersOf(document, '/rpc/find', 'post')).toEqual([
        {
          name: 'args',
          required: true,
          in: 'body',
          schema: {
            type: 'object',
            description: 'Finds orders\nby what is known of them',
            required: ['state', 'min_total', 'tags', 'extra'],
            properties: {
              state: { format: 'state', type: 'string' },
              min_total: { format: 'numeric', type: 'number' },
              tags: { format: 'text[]', type: 'array', items: { type: 'string' } },
              extra: { format: 'jsonb' },
              at_most: { format: 'int32', type: 'integer' },
            },
          },
        },
        { $ref: '#/parameters/preferParams' },
      ]);
      expect(Object.keys(document.paths['/rpc/send'] ?? {})).toEqual(['post']);
      expect(parametersOf(document, '/rpc/count_all', 'post')[0]?.schema).toEqual({ type: 'object' });
      expect(document.paths['/rpc/count_all']?.get).not.toHaveProperty('parameters');
    });

    test('tells that a variadic argument may be given more than once', async () => {
      const model = await readCatalog(pool);
      const stable: Model = {
        ...model,
        routines: model.routines.map((routine) => ({ ...routine, volatility: 'stable' })),
      };
      const [ids] = parametersOf(describeFor(stable, 'openapi_reader', {}, ['shop']), '/rpc/send', 'get');
      expect(ids).toEqual({
        name: 'ids',
        required: true,
        in: 'query',
        type: 'array',
        collectionFormat: 'multi',
        items: { format: 'int64', type: 'integer' },
      });
    });
  },
);
