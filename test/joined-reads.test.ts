import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SCHEMA_CHANNEL } from '../src/app/model-keeper.ts';
import { openTestApi, type TestApi } from './setup/api.ts';
import { createFilledDatabase, createPreparedDatabase } from './setup/fixture.ts';

const SQL = `
  create table public.notes (id int primary key, slug text unique, body text);
  insert into public.notes select i, 'note "' || i || '", \\', 'Body ' || i from generate_series(1, 50) i;
  create table public.lines (id int primary key, note int references public.notes, body text);
  insert into public.lines select i, 1 + i % 50, 'Line ' || i from generate_series(1, 200) i;
  create table public.marks (name text primary key, body text);
  insert into public.marks select 'a,"b' || i || '"\\', 'Mark ' || i from generate_series(1, 50) i;
  alter table public.notes enable row level security;
  create policy visible on public.notes for select using (id % 10 <> 0);
  grant select on public.notes, public.lines, public.marks to anon;`;

/** Asks for all at once, when the shape is known to be small; gives the answers and how many statements there were. */
const askAll = async (api: TestApi, paths: readonly string[]) => {
  await api.ask({ path: paths[0] as string });
  const sent = vi.spyOn(api.pool, 'run');
  try {
    const answers = await Promise.all(paths.map((path) => api.ask({ path })));
    return {
      answers: answers.map(({ status, headers, text }) => [status, headers.etag, text]),
      statements: sent.mock.calls.length,
    };
  } finally {
    sent.mockRestore();
  }
};

const askOneByOne = async (api: TestApi, paths: readonly string[]) => {
  const answers: unknown[] = [];
  for (const path of paths) {
    const { status, headers, text } = await api.ask({ path });
    answers.push([status, headers.etag, text]);
  }
  return answers;
};

describe('reads by key that come at the same time', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await openTestApi(await createFilledDatabase('joined_reads', SQL), { schemas: ['public'] });
  });
  afterAll(() => api?.close());

  test.each([
    ['by number, some hidden by a policy, some missing', (i: number) => `/notes?id=eq.${i}&select=id,body`],
    ['with another text for the same number', (i: number) => `/notes?id=eq.%20${i}%20`],
    [
      'by text with quotes and backslashes',
      (i: number) => `/notes?slug=eq.note%20%22${i}%22%2C%20%5C&select=id`,
    ],
    [
      'with what is embedded',
      (i: number) => `/notes?id=eq.${i}&select=id,lines(id,body)&lines.order=id&lines.limit=2`,
    ],
    ['with some that are no number', (i: number) => `/notes?id=eq.${i % 7 === 0 ? 'x' : i}&select=id`],
    ['of a table without policies', (i: number) => `/lines?id=eq.${i}&select=body`],
  ])('%s, are answered as they are one by one, by fewer statements', async (_, path) => {
    const paths = Array.from({ length: 60 }, (_, i) => path(i));
    const { answers, statements } = await askAll(api, paths);
    expect(answers).toEqual(await askOneByOne(api, paths));
    expect(statements).toBeLessThan(paths.length);
  });

  test('are not joined where the headers differ, as functions may read them', async () => {
    await api.ask({ path: '/notes?id=eq.1' });
    const sent = vi.spyOn(api.pool, 'run');
    await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        api.ask({ path: `/notes?id=eq.${i + 1}`, headers: { 'x-trace': String(i) } }),
      ),
    );
    expect(sent.mock.calls.length).toBe(5);
    sent.mockRestore();
  });
});

describe('items that are read at the same time', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await openTestApi(await createPreparedDatabase('joined_items', SQL));
    // The path is no part of what they are asked under, as nothing reads it.
    await api.model.listen(api.pool, SCHEMA_CHANNEL);
    await api.model.reload();
    expect(api.model.isSettled?.()).toBe(true);
  });
  afterAll(() => api?.close());

  test.each([
    ['of numbers, some missing, hidden, or no numbers', (i: number) => `/notes/${i % 7 === 0 ? `x${i}` : i}`],
    ['with a part of the columns', (i: number) => `/notes/${i}?select=body`],
    [
      'with what is embedded',
      (i: number) => `/notes/${i}?select=id,lines(id,body)&lines.order=id&lines.limit=2`,
    ],
    ['of texts', (i: number) => `/marks/${encodeURIComponent(`a,"b${i}"\\`)}`],
  ])('%s, are answered as they are one by one, by fewer statements', async (_, path) => {
    const paths = Array.from({ length: 60 }, (_, i) => path(i + 1));
    const { answers, statements } = await askAll(api, paths);
    expect(answers).toEqual(await askOneByOne(api, paths));
    expect(answers.filter(([status]) => status === 200).length).toBeGreaterThan(30);
    expect(statements).toBeLessThan(paths.length);
  });
});
