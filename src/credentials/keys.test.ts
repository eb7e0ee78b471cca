import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type KeyRules, readKeys, readPublicSet } from './keys.ts';
import { UnusableSetting } from './unusable-setting.ts';

const rules: KeyRules = { algorithms: undefined, allowShortSecret: false, allowSecrets: true };
const secret = randomBytes(48);

const jwkOf = (
  type: 'rsa' | 'ec' | 'ed25519',
  options: object,
  form: 'publicKey' | 'privateKey' = 'publicKey',
) => generateKeyPairSync(type as 'rsa', options as { modulusLength: number })[form].export({ format: 'jwk' });

const rsa = jwkOf('rsa', { modulusLength: 2048 });
const ec = jwkOf('ec', { namedCurve: 'P-384' });
const ed = jwkOf('ed25519', {});
const oct = { kty: 'oct', k: secret.toString('base64url') };

const read = (jwk: unknown, more: Partial<KeyRules> = {}) =>
  readKeys(Buffer.from(typeof jwk === 'string' ? jwk : JSON.stringify(jwk)), { ...rules, ...more });

/** The names and algorithms of the keys that are found. */
const found = (jwk: unknown, more: Partial<KeyRules> = {}) =>
  read(jwk, more).map(({ id, forms }) => [id, ...forms.keys()].join(' '));

describe('keys', () => {
  test('a plain secret is for HS256 alone', () => {
    expect(found('just a text that is long enough to be one')).toEqual([' HS256']);
  });

  test('a plain secret is for other algorithms where they are asked for', () => {
    expect(found('x'.repeat(64), { algorithms: ['HS512', 'RS256'] })).toEqual([' HS512']);
  });

  test('JSON that is no object is a plain secret', () => {
    expect(found(`"${'x'.repeat(40)}"`)).toEqual([' HS256']);
  });

  test.each([
    [oct, ' HS256 HS384 HS512'],
    [{ ...oct, alg: 'HS384', kid: 'mine', use: 'sig' }, 'mine HS384'],
    [rsa, ' RS256 RS384 RS512 PS256 PS384 PS512'],
    [{ ...rsa, alg: 'PS256' }, ' PS256'],
    [ec, ' ES384'],
    [ed, ' EdDSA'],
  ])('a JWK is for the algorithms of its type, or the one that it names (%#)', (jwk, expected) => {
    expect(found(jwk)).toEqual([expected]);
  });

  test('a private JWK verifies like its public half, whatever it says of its use', () => {
    const jwk = { ...jwkOf('ec', { namedCurve: 'P-256' }, 'privateKey'), key_ops: ['sign'], ext: true };
    const [key] = read(jwk);
    expect(key?.forms.get('ES256')).toMatchObject({ type: 'public' });
  });

  test('a set holds several, of which those for other things are passed over', () => {
    const keys = [
      { ...rsa, kid: 'a' },
      { ...ec, kid: 'b', use: 'enc' },
      { kty: 'new', kid: 'c' },
      { ...rsa, kid: 'd', alg: 'RSA-OAEP' },
      { ...oct, kid: 'e' },
      { ...jwkOf('ec', { namedCurve: 'P-256' }), crv: 'secp256k1', kid: 'f' },
    ];
    expect(found({ keys }).map((key) => key.slice(0, 1))).toEqual(['a', 'e']);
  });

  test('are only for the algorithms that are accepted', () => {
    expect(found({ keys: [rsa, oct, ed] }, { algorithms: ['RS256', 'EdDSA'] })).toEqual([' RS256', ' EdDSA']);
  });

  test.each([
    ['short', 'The JWT secret must be at least 32 characters long. It has 5,'],
    [{ kty: 'oct', k: 'c2hvcnQ' }, 'The JWT secret must be at least 32 characters long.'],
    [{ kty: 'oct', k: 'not base64!' }, 'The JWK has no secret ("k") in base64url.'],
    [{ kty: 'oct' }, 'The JWK has no secret ("k") in base64url.'],
    [{ alg: 'HS256' }, 'The JWK has no key type ("kty").'],
    [{ ...rsa, n: 'AQAB' }, 'The JWK is'],
    [{ ...rsa, n: undefined }, 'The JWK is not a valid RSA key: a parameter is missing or malformed.'],
    [{ ...ec, x: 'AAAA' }, 'The JWK is not a valid EC key'],
    [{ ...rsa, kid: 5 }, 'The JWK has a "kid" that is no text.'],
    [
      jwkOf('rsa', { modulusLength: 1024 }),
      'The JWK is an RSA key of 1024 bits. Use one of 2048 bits or more.',
    ],
    [{ keys: [] }, 'None of the keys can verify tokens.'],
    [{ keys: [rsa, 'text'] }, 'Key 2 of the JWK set is not a JSON object.'],
    [{ kty: 'new' }, 'None of the keys can verify tokens.'],
  ])('are refused where they are no good (%#)', (jwk, message) => {
    expect(() => read(jwk)).toThrow(UnusableSetting);
    expect(() => read(jwk)).toThrow(message);
  });

  test('are refused where none is for what is accepted', () => {
    expect(() => read('x'.repeat(64), { algorithms: ['RS256'] })).toThrow(
      'None of the keys can verify tokens.',
    );
  });

  test('may be short where that is allowed', () => {
    expect(found('short', { allowShortSecret: true })).toEqual([' HS256']);
  });

  test('never show in the error that refuses them', () => {
    const d = jwkOf('ec', { namedCurve: 'P-256' }, 'privateKey').d;
    for (const jwk of [
      'my-short-secret',
      { kty: 'oct', k: 'my-short-secret' },
      { ...ec, x: 'my-short-secret', d },
    ]) {
      try {
        read(jwk);
        expect.unreachable();
      } catch (error) {
        const shown = `${(error as Error).stack} ${JSON.stringify(error)} ${String((error as Error).cause)}`;
        expect(shown).not.toContain('my-short-secret');
        expect(shown).not.toContain(d);
      }
    }
  });
});

describe('a set of keys that everyone can read', () => {
  const publicRules = { ...rules, allowSecrets: false };

  test('holds no secrets', () => {
    expect(readPublicSet(JSON.stringify({ keys: [oct, ed] }), publicRules)).toHaveLength(1);
    expect(() => readPublicSet(JSON.stringify({ keys: [oct] }), publicRules)).toThrow(UnusableSetting);
  });

  test.each(['', '<html></html>', '{}', '[]', JSON.stringify(rsa)])('is not %j', (text) => {
    expect(() => readPublicSet(text, publicRules)).toThrow('There is no JWK set');
  });
});
