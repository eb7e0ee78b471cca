import { PostgrestClient } from '@supabase/postgrest-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedVersions } from '../setup/database.ts';
import { type Fixture, openFixture } from '../setup/fixture.ts';

describe.each(installedVersions())('@supabase/postgrest-js against a server on Postgres %i', (version) => {
  let fixture: Fixture;
  let reader: PostgrestClient;
  let writer: PostgrestClient;

  beforeAll(async () => {
    fixture = await openFixture('bookshop', { version, explain: true });
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
});
