import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeTestModel, type TestKey, type TestTable } from '../../test/models/make-test-model.ts';
import { indexModel, type Model, type Relationship, relationshipsOf } from './index.ts';

const authors: TestTable = { name: 'authors', columns: ['id', 'boss_id'], primaryKey: ['id'] };
const books: TestTable = {
  name: 'books',
  columns: ['id', 'author_id', 'editor_id', 'author_id_2'],
  primaryKey: ['id'],
};
const tags: TestTable = { name: 'tags', columns: ['name'], primaryKey: ['name'] };
const bookTags: TestTable = {
  name: 'book_tags',
  columns: ['book_id', 'tag', 'note'],
  primaryKey: ['book_id', 'tag'],
};
const written: TestKey = { name: 'written', from: ['books', 'author_id'], to: ['authors', 'id'] };
const edited: TestKey = { name: 'edited', from: ['books', 'editor_id'], to: ['authors', 'id'] };
const ofBook: TestKey = { name: 'of_book', from: ['book_tags', 'book_id'], to: ['books', 'id'] };
const ofTag: TestKey = { name: 'of_tag', from: ['book_tags', 'tag'], to: ['tags', 'name'] };

/** Kind and other end, in order. */
const list = (model: Model, name: string, served?: readonly string[], foreign = 'public'): string[] =>
  relationshipsOf(indexModel(model, served), { schema: 'public', name }, foreign).map(
    (item) => `${item.kind} ${item.foreign.name}`,
  );

describe('the relationships of a foreign key', () => {
  const model = makeTestModel({ tables: [authors, books], keys: [written] });

  test('lead to one row along it', () => {
    expect(relationshipsOf(indexModel(model), { schema: 'public', name: 'books' }, 'public')).toEqual([
      {
        kind: 'many-to-one',
        constraint: 'written',
        columns: [['author_id', 'id']],
        isParent: false,
        relation: { schema: 'public', name: 'books' },
        foreign: { schema: 'public', name: 'authors' },
        isSelf: false,
        relationIsView: false,
        foreignIsView: false,
      },
    ]);
  });

  test('lead to many rows against it', () => {
    expect(list(model, 'authors')).toEqual(['one-to-many books']);
  });

  test('lead to one row in both directions where its columns are unique', () => {
    const unique = makeTestModel({ tables: [authors, books], keys: [{ ...written, unique: true }] });
    expect(list(unique, 'books')).toEqual(['one-to-one authors']);
    const [parent] = relationshipsOf(indexModel(unique), { schema: 'public', name: 'authors' }, 'public');
    expect(parent).toMatchObject({ kind: 'one-to-one', isParent: true });
  });

  test('are two where it leads to the same table', () => {
    const boss: TestKey = { name: 'boss', from: ['authors', 'boss_id'], to: ['authors', 'id'] };
    const self = makeTestModel({ tables: [authors], keys: [boss] });
    const found = relationshipsOf(indexModel(self), { schema: 'public', name: 'authors' }, 'public');
    expect(found).toMatchObject([
      { kind: 'one-to-many', isSelf: true, columns: [['id', 'boss_id']] },
      { kind: 'many-to-one', isSelf: true, columns: [['boss_id', 'id']] },
    ]);
  });
});

describe('a junction', () => {
  test('joins two tables if its primary key has both foreign keys', () => {
    const model = makeTestModel({ tables: [books, tags, bookTags], keys: [ofBook, ofTag] });
    expect(list(model, 'books')).toEqual(['one-to-many book_tags', 'many-to-many tags']);
    expect(list(model, 'tags')).toEqual(['one-to-many book_tags', 'many-to-many books']);
  });

  test.each([
    ['lacks a column', { ...bookTags, primaryKey: ['tag'] }],
    ['is missing', { ...bookTags, primaryKey: [] }],
    ['is that of a partition', { ...bookTags, isPartition: true }],
  ])('joins nothing if its primary key %s', (_, table) => {
    const model = makeTestModel({ tables: [books, tags, table], keys: [ofBook, ofTag] });
    expect(list(model, 'books')).not.toContain('many-to-many tags');
  });

  test('joins nothing by a key that is unique by itself', () => {
    const model = makeTestModel({
      tables: [books, tags, bookTags],
      keys: [{ ...ofBook, unique: true }, ofTag],
    });
    expect(list(model, 'books')).toEqual(['one-to-one book_tags']);
    expect(list(model, 'tags')).toEqual(['one-to-many book_tags']);
  });

  test('is not followed through a schema that is not served', () => {
    const hidden = { ...bookTags, schema: 'private' };
    const model = makeTestModel({ tables: [books, tags, hidden], keys: [ofBook, ofTag] });
    expect(list(model, 'books', ['public'])).toEqual([]);
    expect(list(model, 'books')).toEqual(['many-to-many tags']);
  });
});

describe('a view', () => {
  const view = (columns: TestTable['origins']): TestTable => ({
    name: 'shown',
    columns: Object.keys(columns ?? {}),
    ...(columns ? { origins: columns } : {}),
  });
  const listOf = (shown: TestTable): string[] =>
    list(makeTestModel({ tables: [authors, books, shown], keys: [written] }), 'shown');

  test('has the foreign keys whose columns it shows', () => {
    expect(listOf(view({ writer: 'books.author_id' }))).toEqual(['many-to-one authors']);
  });

  test('is reached by the foreign keys to columns that it shows', () => {
    expect(listOf(view({ number: 'authors.id' }))).toEqual(['one-to-many books']);
  });

  test('has a foreign key as often as it shows its column', () => {
    expect(listOf(view({ a: 'books.author_id', b: 'books.author_id' }))).toEqual([
      'many-to-one authors',
      'many-to-one authors',
    ]);
  });

  test('has no foreign key of which it shows a part', () => {
    const both: TestKey = {
      name: 'both',
      from: ['books', 'author_id', 'editor_id'],
      to: ['authors', 'id', 'boss_id'],
    };
    const model = makeTestModel({
      tables: [authors, books, view({ writer: 'books.author_id' })],
      keys: [both],
    });
    expect(list(model, 'shown')).toEqual([]);
  });
});

describe('a function from row to row', () => {
  const model = (routine: Parameters<typeof makeTestModel>[0]['routines']) =>
    makeTestModel({ tables: [authors, books], keys: [written], routines: routine ?? [] });
  const find = (from: Model): Relationship | undefined =>
    relationshipsOf(indexModel(from), { schema: 'public', name: 'authors' }, 'public').find(
      (item) => item.kind === 'computed',
    );

  test.each([
    [{ set: true }, false],
    [{ set: true, rows: 1 }, true],
    [{ set: false }, true],
  ])('leads to one row or many by what it returns: %j', (returns, toOne) => {
    const found = find(model([{ name: 'best', row: 'authors', returns: 'books', ...returns }]));
    expect(found).toMatchObject({ toOne, foreign: { schema: 'public', name: 'books' } });
  });

  test('comes beside what was found by keys', () => {
    const routine = { name: 'best', row: 'authors', returns: 'books' };
    expect(list(model([routine]), 'authors')).toEqual(['one-to-many books', 'computed books']);
  });

  test('takes the place of the relation that it is named like', () => {
    const routine = { name: 'books', row: 'authors', returns: 'books' };
    expect(list(model([routine]), 'authors')).toEqual(['computed books']);
  });

  test('belongs to its own schema, whatever it returns', () => {
    const routine = { name: 'best', schema: 'api', row: 'authors', returns: 'books' };
    expect(list(model([routine]), 'authors')).toEqual(['one-to-many books']);
    expect(list(model([routine]), 'authors', undefined, 'api')).toEqual(['computed books']);
  });

  test('is not one if it returns no row of a relation', () => {
    expect(find(model([{ name: 'age', row: 'authors', returns: 'int4' }]))).toBeUndefined();
  });
});

test('choices are listed by the other end, then by kind, then by constraint', () => {
  const model = makeTestModel({
    tables: [authors, books, tags, bookTags],
    keys: [
      written,
      edited,
      { name: 'a_dedication', from: ['authors', 'boss_id'], to: ['books', 'id'] },
      { name: 'z_tag', from: ['authors', 'boss_id'], to: ['tags', 'name'] },
    ],
  });
  const found = relationshipsOf(indexModel(model), { schema: 'public', name: 'authors' }, 'public');
  expect(
    found.map((item) => (item.kind === 'many-to-one' || item.kind === 'one-to-many') && item.constraint),
  ).toEqual(['edited', 'written', 'a_dedication', 'z_tag']);
});

test('names with dots in them are not mixed up', () => {
  const model = makeTestModel({
    tables: [
      { name: 'b.c', schema: 'a', columns: ['id'] },
      { name: 'c', schema: 'a.b', columns: ['id', 'other'] },
    ],
    keys: [{ name: 'key', from: ['c', 'other'], to: ['b.c', 'id'] }],
  });
  const index = indexModel(model);
  expect(relationshipsOf(index, { schema: 'a', name: 'b.c' }, 'a.b')).toHaveLength(1);
  expect(relationshipsOf(index, { schema: 'a', name: 'b.c' }, 'a')).toHaveLength(0);
  expect(relationshipsOf(index, { schema: 'a.b', name: 'c' }, 'a')).toHaveLength(1);
});

const TABLES = ['t0', 't1', 't2', 't3'];
const COLUMNS = ['a', 'b', 'c'];
const anyModel = fc
  .record({
    primaryKeys: fc.array(fc.subarray(COLUMNS), { minLength: 4, maxLength: 4 }),
    keys: fc.array(
      fc.record({
        from: fc.constantFrom(...TABLES),
        to: fc.constantFrom(...TABLES),
        column: fc.constantFrom(...COLUMNS),
        foreign: fc.constantFrom(...COLUMNS),
        unique: fc.boolean(),
      }),
      { maxLength: 8 },
    ),
    shown: fc.array(fc.tuple(fc.constantFrom(...TABLES), fc.constantFrom(...COLUMNS)), { maxLength: 6 }),
  })
  .map(({ primaryKeys, keys, shown }) =>
    makeTestModel({
      tables: [
        ...TABLES.map((name, i) => ({ name, columns: COLUMNS, primaryKey: primaryKeys[i] ?? [] })),
        {
          name: 'shown',
          columns: shown.map((_, i) => `v${i}`),
          origins: Object.fromEntries(shown.map(([table, column], i) => [`v${i}`, `${table}.${column}`])),
        },
      ],
      keys: keys.map(({ from, to, column, foreign, unique }, i) => ({
        name: `k${i}`,
        from: [from, column] as const,
        to: [to, foreign] as const,
        unique,
      })),
    }),
  );

/** What a relationship is, seen from its other end. */
const turn = (item: Relationship): string => {
  const ends = { relation: item.foreign.name, foreign: item.relation.name };
  if (item.kind === 'computed') return '';
  if (item.kind === 'many-to-many') {
    const { constraint1, constraint2, sourceColumns, targetColumns, relation } = item.junction;
    return JSON.stringify([ends, relation.name, constraint2, constraint1, targetColumns, sourceColumns]);
  }
  const columns = item.columns.map(([own, foreign]) => [foreign, own]);
  const kind = { 'many-to-one': 'one-to-many', 'one-to-many': 'many-to-one', 'one-to-one': 'one-to-one' }[
    item.kind
  ];
  const isParent = item.kind === 'one-to-one' && !item.isParent;
  return JSON.stringify([ends, kind, item.constraint, columns, isParent]);
};

const print = (item: Relationship): string => {
  const ends = { relation: item.relation.name, foreign: item.foreign.name };
  if (item.kind === 'computed') return '';
  if (item.kind === 'many-to-many') {
    const { constraint1, constraint2, sourceColumns, targetColumns, relation } = item.junction;
    return JSON.stringify([ends, relation.name, constraint1, constraint2, sourceColumns, targetColumns]);
  }
  return JSON.stringify([ends, item.kind, item.constraint, item.columns, item.isParent]);
};

test('whatever leads from one relation to another leads back', () => {
  fc.assert(
    fc.property(anyModel, (model) => {
      const index = indexModel(model);
      const all = model.relations.flatMap((relation) => relationshipsOf(index, relation, 'public'));
      expect(all.map(turn).sort()).toEqual(all.map(print).sort());
    }),
  );
});
