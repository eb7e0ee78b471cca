import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApi, type TestApi } from './setup/api.ts';
import { createFilledDatabase } from './setup/fixture.ts';

/** What PostGIS' function makes of a row, with a point in place of a geometry: the tests' servers have no PostGIS. */
const sql = `
create function public.st_asgeojson(feature anyelement) returns text language sql stable as $$
  select json_build_object(
    'type', 'Feature',
    'geometry', json_build_object('type', 'Point', 'coordinates', to_jsonb(feature) -> 'place'),
    'properties', to_jsonb(feature) - 'place')::text
$$;
create table public.shops (id int primary key, name text, place jsonb);
insert into public.shops select i, 'Shop "' || i || '"', jsonb_build_array(i, i + 0.5) from generate_series(1, 300) i;
grant select, insert on public.shops to anon;`;

const feature = (id: number) => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [id, id + 0.5] },
  properties: { id, name: `Shop "${id}"` },
});

describe('GeoJSON', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi(await createFilledDatabase('geojson', sql));
  });
  afterAll(() => api?.close());

  const ask = (path: string, more: object = {}) =>
    api.ask({ path, headers: { accept: 'application/geo+json' }, ...more });

  test.each([1, 2, 300])('is a collection of the %i rows that were asked for', async (limit) => {
    // The second time the page is known to be small.
    for (let i = 0; i < 2; i++) {
      const answer = await ask(`/shops?order=id&limit=${limit}`);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('application/geo+json; charset=utf-8');
      expect(answer.headers['content-range']).toBe(`0-${limit - 1}/*`);
      expect(answer.json()).toEqual({
        type: 'FeatureCollection',
        features: Array.from({ length: limit }, (_, n) => feature(n + 1)),
      });
    }
  });

  test('of no rows is an empty collection', async () => {
    expect((await ask('/shops?id=eq.0')).json()).toEqual({ type: 'FeatureCollection', features: [] });
  });

  test('shows what was written', async () => {
    const answer = await ask('/shops', {
      method: 'POST',
      headers: {
        accept: 'application/geo+json',
        'content-type': 'application/json',
        prefer: 'return=representation',
      },
      body: JSON.stringify({ id: 1000, name: 'Shop "1000"', place: [1000, 1000.5] }),
    });
    expect([answer.status, answer.json()]).toEqual([
      201,
      { type: 'FeatureCollection', features: [feature(1000)] },
    ]);
  });
});
