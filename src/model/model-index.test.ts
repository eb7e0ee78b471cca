import { describe, expect, test } from 'vitest';
import { makeTestModel } from '../../test/models/make-test-model.ts';
import {
  columnsByName,
  computedFieldsOf,
  findColumn,
  findRelation,
  findRoutines,
  findType,
  indexModel,
} from './index.ts';

const table = { name: 'books', columns: ['id', 'title'] };

describe('findRelation', () => {
  test('finds by schema and name', () => {
    const index = indexModel(makeTestModel({ tables: [table] }));
    expect(findRelation(index, { schema: 'public', name: 'books' })?.name).toBe('books');
    expect(findRelation(index, { schema: 'private', name: 'books' })).toBeUndefined();
  });

  test('leaves partitions to the table that they are part of', () => {
    const index = indexModel(makeTestModel({ tables: [{ ...table, isPartition: true }] }));
    expect(findRelation(index, { schema: 'public', name: 'books' })).toBeUndefined();
  });
});

test('columns are found by name, in their order', () => {
  const model = makeTestModel({ tables: [table] });
  const index = indexModel(model);
  const [books] = model.relations;
  if (books === undefined) throw new Error('There is no table.');
  expect([...columnsByName(index, books).keys()]).toEqual(['id', 'title']);
  expect(findColumn(index, books, 'title')?.number).toBe(2);
  expect(findColumn(index, books, 'constructor')).toBeUndefined();
});

describe('findRoutines', () => {
  const name = { schema: 'public', name: 'f' };
  const find = (routines: Parameters<typeof makeTestModel>[0]['routines']) =>
    findRoutines(indexModel(makeTestModel({ tables: [table], routines: routines ?? [] })), name);

  test('lists overloads by the number of parameters, then by comment, then by parameters', () => {
    const found = find([
      { name: 'f', parameters: [['z', 'text']], comment: 'Commented' },
      {
        name: 'f',
        parameters: [
          ['a', 'text'],
          ['b', 'text'],
        ],
      },
      { name: 'f', parameters: [['y', 'text']] },
      { name: 'f', parameters: [['y', 'integer']] },
      { name: 'f', parameters: [] },
    ]);
    const print = found.map(({ parameters }) => parameters.map((item) => `${item.name} ${item.type}`).join());
    expect(print).toEqual(['', 'y integer', 'y text', 'z text', 'a text,b text']);
  });

  test.each(['json', 'jsonb', 'text', 'bytea', 'xml'])(
    'has a function whose unnamed %s takes the body',
    (type) => {
      expect(find([{ name: 'f', parameters: [['', type]] }])).toHaveLength(1);
    },
  );

  test.each([
    ['of another type', [['', 'integer']]],
    [
      'beside another',
      [
        ['', 'json'],
        ['', 'json'],
      ],
    ],
  ] as const)('has no function with an unnamed parameter %s', (_, parameters) => {
    expect(find([{ name: 'f', parameters }])).toEqual([]);
  });

  test('has no triggers', () => {
    expect(find([{ name: 'f', returns: 'trigger', returnsOid: 2279 }])).toEqual([]);
  });
});

test('computed fields are the functions that give one value for a row', () => {
  const model = makeTestModel({
    tables: [table, { name: 'tags', columns: ['name'] }],
    routines: [
      { name: 'slug', row: 'books', returns: 'text' },
      { name: 'words', row: 'books', returns: 'text', set: true },
      { name: 'twin', row: 'books', returns: 'books' },
      { name: 'length', row: 'tags', returns: 'int4' },
      { name: 'plain', parameters: [['a', 'integer']] },
    ],
  });
  const [books] = model.relations;
  if (books === undefined) throw new Error('There is no table.');
  expect([...computedFieldsOf(indexModel(model), books)]).toEqual(['slug']);
});

describe('findType', () => {
  const index = indexModel(
    makeTestModel({
      tables: [table],
      types: [
        { schema: 'pg_catalog', name: 'int4' },
        { schema: 'pg_catalog', name: 'json' },
        { schema: 'public', name: 'json' },
        { schema: 'public', name: 'mood' },
        { schema: 'public', name: 'Odd "one"' },
        { schema: 'private', name: 'secret' },
      ],
    }),
  );

  test.each([
    ['int4', '"pg_catalog"."int4"'],
    ['INT4', '"pg_catalog"."int4"'],
    ['mood', '"public"."mood"'],
    ['json', '"pg_catalog"."json"'],
    ['books', '"public"."books"'],
    ['Odd "one"', '"public"."Odd ""one"""'],
    ['Double  Precision', 'double precision'],
    ['varchar', 'varchar'],
  ])('knows %s', (name, sql) => {
    expect(findType(index, name, ['public'])).toBe(sql);
  });

  test.each(['secret', 'odd "one"', 'int4) or (true', 'mood; drop table books', '', 'public.mood'])(
    'does not know %j',
    (name) => {
      expect(findType(index, name, ['public'])).toBeUndefined();
    },
  );
});
