import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepModel, listen, openApi } from '../../src/app/index.ts';
import { ignoreObservations } from '../../src/base/index.ts';
import { createCredentials, makeKey, signToken } from '../../src/credentials/index.ts';
import { createPool } from '../../src/db/index.ts';
import { type Fixture, openFixture } from '../setup/fixture.ts';

const SECRET = 'a secret of at least thirty-two characters';

describe('@supabase/supabase-js', () => {
  let fixture: Fixture;
  let anonymous: SupabaseClient;

  const create = (url: string, key: string, token?: string): SupabaseClient =>
    createClient(url, key, {
      auth: { persistSession: false, autoRefreshToken: false },
      ...(token === undefined ? {} : { accessToken: async () => token }),
    });

  beforeAll(async () => {
    fixture = await openFixture('bookshop', { prefix: '/rest/v1' });
    // The client itself appends the prefix.
    const url = (await fixture.api.serve()).slice(0, -'/rest/v1'.length);
    anonymous = create(url, 'no key is looked at here');
  });

  afterAll(() => fixture?.api.close());

  test('reads below /rest/v1', async () => {
    const { data, error } = await anonymous
      .from('authors')
      .select('name, books(title)')
      .eq('books.in_print', true)
      .order('id')
      .limit(1);
    expect(error).toBeNull();
    expect(data).toEqual([
      {
        name: 'Ursula K. Le Guin',
        books: [{ title: 'The Dispossessed' }, { title: 'A Wizard of Earthsea' }],
      },
    ]);
  });

  test('calls functions', async () => {
    expect((await anonymous.rpc('add', { a: 1, b: 2 })).data).toBe(3);
  });

  describe('with tokens', () => {
    let closing: (() => Promise<void>)[] = [];
    let url: string;
    let anonKey: string;

    beforeAll(async () => {
      const credentials = createCredentials({ keys: { kind: 'text', text: SECRET }, anonymousRole: 'anon' });
      const pool = createPool({ connect: fixture.database.server });
      const schemas = ['public'];
      const model = keepModel({ source: pool, schemas, observe: ignoreObservations });
      await model.reload();
      const { route } = openApi({
        pool,
        model,
        identify: credentials.identify,
        prefix: '/rest/v1',
        schemas,
        extraSearchPath: schemas,
        anonymousRole: 'anon',
        maxRows: undefined,
        aggregates: true,
        explain: false,
        legacyTargetNames: false,
        preRequest: undefined,
        appSettings: [],
        txEnd: 'commit',
        describe: undefined,
        rootRoutine: undefined,
        serverTiming: false,
        agent: 'Ashlar',
        version: '0',
        observe: ignoreObservations,
      });
      const errors: unknown[] = [];
      const server = await listen({
        host: '127.0.0.1',
        port: 0,
        routes: [route],
        cors: { origins: [] },
        traceHeader: undefined,
        agent: 'Ashlar',
        onInternalError: (error) => errors.push(error),
      });
      closing = [() => server.close(1_000), () => pool.close()];
      url = `http://127.0.0.1:${server.port}`;
      anonKey = await makeKey(SECRET, 'anon');
    });

    afterAll(async () => {
      for (const close of closing) await close();
    });

    test('is anonymous with the anon key', async () => {
      expect((await create(url, anonKey).rpc('whoami')).data).toMatchObject({
        role: 'anon',
        claims: { role: 'anon', iss: 'ashlar' },
      });
    });

    test('is who the token says', async () => {
      const token = await signToken(SECRET, { role: 'authenticated', sub: 'user-7' });
      const client = create(url, anonKey, token);
      expect((await client.rpc('whoami')).data).toEqual({
        role: 'authenticated',
        claims: { role: 'authenticated', sub: 'user-7' },
      });
      expect(await client.from('tags').insert({ name: 'letter' })).toMatchObject({ status: 201 });
      expect(await client.from('tags').delete().eq('name', 'letter')).toMatchObject({ status: 204 });
    });

    test('is told what anonymous callers may not do, and which tokens are no good', async () => {
      expect(await create(url, anonKey).from('tags').insert({ name: 'x' })).toMatchObject({
        status: 401,
        error: { code: '42501' },
      });
      const forged = await signToken('another secret of thirty-two characters', { role: 'service_role' });
      expect(await create(url, anonKey, forged).from('tags').select()).toMatchObject({
        status: 401,
        error: { code: 'PGRST301' },
      });
      const expired = await signToken(SECRET, { role: 'authenticated', exp: 1 });
      expect(await create(url, anonKey, expired).from('tags').select()).toMatchObject({
        status: 401,
        error: { code: 'PGRST303', message: 'JWT expired' },
      });
    });
  });
});
