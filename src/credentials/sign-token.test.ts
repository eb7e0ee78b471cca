import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import { createCredentials } from './credentials.ts';
import { makeKey, signToken } from './sign-token.ts';

const SECRET = 'a secret of thirty-two characters';

test('a token that was signed is accepted', async () => {
  const credentials = createCredentials({ keys: { kind: 'text', text: SECRET }, anonymousRole: 'anon' });
  const token = await signToken(SECRET, { role: 'author', sub: '7' });
  expect(await credentials.identify({ authorization: `Bearer ${token}` })).toMatchObject({
    role: 'author',
    claims: '{"role":"author","sub":"7"}',
    source: 'token',
  });
});

test('a key names its role, who made it, and is good for ten years', async () => {
  const key = await makeKey(SECRET, 'service_role', { issuedAt: 1_800_000_000 });
  expect(decodeProtectedHeader(key)).toEqual({ alg: 'HS256', typ: 'JWT' });
  expect(decodeJwt(key)).toEqual({
    iss: 'ashlar',
    role: 'service_role',
    iat: 1_800_000_000,
    exp: 1_800_000_000 + 3650 * 86400,
  });
});

test('the same moment gives the same key, and without one it is issued now', async () => {
  const options = { issuedAt: 1_800_000_000 };
  expect(await makeKey(SECRET, 'anon', options)).toBe(await makeKey(SECRET, 'anon', options));
  const { iat = 0 } = decodeJwt(await makeKey(SECRET, 'anon'));
  expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(10);
});

test('bytes and text of a secret sign the same', async () => {
  expect(await signToken(Buffer.from(SECRET), { a: 1 })).toBe(await signToken(SECRET, { a: 1 }));
});
