import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quoteIdent } from '../src/sql/index.ts';
import { encoded, fitsHeader, headerValue, NAMES, quoted } from './hostile/corpus.ts';
import { openTestApi, type TestApi, type TestRequest, type TestResponse } from './setup/api.ts';
import type { TestDatabase } from './setup/database.ts';
import { createFilledDatabase } from './setup/fixture.ts';

const JSON_BODY = { 'content-type': 'application/json' };
const SHOWN = { prefer: 'return=representation, tx=rollback' };

/** For each name a schema, a table, a column, a constraint, a function and an argument that are called so. */
const namesSql = NAMES.map((name, i) => {
  const q = quoteIdent(name);
  return `
create table public.${q} (id integer primary key, ${q} text unique, plain text);
insert into public.${q} values (1, 'one', 'a'), (2, 'two', 'b');
alter table public.children add column ref${i} integer constraint ${q} references public.${q};
create function public.${q}(${q} text) returns text language sql stable return 'called with ' || $1;
create schema ${q};
grant usage on schema ${q} to anon;
create table ${q}.${q} (${q} text primary key);
insert into ${q}.${q} values ('in the schema');`;
}).join('\n');

const sql = `
create table public.children (child integer primary key);
${namesSql}
insert into public.children (child, ${NAMES.map((_, i) => `ref${i}`).join(', ')}) values (7, ${NAMES.map(() => '2').join(', ')});
${NAMES.map((name) => `grant all on all tables in schema ${quoteIdent(name)} to anon;`).join('\n')}
grant all on all tables in schema public to anon;
`;

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  database = await createFilledDatabase('hostile_names', sql);
  api = await openTestApi(database, {
    schemas: ['public', ...NAMES],
    extraSearchPath: ['public'],
  });
});

afterAll(async () => {
  await api?.close();
});

const ask = (request: TestRequest | string): Promise<TestResponse> => api.ask(request);

/** The path and the query of a Location header, decoded. */
const readLocation = ({ headers }: TestResponse): readonly string[] =>
  (headers.location ?? '').slice(1).split('?').map(decodeURIComponent);

describe.each(NAMES.map((name, i) => [name, i] as const))('the name %j', (name, i) => {
  const q = quoted(name);
  const e = encoded(q);
  const table = `/${encoded(name)}`;

  const rowsOf = async (request: TestRequest | string): Promise<unknown> => {
    const response = await ask(request);
    if (response.status >= 400) expect.fail(`${JSON.stringify(request)} → ${response.text}`);
    return response.json();
  };

  test('of a table and its column is read, filtered and ordered by', async () => {
    expect(await rowsOf(`${table}?select=${e}&order=${e}.desc`)).toEqual([
      { [name]: 'two' },
      { [name]: 'one' },
    ]);
    expect(await rowsOf(`${table}?select=id&${e}=eq.two`)).toEqual([{ id: 2 }]);
    expect(await rowsOf(`${table}?select=id&or=(${e}.eq.two,${e}.is.null)`)).toEqual([{ id: 2 }]);
    expect(await rowsOf(`${table}?select=${e}.count()`)).toEqual([{ count: 2 }]);
    expect(await rowsOf(`${table}?select=${e}.max(),plain:${e}::text&id=eq.1`)).toEqual([
      { max: 'one', plain: 'one' },
    ]);
    expect(await rowsOf(`${table}?select=${e}:id&id=eq.1`)).toEqual([{ [name]: 1 }]);
  });

  test('of a table and its column is shown as CSV, counted, and kept in the answer’s head', async () => {
    const csv = await ask({
      path: `${table}?id=eq.1&select=${e}`,
      headers: { accept: 'text/csv', prefer: 'count=exact' },
    });
    expect(csv.text).toContain('one');
    expect(csv.headers['content-range']).toBe('0-0/1');
    const head = await ask({ method: 'HEAD', path: `${table}?${e}=eq.one` });
    expect(head.status).toBe(200);
    expect(decodeURIComponent(head.headers['content-location'] ?? '')).toBe(`/${name}?${q}=eq.one`);
  });

  test('of a table and its column is written', async () => {
    const written = { id: 3, [name]: 'three' };
    for (const write of [
      { body: JSON.stringify(written), headers: { ...JSON_BODY, ...SHOWN } },
      { body: JSON.stringify([written]), headers: { ...JSON_BODY, ...SHOWN } },
      {
        body: `id,"${name.replaceAll('"', '""')}"\n3,three\n`,
        headers: { 'content-type': 'text/csv', ...SHOWN },
      },
      {
        body: `id=3&${encodeURIComponent(name)}=three`,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...SHOWN },
      },
    ])
      expect(await rowsOf({ method: 'POST', path: `${table}?select=id,${e}`, ...write })).toEqual([written]);
    expect(
      await rowsOf({
        method: 'POST',
        path: `${table}?columns=id,${e}&on_conflict=${e}&select=id,${e}`,
        body: JSON.stringify({ id: 9, [name]: 'one', ignored: 1 }),
        headers: { ...JSON_BODY, prefer: 'return=representation, resolution=merge-duplicates, tx=rollback' },
      }),
    ).toEqual([{ id: 9, [name]: 'one' }]);
    expect(
      await rowsOf({
        method: 'PATCH',
        path: `${table}?${e}=eq.one&select=id,${e}`,
        body: JSON.stringify({ [name]: 'changed' }),
        headers: { ...JSON_BODY, ...SHOWN },
      }),
    ).toEqual([{ id: 1, [name]: 'changed' }]);
    expect(
      await rowsOf({
        method: 'PUT',
        path: `${table}?id=eq.1&select=id,${e}`,
        body: JSON.stringify({ id: 1, [name]: 'put', plain: null }),
        headers: { ...JSON_BODY, ...SHOWN },
      }),
    ).toEqual([{ id: 1, [name]: 'put' }]);
  });

  test('of a table, its column and its schema is written where the key has to be told', async () => {
    const headers = { ...JSON_BODY, prefer: 'return=headers-only, tx=rollback' };
    const created = await ask({ method: 'POST', path: table, body: '{"id":3}', headers });
    expect(created).toMatchObject({ status: 201 });
    expect(readLocation(created)).toEqual([name, 'id=eq.3']);
    if (!fitsHeader(name)) return;
    const inSchema = await ask({
      method: 'POST',
      path: table,
      body: JSON.stringify({ [name]: 'new & "odd"' }),
      headers: { ...headers, 'content-profile': headerValue(name) },
    });
    expect(inSchema).toMatchObject({ status: 201 });
    expect(readLocation(inSchema)).toEqual([name, `${name}=eq.new & "odd"`]);
  });

  test('of what is embedded, and by what, is found', async (context) => {
    context.skip(name === 'count', 'in the language count is an aggregate, as in PostgREST');
    const embedded = [{ child: 7, [name]: { [name]: 'two' } }];
    expect(await rowsOf(`/children?select=child,${e}!ref${i}(${e})`)).toEqual(embedded);
    expect(await rowsOf(`/children?select=child,${e}!${e}(${e})&${e}.${e}=eq.two`)).toEqual(embedded);
    expect(await rowsOf(`/children?select=child,...${e}!ref${i}(${e})&order=${e}(${e})`)).toEqual([
      { child: 7, [name]: 'two' },
    ]);
    expect(
      await rowsOf(`${table}?select=id,${e}:children!${e}(child)&${e}.order=child&${e}.limit=1&id=eq.2`),
    ).toEqual([{ id: 2, [name]: [{ child: 7 }] }]);
    expect(await rowsOf(`${table}?select=id,${e}:children!${e}!inner()&${e}.child=eq.7`)).toEqual([
      { id: 2 },
    ]);
  });

  test('of a function and its argument is called', async () => {
    const body = JSON.stringify({ [name]: 'x' });
    expect(await rowsOf({ method: 'POST', path: `/rpc${table}`, body, headers: JSON_BODY })).toBe(
      'called with x',
    );
    expect(
      await rowsOf({
        method: 'POST',
        path: `/rpc${table}`,
        body: `${encodeURIComponent(name)}=x`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    ).toBe('called with x');
    expect(await rowsOf(`/rpc${table}?${e}=x`)).toBe('called with x');
  });

  test('of a schema is asked for in a header, and told in one', async (context) => {
    context.skip(!fitsHeader(name), 'a header cannot hold such a name');
    const response = await ask({ path: table, headers: { 'accept-profile': headerValue(name) } });
    expect(response.json()).toEqual([{ [name]: 'in the schema' }]);
    expect(response.headers['content-profile']).toBe(name);
  });
});
