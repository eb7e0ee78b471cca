import { PostgrestClient } from '@supabase/postgrest-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedVersions } from '../setup/database.ts';
import { type Fixture, openFixture } from '../setup/fixture.ts';

const selectBooks = (client: PostgrestClient) => client.from('books').select('id');

type Books = ReturnType<typeof selectBooks>;

describe.each(installedVersions())('@supabase/postgrest-js against a server on Postgres %i', (version) => {
  let fixture: Fixture;
  let reader: PostgrestClient;
  let writer: PostgrestClient;

  beforeAll(async () => {
    fixture = await openFixture('bookshop', { version, explain: true, schemas: ['public', 'second'] });
    const url = await fixture.api.serve();
    reader = new PostgrestClient(url);
    writer = new PostgrestClient(url, { headers: { 'x-role': 'authenticated' } });
  });

  afterAll(() => fixture?.api.close());

  test('selects, inserts, updates and deletes', async () => {
    expect(await reader.from('tags').select().order('name')).toMatchObject({
      status: 200,
      error: null,
      data: [
        { name: 'novel', note: null },
        { name: 'poem', note: null },
        { name: 'science fiction', note: 'robots and aliens' },
      ],
    });
    expect(await writer.from('tags').insert({ name: 'essay', note: 'short' }).select()).toMatchObject({
      status: 201,
      error: null,
      data: [{ name: 'essay', note: 'short' }],
    });
    expect(await writer.from('tags').update({ note: 'long' }).eq('name', 'essay').select()).toMatchObject({
      status: 200,
      error: null,
      data: [{ name: 'essay', note: 'long' }],
    });
    expect(await writer.from('tags').delete().eq('name', 'essay').select()).toMatchObject({
      status: 200,
      error: null,
      data: [{ name: 'essay', note: 'long' }],
    });
    expect((await writer.from('tags').select().eq('name', 'essay')).data).toEqual([]);
  });

  test.each<readonly [filter: string, apply: (books: Books) => Books, ids: readonly number[]]>([
    ['eq', (books) => books.eq('title', 'Solaris'), [3]],
    ['neq', (books) => books.neq('author_id', 1), [3, 4, 5, 6]],
    ['gt', (books) => books.gt('pages', 213), [1, 5]],
    ['gte', (books) => books.gte('pages', 213), [1, 5, 6]],
    ['lt', (books) => books.lt('pages', 205), [3]],
    ['lte', (books) => books.lte('pages', 205), [2, 3]],
    ['like', (books) => books.like('title', 'The %'), [1, 4]],
    ['likeAllOf', (books) => books.likeAllOf('title', ['%e%', '%s%']), [1, 2]],
    ['likeAnyOf', (books) => books.likeAnyOf('title', ['The%', 'K%']), [1, 4, 5]],
    ['ilike', (books) => books.ilike('title', 'the %'), [1, 4]],
    ['ilikeAllOf', (books) => books.ilikeAllOf('title', ['%E%', '%S%']), [1, 2]],
    ['ilikeAnyOf', (books) => books.ilikeAnyOf('title', ['THE%', 'k%']), [1, 4, 5]],
    ['regexMatch', (books) => books.regexMatch('title', '^S.*s$'), [3]],
    ['regexIMatch', (books) => books.regexIMatch('title', '^s.*S$'), [3]],
    ['is null', (books) => books.is('in_print', null), [6]],
    ['is true', (books) => books.is('in_print', true), [1, 2, 3, 5]],
    ['is false', (books) => books.is('in_print', false), [4]],
    ['isDistinct', (books) => books.isDistinct('in_print', true), [4, 6]],
    ['in', (books) => books.in('id', [1, 3, 99]), [1, 3]],
    ['in, with characters of the language', (books) => books.in('title', ['Solaris', 'a,b', '(c)']), [3]],
    ['in nothing', (books) => books.in('title', []), []],
    ['notIn', (books) => books.notIn('id', [1, 3]), [2, 4, 5, 6]],
    ['contains, of an array', (books) => books.contains('languages', ['en', 'fr']), [1, 5]],
    ['contains, of a range', (books) => books.contains('on_sale', '[2025-01-01,2025-02-01)'), [1, 2]],
    ['contains, of JSON', (books) => books.contains('details', { awards: ['Hugo'] }), [1, 5]],
    ['containedBy, of an array', (books) => books.containedBy('languages', ['en', 'fr']), [2, 5]],
    ['containedBy, of a range', (books) => books.containedBy('on_sale', '[2020-01-01,2025-01-01)'), [3]],
    ['containedBy, of JSON', (books) => books.containedBy('details', { awards: ['Hugo', 'x'] }), [4, 5]],
    ['rangeGt', (books) => books.rangeGt('on_sale', '[2021-01-01,2022-01-01)'), [2, 5]],
    ['rangeGte', (books) => books.rangeGte('on_sale', '[2021-01-01,2022-01-01)'), [2, 3, 5]],
    ['rangeLt', (books) => books.rangeLt('on_sale', '[2021-01-01,2022-01-01)'), [6]],
    ['rangeLte', (books) => books.rangeLte('on_sale', '[2021-01-01,2026-01-01)'), [1, 3, 6]],
    ['rangeAdjacent', (books) => books.rangeAdjacent('on_sale', '[2027-01-01,2028-01-01)'), [5]],
    ['overlaps, of an array', (books) => books.overlaps('languages', ['de', 'pl']), [1, 3, 4]],
    ['overlaps, of a range', (books) => books.overlaps('on_sale', '[2019-01-01,2021-01-01)'), [1, 6]],
    [
      'textSearch',
      (books) => books.textSearch('title', "'dispossess' | kindred", { config: 'english' }),
      [1, 5],
    ],
    [
      'textSearch, plain',
      (books) => books.textSearch('title', 'wizards earthsea', { type: 'plain', config: 'english' }),
      [2],
    ],
    [
      'textSearch, phrase',
      (books) => books.textSearch('title', 'the cyberiad', { type: 'phrase', config: 'simple' }),
      [4],
    ],
    [
      'textSearch, websearch',
      (books) => books.textSearch('title', 'the -cyberiad', { type: 'websearch', config: 'simple' }),
      [1],
    ],
    ['match', (books) => books.match({ author_id: 2, in_print: true }), [3]],
    ['not is', (books) => books.not('pages', 'is', null), [1, 2, 3, 5, 6]],
    ['not cs', (books) => books.not('languages', 'cs', '{en}'), [6]],
    ['not in', (books) => books.not('id', 'in', '(1,2)'), [3, 4, 5, 6]],
    ['or', (books) => books.or('pages.gt.300,title.eq.Beowulf'), [1, 6]],
    [
      'or of and',
      (books) => books.or('and(author_id.eq.1,pages.lt.300),not.and(in_print.is.true,id.lt.99)'),
      [2, 4, 6],
    ],
    ['filter', (books) => books.filter('details->size->>height', 'eq', '20'), [1]],
    ['filter in', (books) => books.filter('author_id', 'in', '(3,4)'), [5, 6]],
  ])('filters by %s', async (_, apply, ids) => {
    const { data, error } = await apply(selectBooks(reader)).order('id');
    expect(error).toBeNull();
    expect(data?.map(({ id }) => id)).toEqual(ids);
  });

  test('embeds what tables refer to, what refers to them, and both through a third', async () => {
    const { data, error } = await reader
      .from('books')
      .select('title, author:authors(name), reviews(stars), tags(name)')
      .eq('id', 3)
      .order('stars', { referencedTable: 'reviews' })
      .order('name', { referencedTable: 'tags' });
    expect(error).toBeNull();
    expect(data).toEqual([
      {
        title: 'Solaris',
        author: { name: 'Stanisław Lem' },
        reviews: [{ stars: 2 }, { stars: 5 }],
        tags: [{ name: 'novel' }, { name: 'science fiction' }],
      },
    ]);
  });

  test('filters, orders, limits and leaves out by what is embedded', async () => {
    const filtered = await reader
      .from('authors')
      .select('name, books!inner(title)')
      .gt('books.price', 10)
      .order('id')
      .order('title', { referencedTable: 'books', ascending: false })
      .limit(1, { referencedTable: 'books' });
    expect(filtered.data).toEqual([
      { name: 'Ursula K. Le Guin', books: [{ title: 'The Dispossessed' }] },
      { name: 'Octavia E. Butler', books: [{ title: 'Kindred' }] },
    ]);
    const either = await reader
      .from('authors')
      .select('id, books(id)')
      .or('title.like.The*,pages.is.null', { referencedTable: 'books' })
      .order('id', { referencedTable: 'books' })
      .range(0, 0, { referencedTable: 'books' })
      .order('id');
    expect(either.data).toEqual([
      { id: 1, books: [{ id: 1 }] },
      { id: 2, books: [{ id: 4 }] },
      { id: 3, books: [] },
      { id: 4, books: [] },
    ]);
    const ordered = await reader
      .from('books')
      .select('id, ...authors(name)')
      .order('authors(name)', { ascending: false })
      .order('id')
      .limit(3);
    expect(ordered.data).toEqual([
      { id: 1, name: 'Ursula K. Le Guin' },
      { id: 2, name: 'Ursula K. Le Guin' },
      { id: 3, name: 'Stanisław Lem' },
    ]);
  });

  test('orders with nulls first or last', async () => {
    const order = async (nullsFirst: boolean) =>
      (await reader.from('books').select('id').order('pages', { ascending: true, nullsFirst }).limit(2)).data;
    expect(await order(true)).toEqual([{ id: 4 }, { id: 3 }]);
    expect(await order(false)).toEqual([{ id: 3 }, { id: 2 }]);
  });

  test('gives pages, and counts what there is', async () => {
    const page = await reader.from('books').select('id', { count: 'exact' }).order('id').range(1, 2);
    expect(page).toMatchObject({ status: 206, count: 6, data: [{ id: 2 }, { id: 3 }] });
    expect(await reader.from('books').select('id', { count: 'planned' })).toMatchObject({
      count: expect.any(Number),
    });
    expect(await reader.from('books').select('id', { count: 'estimated' })).toMatchObject({ count: 6 });
  });

  test('counts without rows', async () => {
    const { data, count, status } = await reader
      .from('books')
      .select('*', { count: 'exact', head: true })
      .eq('author_id', 1);
    expect({ data, count, status }).toEqual({ data: null, count: 2, status: 200 });
  });

  test('refuses a page behind the last row', async () => {
    expect(await reader.from('books').select('id', { count: 'exact' }).range(50, 60)).toMatchObject({
      status: 416,
      error: { code: 'PGRST103', details: 'An offset of 50 was requested, but there are only 6 rows.' },
    });
  });

  test('gives one row as an object, and an error where it is not one', async () => {
    expect((await reader.from('authors').select('name').eq('id', 2).single()).data).toEqual({
      name: 'Stanisław Lem',
    });
    for (const filter of [{ id: 99 }, { country: 'US' }])
      expect(await reader.from('authors').select('name').match(filter).single()).toMatchObject({
        status: 406,
        data: null,
        error: {
          code: 'PGRST116',
          message: 'Cannot coerce the result to a single JSON object',
          details: `The result contains ${filter.id === undefined ? 2 : 0} rows`,
          hint: null,
        },
      });
  });

  test('gives one row or null', async () => {
    const maybe = (filter: Record<string, unknown>) =>
      reader.from('authors').select('id').match(filter).maybeSingle();
    expect(await maybe({ id: 2 })).toMatchObject({ data: { id: 2 }, error: null });
    expect(await maybe({ id: 99 })).toMatchObject({ data: null, error: null });
    expect(await maybe({ country: 'US' })).toMatchObject({ data: null, error: { code: 'PGRST116' } });
  });

  test('gives CSV', async () => {
    const { data } = await reader.from('tags').select().order('name').csv();
    expect(data).toBe('name,note\nnovel,\npoem,\n"science fiction","robots and aliens"');
  });

  test('says so where GeoJSON cannot be made, for want of PostGIS', async () => {
    const { status, error } = await reader.from('tags').select().geojson();
    expect({ status, code: error?.code }).toEqual({ status: 404, code: '42883' });
  });

  test('leaves nulls out where they are not wanted', async () => {
    expect((await reader.from('tags').select().eq('name', 'poem').stripNulls()).data).toEqual([
      { name: 'poem' },
    ]);
    expect((await reader.from('tags').select().eq('name', 'poem').single().stripNulls()).data).toEqual({
      name: 'poem',
    });
  });

  test('inserts many rows at once, and fills in defaults where columns are missing', async () => {
    const { data, status } = await writer
      .from('books')
      .insert(
        [
          { title: 'Lilith’s Brood', author_id: 3, pages: 752 },
          { title: 'Fledgling', author_id: 3 },
        ],
        {
          defaultToNull: false,
          count: 'exact',
        },
      )
      .select('title, price, pages, languages')
      .rollback();
    expect({ data, status }).toEqual({
      status: 201,
      data: [
        { title: 'Lilith’s Brood', price: 9.9, pages: 752, languages: [] },
        { title: 'Fledgling', price: 9.9, pages: null, languages: [] },
      ],
    });
  });

  test('inserts null where columns are missing, unless told otherwise', async () => {
    const { error, status } = await writer
      .from('books')
      .insert([
        { title: 'x', author_id: 3, price: 1 },
        { title: 'y', author_id: 3 },
      ])
      .rollback();
    expect({ status, code: error?.code }).toEqual({ status: 400, code: '23502' });
  });

  test('answers a write with nothing unless rows are asked for', async () => {
    const inserted = await writer.from('tags').insert({ name: 'play' }, { count: 'exact' });
    expect(inserted).toMatchObject({ status: 201, data: null, count: 1 });
    const updated = await writer.from('tags').update({ note: 'x' }, { count: 'exact' }).eq('name', 'play');
    expect(updated).toMatchObject({ status: 204, data: null, count: 1 });
    const deleted = await writer.from('tags').delete({ count: 'exact' }).eq('name', 'play');
    expect(deleted).toMatchObject({ status: 204, data: null, count: 1 });
  });

  test('upserts by the key, by other columns, and passes over duplicates', async () => {
    const merged = await writer
      .from('tags')
      .upsert([
        { name: 'poem', note: 'in verse' },
        { name: 'saga', note: 'in Iceland' },
      ])
      .select()
      .rollback();
    expect(merged).toMatchObject({
      status: 201,
      data: [
        { name: 'poem', note: 'in verse' },
        { name: 'saga', note: 'in Iceland' },
      ],
    });
    const byOthers = await writer
      .from('books')
      .upsert({ title: 'Solaris', author_id: 2, price: 1 }, { onConflict: 'author_id,title' })
      .select('id, price')
      .rollback();
    expect(byOthers).toMatchObject({ status: 200, data: [{ id: 3, price: 1 }] });
    const passedOver = await writer
      .from('tags')
      .upsert({ name: 'poem', note: 'x' }, { ignoreDuplicates: true })
      .select()
      .rollback();
    expect(passedOver).toMatchObject({ status: 201, data: [] });
  });

  test('undoes what was asked only to be tried', async () => {
    const tried = await writer.from('reviews').delete().gte('stars', 1).select('id').rollback();
    expect(tried.data).toHaveLength(5);
    expect((await reader.from('reviews').select('id')).data).toHaveLength(5);
  });

  test('undoes what affects more rows than expected', async () => {
    const untyped = (query: unknown) => query as { maxAffected: (rows: number) => PromiseLike<unknown> };
    expect(await untyped(writer.from('reviews').delete().gte('stars', 1)).maxAffected(4)).toMatchObject({
      status: 400,
      error: {
        code: 'PGRST124',
        message: 'Query result exceeds max-affected preference constraint',
        details: 'The query affects 5 rows',
      },
    });
    expect((await reader.from('reviews').select('id')).data).toHaveLength(5);
    expect(
      await untyped(writer.from('reviews').update({ stars: 5 }).eq('id', 1).select('id')).maxAffected(1),
    ).toMatchObject({ status: 200, data: [{ id: 1 }] });
  });

  test('calls functions by POST, GET and HEAD', async () => {
    expect(await reader.rpc('add', { a: 2, b: 3 })).toMatchObject({ status: 200, data: 5 });
    expect(await reader.rpc('add', { a: 2, b: 3 }, { get: true })).toMatchObject({ status: 200, data: 5 });
    expect(await reader.rpc('books_by', { country: 'US' }, { head: true, count: 'exact' })).toMatchObject({
      status: 200,
      data: null,
      count: 3,
    });
    expect(await reader.rpc('sum_all', { numbers: [1, 2, 3] })).toMatchObject({ data: 6 });
    expect(await reader.rpc('echo', { any: ['thing', { 'a"b': null }] })).toMatchObject({
      data: { any: ['thing', { 'a"b': null }] },
    });
  });

  test('filters, orders, embeds and counts what functions return', async () => {
    const { data, count, status } = await reader
      .rpc('books_by', { country: 'US' }, { count: 'exact' })
      .select('title, authors(name)')
      .gt('pages', 210)
      .order('title')
      .limit(1);
    expect({ data, count, status }).toEqual({
      status: 206,
      count: 2,
      data: [{ title: 'Kindred', authors: { name: 'Octavia E. Butler' } }],
    });
  });

  test('calls functions that write', async () => {
    const reduced = await writer
      .rpc('reduce_prices', { percent: 10 })
      .select('id, price')
      .order('id')
      .limit(2)
      .rollback();
    expect(reduced.data).toEqual([
      { id: 1, price: 11.25 },
      { id: 2, price: 8.09 },
    ]);
    const refused = await writer.rpc('reduce_prices', { percent: 10 }, { get: true });
    expect({ status: refused.status, code: refused.error?.code }).toEqual({ status: 405, code: '25006' });
  });

  test('explains how Postgres would run a query', async () => {
    const text = await reader.from('books').select('id').eq('id', 1).explain();
    expect(text.data).toMatch(/cost=.*rows=/s);
    const json = await reader
      .from('books')
      .select('id')
      .explain({ format: 'json', analyze: true, verbose: true });
    expect(json.data).toMatchObject([
      { Plan: { 'Actual Rows': expect.any(Number) }, 'Execution Time': expect.any(Number) },
    ]);
  });

  test('stops when its caller does', async () => {
    const controller = new AbortController();
    const asked = reader.rpc('doze', { seconds: 20 }).abortSignal(controller.signal);
    setTimeout(() => controller.abort(), 100);
    expect(await asked).toMatchObject({
      status: 0,
      error: { message: expect.stringContaining('AbortError') },
    });
  });

  test('reads and writes another schema', async () => {
    expect((await reader.schema('second').from('notes').select()).data).toEqual([{ id: 1, body: 'second' }]);
    expect(
      (await writer.schema('second').from('notes').insert({ id: 2, body: 'x' }).select().rollback()).data,
    ).toEqual([{ id: 2, body: 'x' }]);
    expect((await reader.schema('second').rpc('where_am_i')).data).toBe('second');
    expect(await reader.schema('third').from('notes').select()).toMatchObject({
      status: 406,
      error: { code: 'PGRST106', hint: 'Only the following schemas are exposed: public, second' },
    });
  });

  test('gives data the type that its caller says', async () => {
    const { data } = await reader
      .from('tags')
      .select('name')
      .order('name')
      .limit(1)
      .returns<{ name: string }[]>();
    expect(data).toEqual([{ name: 'novel' }]);
    const other = await reader
      .from('tags')
      .select('name')
      .eq('name', 'novel')
      .single()
      .overrideTypes<{ name: string }>();
    expect(other.data?.name).toBe('novel');
  });

  test('tells errors of Postgres with code, message, details and hint', async () => {
    expect(await writer.from('tags').insert({ name: 'novel' })).toMatchObject({
      status: 409,
      statusText: 'Conflict',
      data: null,
      count: null,
      error: {
        code: '23505',
        message: 'duplicate key value violates unique constraint "tags_pkey"',
        details: 'Key (name)=(novel) already exists.',
        hint: null,
      },
    });
    expect(await reader.from('tags').insert({ name: 'x' })).toMatchObject({
      status: 401,
      error: { code: '42501', message: 'permission denied for table tags' },
    });
  });

  test('tells our own errors with a hint', async () => {
    expect(await reader.from('bokos').select()).toMatchObject({
      status: 404,
      error: {
        code: 'PGRST205',
        message: "Could not find the table 'public.bokos' in the schema cache",
        details: null,
      },
    });
    expect(await reader.from('books').select('titel')).toMatchObject({
      status: 400,
      error: { code: '42703', message: 'column books.titel does not exist' },
    });
    expect(await reader.rpc('ad', { a: 1 })).toMatchObject({ status: 404, error: { code: 'PGRST202' } });
  });

  test('tells errors that functions raise, with the status that they choose', async () => {
    expect(await reader.rpc('close_shop')).toMatchObject({
      status: 402,
      statusText: 'Pay first',
      error: {
        code: 'PT402',
        message: 'Pay first',
        details: 'The shop is never closed',
        hint: 'Nothing helps',
      },
    });
  });

  test('throws errors where it is told to', async () => {
    await expect(reader.from('bokos').select().throwOnError()).rejects.toMatchObject({ code: 'PGRST205' });
  });
});
