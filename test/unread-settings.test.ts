import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SCHEMA_CHANNEL } from '../src/app/model-keeper.ts';
import { openSession } from '../src/db/index.ts';
import { openTestApi, type TestApi } from './setup/api.ts';
import type { TestDatabase } from './setup/database.ts';
import { createPreparedDatabase } from './setup/fixture.ts';

const SQL = `
create table public.notes (id int primary key, owner text, body text);
insert into public.notes select i, 'user ' || i % 2, 'Note ' || i from generate_series(1, 20) i;
grant select on public.notes to anon, authenticated;
alter table public.notes enable row level security;
create policy own on public.notes using (owner = current_setting('request.jwt.claims', true)::json ->> 'name');`;

let database: TestDatabase;
let api: TestApi;

/** The settings that are made for a request. */
const madeFor = async (headers: { readonly [name: string]: string } = {}): Promise<readonly string[]> => {
  const sent = vi.spyOn(api.pool, 'run');
  try {
    await api.ask({ path: '/notes?limit=1', headers });
    const [statements] = sent.mock.calls[0] ?? [];
    return [...(statements?.[0]?.text ?? '').matchAll(/'(request\.[^']*)'/g)].map(
      ([, name]) => name as string,
    );
  } finally {
    sent.mockRestore();
  }
};

const change = async (sql: string): Promise<void> => {
  const session = await openSession(database.owner);
  try {
    await session.query(sql);
  } finally {
    await session.close();
  }
};

/** Until what was changed is heard of and read. */
const patience = { timeout: 30_000 };

const all = [
  ...['request.jwt.claims', 'request.jwt.claim.sub', 'request.method', 'request.path', 'request.headers'],
  'request.cookies',
];

beforeEach(async () => {
  database = await createPreparedDatabase('unread_settings', SQL);
  api = await openTestApi(database);
});
afterEach(async () => {
  await api?.close();
  await database?.drop();
});

describe('settings that nothing in the database reads', () => {
  test('are made all the same where nobody tells that something begins to', async () => {
    expect(await madeFor()).toEqual(all);
  });

  describe('where one is told of changes', () => {
    beforeEach(async () => {
      await api.model.listen(api.pool, SCHEMA_CHANNEL);
      await api.model.reload();
    });

    test('are not made', async () => {
      expect(await madeFor()).toEqual(['request.jwt.claims', 'request.jwt.claim.sub']);
    });

    test('are made as soon as a function reads them, and what it sees is right', async () => {
      await change(`create function public.path() returns text stable language sql
        as $$ select current_setting('request.path', true) $$; grant execute on function public.path to anon`);
      await expect.poll(() => madeFor(), patience).toContain('request.path');
      await expect.poll(async () => (await api.ask('/rpc/path')).text, patience).toBe('"/rpc/path"');
      await expect
        .poll(() => madeFor(), patience)
        .toEqual(['request.jwt.claims', 'request.jwt.claim.sub', 'request.path']);
      await change('drop function public.path()');
      await expect.poll(() => madeFor(), patience).not.toContain('request.path');
    });

    test.each([
      [
        'a function by a name that is made',
        "create function f(n text) returns text language sql as $$ select current_setting('request.' || n) $$",
      ],
      [
        'a function that runs a text',
        'create function f(q text) returns void language plpgsql as $$ begin execute q; end $$',
      ],
      ['a view of all settings', 'create view public.settings as select * from pg_settings'],
    ])('are all made where %s may read them', async (_, sql) => {
      await change(sql);
      await expect.poll(() => madeFor(), patience).toEqual(all);
    });

    test.each([
      ['a policy', "create policy p on public.notes using (current_setting('request.cookies', true) <> '')"],
      [
        'a default',
        "alter table public.notes add seen text default current_setting('request.cookies', true)",
      ],
      ['a check', "alter table public.notes add check (current_setting('request.cookies', true) <> 'x')"],
      ['a view', "create view public.v as select current_setting('request.cookies', true)"],
      [
        'a default of a domain',
        "create domain public.d as text default current_setting('request.cookies', true)",
      ],
      [
        'a function in the standard form',
        "create function f() returns text language sql return current_setting('request.cookies', true)",
      ],
      [
        'the condition of a trigger',
        `create function f() returns trigger language plpgsql as $$ begin return new; end $$;
         create trigger t before insert on public.notes for each row
           when (current_setting('request.cookies', true) <> '') execute function f()`,
      ],
      [
        'a rule',
        `create rule r as on insert to public.notes
           where current_setting('request.cookies', true) = 'x' do also delete from public.notes`,
      ],
    ])('are found in %s', async (_, sql) => {
      await change(sql);
      await expect
        .poll(() => madeFor(), patience)
        .toEqual(['request.jwt.claims', 'request.jwt.claim.sub', 'request.cookies']);
    });

    test('tell callers apart as long as policies look at them', async () => {
      const see = (name: string) =>
        api.ask({
          path: '/notes?select=id&order=id&limit=2',
          headers: { 'x-claims': JSON.stringify({ name }) },
        });
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => see(`user ${i % 2}`)));
      const ids = answers.map((answer) => (answer.json() as { id: number }[]).map(({ id }) => id));
      expect(ids).toEqual(ids.map((_, i) => (i % 2 === 0 ? [2, 4] : [1, 3])));
    });
  });
});
