import { existsSync } from 'node:fs';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Fixture, openFixture } from '../setup/fixture.ts';

const entry = new URL(
  '../../toolchain/refine/node_modules/@refinedev/supabase/dist/index.mjs',
  import.meta.url,
);

type Rows = readonly Record<string, unknown>[];

/** What of refine's provider is used here; its own types want refine and React. */
type Provider = Record<
  | 'getList'
  | 'getMany'
  | 'getOne'
  | 'create'
  | 'createMany'
  | 'update'
  | 'updateMany'
  | 'deleteOne'
  | 'deleteMany',
  (params: Record<string, unknown>) => Promise<{ data: Rows & Record<string, unknown>; total?: number }>
>;

describe("refine's provider for supabase", () => {
  let fixture: Fixture;
  let provider: Provider;

  beforeEach(({ skip }) => skip(!existsSync(entry), 'not installed: npm test puts it into toolchain/refine'));

  beforeAll(async () => {
    if (!existsSync(entry)) return;
    fixture = await openFixture('bookshop', { prefix: '/rest/v1' });
    const url = (await fixture.api.serve()).slice(0, -'/rest/v1'.length);
    const client: SupabaseClient = createClient(url, 'no key is looked at here', {
      auth: { persistSession: false, autoRefreshToken: false },
      global: { headers: { 'x-role': 'authenticated' } },
    });
    const { dataProvider } = (await import(entry.href)) as {
      readonly dataProvider: (client: SupabaseClient) => Provider;
    };
    provider = dataProvider(client);
  });

  afterAll(() => fixture?.api.close());

  test('lists a page, with the total', async () => {
    const { data, total } = await provider.getList({
      resource: 'books',
      pagination: { currentPage: 2, pageSize: 2 },
      sorters: [{ field: 'title', order: 'desc' }],
    });
    expect(data.map(({ title }) => title)).toEqual(['Solaris', 'Kindred']);
    expect(total).toBe(6);
  });

  test.each<[what: string, filters: readonly object[], titles: readonly string[]]>([
    ['words in it', [{ field: 'title', operator: 'contains', value: 'EARTH' }], ['A Wizard of Earthsea']],
    [
      'words in one or another',
      [
        {
          operator: 'or',
          value: [
            { field: 'title', operator: 'contains', value: 'Sol' },
            { field: 'title', operator: 'eq', value: 'Kindred' },
          ],
        },
      ],
      ['Kindred', 'Solaris'],
    ],
    [
      'one of several',
      [{ field: 'title', operator: 'in', value: ['Kindred', 'Solaris'] }],
      ['Kindred', 'Solaris'],
    ],
    ['what it is not', [{ field: 'title', operator: 'nin', value: '("Kindred","Solaris")' }], []],
  ])('filters by %s', async (_, filters, titles) => {
    const { data } = await provider.getList({
      resource: 'books',
      filters,
      sorters: [{ field: 'title', order: 'asc' }],
    });
    const found = data.map(({ title }) => title);
    if (titles.length > 0) expect(found).toEqual(titles);
    else expect(found).toHaveLength(4);
  });

  test('gets one, and many, with what belongs to them', async () => {
    expect(
      (await provider.getOne({ resource: 'tags', id: 'novel', meta: { idColumnName: 'name' } })).data.name,
    ).toBe('novel');
    const { data } = await provider.getMany({
      resource: 'books',
      ids: [1, 2],
      meta: { select: 'id, authors(name)' },
    });
    expect(data).toEqual([
      { id: 1, authors: { name: 'Ursula K. Le Guin' } },
      { id: 2, authors: { name: 'Ursula K. Le Guin' } },
    ]);
  });

  test('creates, updates and deletes', async () => {
    const { data: made } = await provider.create({ resource: 'authors', variables: { name: 'Stanisława' } });
    const { data: more } = await provider.createMany({
      resource: 'authors',
      variables: [{ name: 'one' }, { name: 'two' }],
    });
    expect(more.map(({ name }) => name)).toEqual(['one', 'two']);
    const { data: changed } = await provider.update({
      resource: 'authors',
      id: made.id,
      variables: { country: 'PL' },
    });
    expect(changed).toMatchObject({ id: made.id, name: 'Stanisława', country: 'PL' });
    const ids = more.map(({ id }) => id);
    const { data: all } = await provider.updateMany({
      resource: 'authors',
      ids,
      variables: { country: 'XX' },
    });
    expect(all.map(({ country }) => country)).toEqual(['XX', 'XX']);
    await provider.deleteOne({ resource: 'authors', id: made.id });
    await provider.deleteMany({ resource: 'authors', ids });
    const { total } = await provider.getList({
      resource: 'authors',
      filters: [{ field: 'id', operator: 'in', value: [made.id, ...ids] }],
    });
    expect(total).toBe(0);
  });

  test('is told what went wrong', async () => {
    await expect(provider.create({ resource: 'authors', variables: { nam: 'x' } })).rejects.toMatchObject({
      code: 'PGRST204',
      message: expect.stringContaining('nam'),
    });
  });
});
