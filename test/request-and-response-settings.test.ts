import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApi, type TestApi } from './setup/api.ts';
import { createFilledDatabase } from './setup/fixture.ts';

const sql = `
create table notes (id int primary key);
insert into notes values (1);
grant all on notes to anon;

create function before_request() returns void language plpgsql as $$
declare wish text := current_setting('request.headers', true)::json ->> 'x-wish';
begin
  if wish is not null then
    perform set_config('response.headers', format('[{"Set-Cookie": "%s"}]', wish), false);
    perform set_config('response.status', '299', false);
  end if;
end $$;

create function seen() returns json stable language sql as $$
  select json_build_array(
    current_setting('request.headers', true)::json -> 'x-name',
    current_setting('request.cookies', true)::json)
$$;

create function answer(headers text, status text) returns text language plpgsql as $$
begin
  perform set_config('response.headers', headers, true);
  perform set_config('response.status', status, true);
  return 'x';
end $$;`;

let api: TestApi;

beforeAll(async () => {
  const database = await createFilledDatabase('response_settings', sql);
  api = await openTestApi(database, { preRequest: { schema: 'public', name: 'before_request' } });
});
afterAll(() => api.close());

/** What a function answers with that sets these. */
const answer = (headers: unknown, status = '') =>
  api.ask({
    method: 'POST',
    path: '/rpc/answer',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ headers: JSON.stringify(headers), status }),
  });

describe('what a function sees of the request', () => {
  const see = async (name: string, cookie: string) => {
    const headers = Object.entries({ 'x-name': name, cookie }).map(
      // As the parser of a head gives them: a character for each byte.
      ([key, value]) => [key, Buffer.from(value).toString('latin1')],
    );
    return (await api.ask({ path: '/rpc/seen', headers: Object.fromEntries(headers) })).json();
  };

  test('is text in UTF-8', async () => {
    expect(await see('Zoë "Łódź" 🦊', 'a=1; name=بحر')).toEqual(['Zoë "Łódź" 🦊', { a: '1', name: 'بحر' }]);
    expect(await see('plain', '')).toEqual(['plain', {}]);
  });
});

describe('what a function sets for the answer', () => {
  test('does not reach the next request, though it was set for the session', async () => {
    const wished = await api.ask({ path: '/notes', headers: { 'x-wish': 'a=1' } });
    expect(wished.status).toBe(299);
    expect(wished.headers['set-cookie']).toBe('a=1');
    for (let i = 0; i < 3; i++) {
      const next = await api.ask('/notes');
      expect(next.status).toBe(200);
      expect(next.headers).not.toHaveProperty('set-cookie');
    }
    const written = await api.ask({
      method: 'POST',
      path: '/notes',
      headers: { 'content-type': 'application/json', prefer: 'resolution=merge-duplicates' },
      body: '{"id":2}',
    });
    expect(written.status).toBe(201);
    expect(written.headers).not.toHaveProperty('set-cookie');
  });

  test('is refused where HTTP cannot carry it', async () => {
    expect((await answer([{ 'X-A': 'b' }], '203')).status).toBe(203);
    for (const name of ['', 'X A', 'X-A\r\nX-B', 'X-Ä'])
      expect((await answer([{ [name]: 'b' }])).json()).toMatchObject({ code: 'PGRST111' });
    for (const status of ['100', '101', '199', '1000'])
      expect((await answer([], status)).json()).toMatchObject({ code: 'PGRST112' });
  });

  test('leaves the length of the answer as it is', async () => {
    const { headers, text } = await answer([{ 'Content-Length': '1' }, { 'transfer-encoding': 'chunked' }]);
    expect(text).toBe('"x"');
    expect(headers['content-length']).toBe('3');
    expect(headers).not.toHaveProperty('transfer-encoding');
  });
});
