import { createRequire } from 'node:module';
import type { IDataProviderConfig } from '@raphiniert/ra-data-postgrest';
import type { DataProvider } from 'ra-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, openFixture } from '../setup/fixture.ts';

// Only as CommonJS does it name its own files in a way that Node finds.
const { default: createDataProvider } = createRequire(import.meta.url)('@raphiniert/ra-data-postgrest') as {
  readonly default: (config: IDataProviderConfig) => DataProvider;
};

/** As react-admin's `fetchJson`. */
const fetchJson = async (url: string, options: RequestInit = {}) => {
  const headers = new Headers(options.headers);
  headers.set('x-role', 'authenticated');
  const response = await fetch(url, { ...options, headers });
  const body = await response.text();
  const json = body === '' ? undefined : JSON.parse(body);
  if (!response.ok) throw Object.assign(new Error(json.message), { status: response.status, body: json });
  return { status: response.status, headers: response.headers, body, json };
};

const FIRST_PAGE = { page: 1, perPage: 10 };
const BY_ID = { field: 'id', order: 'ASC' } as const;

describe('@raphiniert/ra-data-postgrest', () => {
  let fixture: Fixture;
  let provider: DataProvider;

  beforeAll(async () => {
    fixture = await openFixture('bookshop', { schemas: ['public', 'second'] });
    provider = createDataProvider({
      apiUrl: await fixture.api.serve(),
      httpClient: fetchJson,
      defaultListOp: 'eq',
      primaryKeys: new Map([
        ['tags', ['name']],
        ['book_tags', ['book_id', 'tag']],
      ]),
      schema: () => '',
    });
  });

  afterAll(() => fixture?.api.close());

  test('lists a page, with the total', async () => {
    const { data, total } = await provider.getList('books', {
      pagination: { page: 2, perPage: 2 },
      sort: { field: 'title', order: 'DESC' },
      filter: {},
    });
    expect(data.map(({ title }) => title)).toEqual(['Solaris', 'Kindred']);
    expect(total).toBe(6);
  });

  test('lists the last page, and none at all', async () => {
    const list = (filter: object, page: number) =>
      provider.getList('books', { pagination: { page, perPage: 4 }, sort: BY_ID, filter });
    expect((await list({}, 2)).data.map(({ id }) => id)).toEqual([5, 6]);
    expect(await list({ title: 'x' }, 1)).toMatchObject({ data: [], total: 0 });
  });

  test.each<readonly [filter: object, ids: readonly number[]]>([
    [{ author_id: 2 }, [3, 4]],
    [{ 'pages@gt': 213 }, [1, 5]],
    [{ 'title@ilike': 'cyb the' }, [4]],
    [{ 'id@in': '(1,2)' }, [1, 2]],
    [{ 'pages@is': 'null' }, [4]],
    [{ 'languages@cs': '{en,fr}' }, [1, 5]],
    [{ '@or': { 'pages@gt': 300, 'title@like': 'owul' } }, [1, 6]],
    [{ 'details->size->>height': '20' }, [1]],
  ])('lists what %j lets through', async (filter, ids) => {
    const { data } = await provider.getList('books', { pagination: FIRST_PAGE, sort: BY_ID, filter });
    expect(data.map(({ id }) => id)).toEqual(ids);
  });

  test('lists columns and what is embedded', async () => {
    const { data } = await provider.getList('books', {
      pagination: { page: 1, perPage: 1 },
      sort: BY_ID,
      filter: {},
      meta: { columns: ['id', 'title'], embed: ['authors'] },
    });
    expect(data).toMatchObject([
      { id: 1, title: 'The Dispossessed', authors: { id: 1, name: 'Ursula K. Le Guin' } },
    ]);
  });

  test('lists another schema', async () => {
    const { data } = await provider.getList('notes', {
      pagination: FIRST_PAGE,
      sort: BY_ID,
      filter: {},
      meta: { schema: 'second' },
    });
    expect(data).toEqual([{ id: 1, body: 'second' }]);
  });

  test('gets one', async () => {
    expect((await provider.getOne('authors', { id: 2 })).data).toMatchObject({ name: 'Stanisław Lem' });
    expect((await provider.getOne('tags', { id: 'science fiction' })).data).toMatchObject({
      id: 'science fiction',
      note: 'robots and aliens',
    });
    expect((await provider.getOne('book_tags', { id: '[1,"novel"]' })).data).toEqual({
      id: '[1,"novel"]',
      book_id: 1,
      tag: 'novel',
    });
    await expect(provider.getOne('authors', { id: 99 })).rejects.toMatchObject({
      status: 406,
      body: { code: 'PGRST116' },
    });
  });

  test('gets many', async () => {
    const ids = async (resource: string, wanted: readonly (string | number)[]) =>
      (await provider.getMany(resource, { ids: [...wanted] })).data.map(({ id }) => id).toSorted();
    expect(await ids('authors', [1, 3])).toEqual([1, 3]);
    expect(await ids('tags', ['poem', 'science fiction'])).toEqual(['poem', 'science fiction']);
    expect(await ids('book_tags', ['[1,"novel"]', '[6,"poem"]', '[9,"x"]'])).toEqual([
      '[1,"novel"]',
      '[6,"poem"]',
    ]);
  });

  test('gets what refers to one, with the total', async () => {
    const { data, total } = await provider.getManyReference('books', {
      target: 'author_id',
      id: 1,
      pagination: { page: 1, perPage: 1 },
      sort: { field: 'price', order: 'ASC' },
      filter: {},
    });
    expect({ titles: data.map(({ title }) => title), total }).toEqual({
      titles: ['A Wizard of Earthsea'],
      total: 2,
    });
  });

  test('creates, updates and deletes', async () => {
    const { data: created } = await provider.create('reviews', { data: { book_id: 6, stars: 3 } });
    expect(created).toMatchObject({ book_id: 6, stars: 3, body: null });
    const updated = await provider.update('reviews', {
      id: created.id,
      data: { ...created, body: 'Hwæt!' },
      previousData: created,
    });
    expect(updated.data).toMatchObject({ id: created.id, stars: 3, body: 'Hwæt!' });
    const deleted = await provider.delete('reviews', { id: created.id });
    expect(deleted.data).toMatchObject({ id: created.id });
    await expect(provider.getOne('reviews', { id: created.id })).rejects.toMatchObject({ status: 406 });
  });

  test('updates and deletes many', async () => {
    const make = async (stars: number) =>
      (await provider.create('reviews', { data: { book_id: 6, stars } })).data.id;
    const ids = [await make(1), await make(2)];
    expect((await provider.updateMany('reviews', { ids, data: { body: 'x' } })).data).toEqual(ids);
    const { data } = await provider.getMany('reviews', { ids });
    expect(data.map(({ body }) => body)).toEqual(['x', 'x']);
    expect((await provider.deleteMany('reviews', { ids })).data).toEqual(ids);
    expect((await provider.getMany('reviews', { ids })).data).toEqual([]);
  });

  test('is told why a write failed', async () => {
    await expect(provider.create('reviews', { data: { book_id: 6, stars: 9 } })).rejects.toMatchObject({
      status: 400,
      body: { code: '23514' },
    });
  });
});
