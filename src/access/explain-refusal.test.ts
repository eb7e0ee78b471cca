import { describe, expect, test } from 'vitest';
import type { Model } from '../model/index.ts';
import { explainRefusal } from './explain-refusal.ts';

/** As much of a model as is looked at. */
const model = {
  roles: [
    { name: 'anon', inherit: true, memberOf: ['visitor'] },
    { name: 'visitor', inherit: true, memberOf: [] },
    { name: 'authenticated', inherit: true, memberOf: [] },
  ],
  relations: [
    {
      oid: 1,
      schema: 'public',
      name: 'posts',
      grants: [
        { grantee: 'visitor', privilege: 'SELECT' },
        { grantee: 'authenticated', privilege: 'DELETE' },
      ],
      columns: [{ name: 'title', grants: [{ grantee: 'anon', privilege: 'UPDATE' }] }],
    },
  ],
  schemas: [{ name: 'secret', usage: ['authenticated'] }],
  routines: [{ name: 'wipe', execute: ['authenticated'] }],
  policies: [
    {
      relation: 1,
      name: 'changes',
      command: 'update',
      permissive: true,
      roles: ['authenticated'],
      using: 'true',
      check: null,
    },
    {
      relation: 1,
      name: 'own',
      command: 'insert',
      permissive: true,
      roles: ['PUBLIC'],
      using: null,
      check: '(owner = 1)',
    },
  ],
} as unknown as Model;

const explain = (
  message: string,
  verb: 'select' | 'insert' | 'update' | 'delete',
  tokenless?: 'no-token' | 'no-bearer',
) => explainRefusal(model, { message, role: 'anon', verb, schema: 'public', tokenless });

describe('what Postgres refuses is explained', () => {
  test.each([
    [
      'a grant that is missing',
      'permission denied for table posts',
      'delete',
      'No grant gives anon DELETE on public.posts. A migration can: grant delete on public.posts to anon;',
    ],
    [
      'a column that is closed',
      'permission denied for table posts',
      'update',
      'anon has UPDATE on title of public.posts only, and the request needs another column. A migration can give it: grant update (…) on public.posts to anon;',
    ],
    [
      'a row that no policy lets in',
      'new row violates row-level security policy for table "posts"',
      'insert',
      'The row is not as the policies on public.posts want it: create policy "own" on public.posts for insert to public with check (owner = 1)',
    ],
    [
      'a table without a policy',
      'new row violates row-level security policy for table "posts"',
      'update',
      'Row-level security is on for public.posts, and no policy lets anon update rows. A migration can make one: create policy … on public.posts for update to anon with check (…);',
    ],
    [
      'a schema',
      'permission denied for schema secret',
      'select',
      'anon has no USAGE on the schema secret. A migration can give it: grant usage on schema secret to anon;',
    ],
    [
      'a function',
      'permission denied for function wipe',
      'insert',
      'anon has no EXECUTE on the function wipe. A migration can give it: grant execute on function wipe to anon;',
    ],
  ] as const)('%s', (_, message, verb, expected) => {
    expect(explain(message, verb)).toBe(expected);
  });

  const signIn =
    'authenticated may. Send one as Authorization: Bearer … ("ashlar token" makes one to try). Only if everyone may, a migration says so:';

  test.each([
    ['permission denied for table posts', 'delete', 'grant delete on public.posts to anon;'],
    [
      'new row violates row-level security policy for table "posts"',
      'update',
      'create policy … on public.posts for update to anon with check (…);',
    ],
    ['permission denied for schema secret', 'select', 'grant usage on schema secret to anon;'],
    ['permission denied for function wipe', 'insert', 'grant execute on function wipe to anon;'],
  ] as const)('who forgot the token hears of that first: %s', (message, verb, statement) => {
    expect(explain(message, verb, 'no-token')).toBe(
      `The request has no user's token, so it runs as anon; ${signIn} ${statement}`,
    );
  });

  test('and so does who sends it otherwise than as Bearer, whoever may', () => {
    const started =
      'The Authorization header does not begin with "Bearer ", so the request counts as one without a token: it runs as anon';
    const denied = 'permission denied for table posts';
    expect(explain(denied, 'delete', 'no-bearer')).toContain(`${started}; ${signIn}`);
    expect(explain(denied, 'insert', 'no-bearer')).toBe(
      `${started}. No grant gives anon INSERT on public.posts. A migration can: grant insert on public.posts to anon;`,
    );
    expect(explain(denied, 'insert', 'no-token')).toBe(explain(denied, 'insert'));
  });

  test('and what is not known is not', () => {
    expect(explain('permission denied for table others', 'select')).toBeUndefined();
    expect(explain('must be owner of table posts', 'select')).toBeUndefined();
  });
});
