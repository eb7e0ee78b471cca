import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorRegister } from '../src/base/index.ts';
import type { TestRequest } from './setup/api.ts';
import { type Fixture, openFixture } from './setup/fixture.ts';

const page = readFileSync(new URL('../docs/reference/errors.md', import.meta.url), 'utf8');

/** The page's sections: code → status and message. */
const sections = new Map(
  [...page.matchAll(/^### (\S+)\n\n\*\*(\d+)\*\* (.+)\n\n(.+)$/gm)].map(
    ([, code, status, message, meaning]) => [code, { status: Number(status), message, meaning }],
  ),
);

describe('the page of errors', () => {
  test('has a section for every code of the register, with its status, message and meaning', () => {
    expect(Object.fromEntries(sections)).toEqual(
      Object.fromEntries(
        Object.entries(errorRegister).map(([code, { status, message, meaning }]) => [
          code,
          { status, message, meaning },
        ]),
      ),
    );
  });

  test('lists them by stage', () => {
    const stages = [...sections.keys()].map(
      (code) => errorRegister[code as keyof typeof errorRegister].stage,
    );
    expect(stages.filter((stage, i) => stage !== stages[i - 1])).toEqual([...new Set(stages)]);
  });
});

const post = (path: string, body: unknown, headers = {}): TestRequest => ({
  method: 'POST',
  path,
  headers,
  body: JSON.stringify(body),
});

const prefer = (path: string, value: string, method = 'GET'): TestRequest => ({
  method,
  path,
  headers: { prefer: value },
});

/** A request for each code that a request can bring about. */
const requests: readonly (readonly [code: string, request: TestRequest])[] = [
  ['PGRST100', { path: '/posts?id=noop.1' }],
  ['PGRST101', { method: 'PATCH', path: '/rpc/one_value' }],
  ['PGRST102', { method: 'POST', path: '/posts', body: '{"title":' }],
  ['PGRST103', prefer('/posts?offset=1000', 'count=exact')],
  ['PGRST105', { method: 'PUT', path: '/posts?title=eq.x', body: '{"title":"x"}' }],
  ['PGRST106', { path: '/posts', headers: { 'accept-profile': 'secret' } }],
  ['PGRST107', { path: '/posts', headers: { accept: 'image/png' } }],
  ['PGRST108', { path: '/posts?comments.id=eq.1' }],
  ['PGRST111', post('/rpc/bad_headers', {})],
  ['PGRST112', post('/rpc/bad_status', {})],
  ['PGRST114', { method: 'PUT', path: '/posts?id=eq.1&limit=1', body: '{"id":1}' }],
  ['PGRST115', { method: 'PUT', path: '/posts?id=eq.1', body: '{"id":2,"title":"x"}' }],
  ['PGRST116', { path: '/posts', headers: { accept: 'application/vnd.pgrst.object+json' } }],
  ['PGRST117', { method: 'TRACE', path: '/posts' }],
  ['PGRST118', { path: '/posts?select=*,comments(*)&order=comments(id)' }],
  ['PGRST120', { path: '/posts?select=*,comments(*)&comments=eq.1' }],
  ['PGRST121', post('/rpc/bad_raise', {})],
  ['PGRST122', prefer('/posts', 'handling=strict, unknown=1')],
  ['PGRST124', prefer('/posts', 'handling=strict, max-affected=1', 'DELETE')],
  ['PGRST125', { path: '/posts/1/2/3' }],
  ['PGRST126', { path: '/' }],
  ['PGRST127', { path: '/posts?select=id,...comments(id.sum())' }],
  ['PGRST128', { ...post('/rpc/one_value', {}), headers: { prefer: 'handling=strict, max-affected=1' } }],
  ['ASH101', { path: '/posts/1?title=eq.One' }],
  ['ASH102', { method: 'PUT', path: '/posts/1', body: '[]' }],
  [
    'ASH103',
    {
      method: 'PATCH',
      path: '/posts/1',
      headers: { 'content-type': 'application/json-patch+json' },
      body: '[{"op":"test","path":"/title","value":"Another"}]',
    },
  ],
  [
    'ASH104',
    {
      method: 'PATCH',
      path: '/posts/1',
      headers: { 'content-type': 'application/json-patch+json' },
      body: JSON.stringify(new Array(1001).fill({ op: 'remove', path: '/title' })),
    },
  ],
  [
    'ASH415',
    { method: 'PATCH', path: '/posts/1', headers: { 'content-type': 'text/csv' }, body: 'title\nx' },
  ],
  ['ASH201', post('/posts', { id: 9, title: 'x' }, { 'idempotency-key': '' })],
  ['ASH202', post('/posts', { id: 9, title: 'x' }, { 'idempotency-key': 'k' })],
  ['ASH301', post('/$batch', {})],
  ['ASH302', post('/$batch', new Array(101).fill({ method: 'GET', path: '/posts' }))],
  ['ASH304', post('/$batch', [{ method: 'GET', path: '/posts?id=noop.1' }])],
  ['ASH404', { path: '/posts/999' }],
  ['ASH412', { method: 'PATCH', path: '/posts/1', headers: { 'if-match': '"x"' }, body: '{"title":"x"}' }],
  ['PGRST200', { path: '/posts?select=*,weather(*)' }],
  ['PGRST201', { path: '/matches?select=*,teams(*)' }],
  ['PGRST202', post('/rpc/one_valu', {})],
  ['PGRST203', post('/rpc/twice', { a: '1' })],
  ['PGRST204', post('/posts', { titel: 'x' })],
  ['PGRST205', { path: '/pots' }],
];

/** Codes that need more than a request: a broken connection, a setting, a token, a bug. */
const elsewhere = [
  'PGRST000',
  'PGRST001',
  'PGRST002',
  'PGRST003',
  'PGRST123',
  'PGRST300',
  'PGRST301',
  'PGRST302',
  'PGRST303',
  'PGRSTX00',
  'ASH400',
  'ASH408',
  'ASH413',
  // A policy, and a table's comment: items.test.ts.
  'ASH403',
  'ASH428',
  'ASH414',
  'ASH421',
  'ASH431',
  'ASH503',
  // Answers that are kept, and steps that refer to others: idempotency.test.ts, batch.test.ts.
  'ASH203',
  'ASH204',
  'ASH303',
  'ASH305',
  'ASH409',
  'ASH422',
];

describe('errors of requests', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture('errors');
  });
  afterAll(() => fixture.api.close());

  test('every code of the register has its request here, or its reason not to', () => {
    expect([...requests.map(([code]) => code), ...elsewhere].sort()).toEqual(
      Object.keys(errorRegister).sort(),
    );
  });

  test.each(requests)('%s', async (code, request) => {
    const before = (await fixture.api.ask('/posts?order=id')).text;
    const response = await fixture.api.ask(request);
    const entry = errorRegister[code as keyof typeof errorRegister];
    expect(response.json()).toMatchObject({ code });
    expect(Object.keys(response.json() as object).sort()).toEqual(['code', 'details', 'hint', 'message']);
    expect(response.status).toBe(entry.status);
    expect(response.headers['proxy-status']).toContain(`error=${code}`);
    expect((await fixture.api.ask('/posts?order=id')).text).toBe(before);
  });

  test('aggregates are refused where they are switched off', async () => {
    const { api } = await openFixture('errors', { aggregates: false });
    expect((await api.ask('/posts?select=id.sum()')).json()).toMatchObject({ code: 'PGRST123' });
    await api.close();
  });

  test('a wrong name is answered with the one that was probably meant', async () => {
    const hint = async (request: TestRequest | string) =>
      ((await fixture.api.ask(request)).json() as { hint: string }).hint;
    expect(await hint('/pots')).toBe("Perhaps you meant the table 'public.posts'");
    expect(await hint('/posts?select=titel')).toBe(
      'Perhaps you meant to reference the column "posts.title".',
    );
    expect(await hint(post('/rpc/one_valu', {}))).toBe(
      'Perhaps you meant to call the function public.one_value',
    );
    expect(await hint('/posts?select=*,coments(*)')).toBe(
      "Perhaps you meant 'comments' instead of 'coments'.",
    );
  });

  test('what the caller may not use is never suggested', async () => {
    expect((await fixture.api.ask('/hiden')).json()).toMatchObject({ code: 'PGRST205', hint: null });
  });

  test('what is forbidden is 401 for nobody and 403 for somebody', async () => {
    expect((await fixture.api.ask('/hidden')).status).toBe(401);
    expect((await fixture.api.ask({ path: '/hidden', headers: { 'x-role': 'authenticated' } })).status).toBe(
      403,
    );
  });
});
