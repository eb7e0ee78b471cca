import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCredentials } from '../../credentials/index.ts';
import { findProjectKeys } from './project-keys.ts';

const none = { jwtSecret: undefined, jwksUrl: undefined, jwtAlgorithms: undefined };
const secret = 'Zq3!vK9#mP2$xL7@wN4&rT8*yB5^cF1%';

describe('the keys of a project', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'keys-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are of a secret of its own where none is set, the same each time and for nobody else to read', async () => {
    const first = await findProjectKeys(folder, none);
    expect(await findProjectKeys(folder, none)).toEqual(first);
    if (process.platform !== 'win32')
      expect(statSync(join(folder, '.ashlar/secret.json')).mode & 0o777).toBe(0o600);
  });

  test.each([
    [undefined, 'HS256'],
    [['HS512', 'RS256'], 'HS512'],
  ] as const)('are signed with what is accepted: of %j, %s', async (jwtAlgorithms, signing) => {
    const found = await findProjectKeys(folder, { ...none, jwtSecret: secret, jwtAlgorithms });
    expect(found.signing).toBe(signing);
    const { identify } = createCredentials({
      keys: found.keys,
      anonymousRole: 'anon',
      algorithms: jwtAlgorithms,
    });
    expect(await identify({ apikey: found.serviceKey })).toMatchObject({ role: 'service_role' });
    expect(await identify({ apikey: found.anonKey })).toMatchObject({ role: 'anon' });
  });

  test.each([
    ['a JWK', { ...none, jwtSecret: '{"keys": []}' }],
    ['an address', { ...none, jwksUrl: 'https://id.example.com/jwks.json' }],
  ])('of %s only verify', async (_what, values) => {
    expect(await findProjectKeys(folder, values)).toMatchObject({ secret: undefined, serviceKey: undefined });
  });

  test('are of one kind', async () => {
    const both = { ...none, jwtSecret: secret, jwksUrl: 'https://id.example.com/jwks.json' };
    await expect(findProjectKeys(folder, both)).rejects.toThrow('jwtSecret and jwksUrl do not go together');
  });
});
