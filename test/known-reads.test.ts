import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApi, type TestApi, type TestRequest, type TestResponse } from './setup/api.ts';
import { createFilledDatabase } from './setup/fixture.ts';

const CONTENT = `
create table notes (id int primary key, title text not null, rank int not null);
insert into notes select n, 'Note ' || n, n % 7 from generate_series(1, 40) n;
create schema other;
create table other.notes (id int primary key, title text not null, rank int not null);
insert into other.notes values (1, 'Other', 0);
grant usage on schema other to anon;
grant select on notes, other.notes to anon;
`;

/** Everything that two requests may differ in and be the same read but for their values, or another one. */
const heads: readonly Record<string, string>[] = [
  {},
  { accept: 'undefined' },
  { accept: '' },
  { accept: 'application/json' },
  { accept: 'text/csv' },
  { accept: 'application/vnd.pgrst.object+json' },
  { prefer: 'undefined' },
  { prefer: 'count=exact' },
  { prefer: 'handling=strict, nothing=known' },
  { range: 'undefined' },
  { range: '0-1' },
  { 'content-type': 'undefined' },
  { 'accept-profile': 'other' },
  { 'accept-profile': 'undefined' },
];
const queries: readonly ((value: string) => string)[] = [
  (value) => `id=eq.${value}`,
  (value) => `id=gte.${value}&order=id&limit=3`,
  (value) => `select=id,title&title=eq.Note%20${value}`,
  (value) => `rank=lt.${value}&id=neq.${value}&order=id.desc&limit=2&offset=1`,
  (value) => `order=id;id=lte.${value}`,
  (value) => `id=eq.${value}%zz`,
  (value) => `nothing=eq.${value}`,
];
const values = ['1', '3', '2', 'x', '', '%C3%A4', '%E4', '1+2'];

const told = ({ status, headers, text }: TestResponse) => ({ status, headers, text });

describe.each([false, true])('reads that were asked for before (native: %s)', (native) => {
  let api: TestApi;
  let fresh: () => Promise<TestApi>;
  const opened: TestApi[] = [];
  beforeAll(async () => {
    const database = await createFilledDatabase('known_reads', CONTENT);
    fresh = async () => {
      const made = await openTestApi(database, { schemas: ['public', 'other'], native });
      opened.push(made);
      return made;
    };
    api = await fresh();
  });
  afterAll(async () => {
    for (const made of opened) await made.close();
  });

  test('are answered as if nothing had been asked before', async () => {
    const requests = queries.flatMap((query) =>
      heads.flatMap((headers) =>
        ['GET', 'HEAD'].flatMap((method) =>
          values.map((value): TestRequest => ({ method, path: `/notes?${query(value)}`, headers })),
        ),
      ),
    );
    // One API is asked in order, so that what it knows is of other values; another one backwards.
    const backwards = await fresh();
    const before: ReturnType<typeof told>[] = [];
    for (const request of requests) before.push(told(await api.ask(request)));
    const after: ReturnType<typeof told>[] = [];
    for (const request of requests.toReversed()) after.unshift(told(await backwards.ask(request)));
    for (const [i, request] of requests.entries())
      expect(before[i], JSON.stringify(request)).toEqual(after[i]);
  });

  test.each([
    ['accept', 406],
    ['prefer', 200],
    ['range', 200],
    ['content-type', 200],
  ] as const)('are told from those whose %s is the word for nothing', async (name, status) => {
    const one = await fresh();
    for (const id of [1, 2, 3]) {
      const odd = await one.ask({ path: `/notes?id=eq.${id}`, headers: { [name]: 'undefined' } });
      expect(odd.status).toBe(status);
      expect((await one.ask(`/notes?id=eq.${id}`)).json()).toEqual([
        { id, title: `Note ${id}`, rank: id % 7 },
      ]);
    }
  });
});
