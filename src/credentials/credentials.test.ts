import { createHmac, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CompactSign } from 'jose';
import { describe, expect, test } from 'vitest';
import { type Identity, type Observation, type Problem, Refusal } from '../base/index.ts';
import type { Algorithm } from './algorithm.ts';
import { type CredentialsSettings, createCredentials, type Shown } from './credentials.ts';
import { makeKey, signToken } from './sign-token.ts';

const SECRET = 'a secret of thirty-two characters';
const NOW = 1_800_000_000;

const create = (more: Partial<CredentialsSettings> = {}) =>
  createCredentials({
    keys: { kind: 'text', text: SECRET },
    anonymousRole: 'anon',
    clock: () => NOW * 1000,
    ...more,
  });

type Some = ReturnType<typeof create>;

const identify = async (credentials: Some, shown: Shown): Promise<Identity> =>
  await credentials.identify(shown);

const withToken = (credentials: Some, token: string): Promise<Identity> =>
  identify(credentials, { authorization: `Bearer ${token}` });

const refusalOf = async (credentials: Some, shown: Shown): Promise<Problem> => {
  const outcome = await identify(credentials, shown).catch((error: unknown) => error);
  if (outcome instanceof Refusal) return outcome.problem;
  throw new Error(`There was no refusal but ${JSON.stringify(outcome)}`);
};

const encode = (part: string | object): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

/** A token signed with the secret, whatever is in it. */
const forge = (
  header: string | object,
  payload: string | object,
  secret: string | Buffer = SECRET,
): string => {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
};

const HS256 = { alg: 'HS256', typ: 'JWT' };

describe('a request without a token', () => {
  test('is anonymous', async () => {
    const identity = create().identify({});
    expect(identity).toEqual({
      role: 'anon',
      claims: '{"role":"anon"}',
      subject: '',
      source: 'anonymous',
      expires: undefined,
      key: expect.any(String),
    });
  });

  test('is anonymous with credentials of another scheme', async () => {
    expect(await identify(create(), { authorization: 'Basic YTpi' })).toMatchObject({ source: 'anonymous' });
  });

  test('is refused where there is no anonymous role', async () => {
    expect(await refusalOf(create({ anonymousRole: undefined }), {})).toEqual({
      code: 'PGRST302',
      status: 401,
      message: 'Anonymous access is disabled',
      details: null,
      hint: null,
      headers: [['WWW-Authenticate', 'Bearer']],
    });
  });
});

describe('a token', () => {
  test('gives its role and claims', async () => {
    const token = await signToken(SECRET, { role: 'author', sub: '7', exp: NOW + 60 });
    const claims = `{"role":"author","sub":"7","exp":${NOW + 60}}`;
    expect(await withToken(create(), token)).toEqual({
      role: 'author',
      claims,
      subject: '7',
      source: 'token',
      expires: NOW + 60,
      key: expect.any(String),
    });
  });

  test('without a role has the anonymous one', async () => {
    const token = await signToken(SECRET, { sub: '7' });
    expect(await withToken(create(), token)).toMatchObject({
      role: 'anon',
      claims: '{"sub":"7","role":"anon"}',
      source: 'token',
    });
  });

  test('without a role is refused where there is no anonymous one', async () => {
    const token = await signToken(SECRET, { sub: '7' });
    const problem = await refusalOf(create({ anonymousRole: undefined }), {
      authorization: `Bearer ${token}`,
    });
    expect(problem).toMatchObject({ code: 'PGRST302', headers: [['WWW-Authenticate', 'Bearer']] });
  });

  test('may have its role anywhere', async () => {
    const token = await signToken(SECRET, { app: { roles: ['reader', 'author'] }, role: 'other' });
    for (const roleClaim of ['$.app.roles[1]', '.app.roles[1]', '.app.roles[?(@ ^== "au")]'])
      expect(await withToken(create({ roleClaim }), token)).toMatchObject({
        role: 'author',
        claims: '{"app":{"roles":["reader","author"]},"role":"author"}',
      });
  });

  test('that names its role by something else than a text has the JSON of it as its role', async () => {
    expect((await withToken(create(), forge(HS256, '{"role":5}'))).role).toBe('5');
    expect((await withToken(create(), forge(HS256, '{"role":null}'))).role).toBe('null');
  });

  test('cannot be for the role that Postgres takes for whoever is logged in', async () => {
    const token = await signToken(SECRET, { role: 'none' });
    expect(await refusalOf(create(), { authorization: `Bearer ${token}` })).toMatchObject({
      code: 'PGRST303',
      details: "The role cannot be 'none'",
    });
  });

  test('cannot be for the login that serves', async () => {
    const credentials = create({ login: 'authenticator' });
    const token = await signToken(SECRET, { role: 'authenticator' });
    expect(await refusalOf(credentials, { authorization: `Bearer ${token}` })).toMatchObject({
      code: 'PGRST303',
      details: 'The role cannot be the login of the server',
    });
    expect((await withToken(credentials, await signToken(SECRET, { role: 'author' }))).role).toBe('author');
  });

  test('keeps the digits of its numbers', async () => {
    const token = forge(HS256, '{"user":12345678901234567890,"role":"author"}');
    expect((await withToken(create(), token)).claims).toBe('{"user":12345678901234567890,"role":"author"}');
  });

  test('is refused with 500 where the server has no key', async () => {
    expect(await refusalOf(create({ keys: undefined }), { authorization: 'Bearer a.b.c' })).toEqual({
      code: 'PGRST300',
      status: 500,
      message: 'Server lacks JWT secret',
      details: null,
      hint: null,
    });
  });

  test.each([
    ['', 'Empty JWT is sent in Authorization header', null],
    ['a', 'Expected 3 parts in JWT; got 1', null],
    ['a.b', 'Expected 3 parts in JWT; got 2', null],
    ['a.b.c.d.e', 'Expected 3 parts in JWT; got 5', null],
    ['..', 'JWT cryptographic operation failed', null],
    ['!.b.c', 'JWT cryptographic operation failed', null],
    [forge('{', {}), 'JWT cryptographic operation failed', null],
    [forge([], {}), 'JWT cryptographic operation failed', null],
    [forge({}, {}), 'JWT cryptographic operation failed', null],
    [forge({ alg: 'HS1' }, {}), 'JWT cryptographic operation failed', null],
    [forge({ alg: 'hs256' }, {}), 'JWT cryptographic operation failed', null],
    [forge({ alg: 'NONE' }, {}), 'JWT cryptographic operation failed', null],
    [forge({ alg: 'HS256', kid: 5 }, {}), 'JWT cryptographic operation failed', null],
    [forge({ alg: 'HS256', enc: 'A128GCM' }, {}), 'JWT cryptographic operation failed', null],
    [`${forge(HS256, {})}=`, 'JWT cryptographic operation failed', null],
    [
      forge({ alg: 'none' }, {}),
      'Wrong or unsupported encoding algorithm',
      "JWT is unsecured but expected 'alg' was not 'none'",
    ],
    [
      `${encode({ alg: 'none' })}.${encode({})}.`,
      'Wrong or unsupported encoding algorithm',
      "JWT is unsecured but expected 'alg' was not 'none'",
    ],
    [
      forge({ alg: 'HS512' }, {}),
      'No suitable key or wrong key type',
      'No suitable key was found to decode the JWT',
    ],
    [
      forge({ alg: 'RS256' }, {}),
      'No suitable key or wrong key type',
      'No suitable key was found to decode the JWT',
    ],
    [
      forge({ alg: 'HS256', kid: 'unknown' }, {}),
      'No suitable key or wrong key type',
      'No suitable key was found to decode the JWT',
    ],
    [
      forge(HS256, {}, 'another secret of 32 characters..'),
      'No suitable key or wrong key type',
      'None of the keys was able to decode the JWT',
    ],
    [
      forge({ alg: 'HS256', crit: ['b64'], b64: false }, {}),
      "JWT couldn't be decoded",
      'The header of the JWT has critical extensions ("crit"), and none are understood here',
    ],
  ])('%s is refused with PGRST301', async (token, message, details) => {
    expect(await refusalOf(create(), { authorization: `Bearer ${token}` })).toEqual({
      code: 'PGRST301',
      status: 401,
      message,
      details,
      hint: null,
      headers: [['WWW-Authenticate', `Bearer error="invalid_token", error_description="${message}"`]],
    });
  });

  test.each([
    ['not JSON', 'Parsing claims failed'],
    ['[]', 'Parsing claims failed'],
    [`{"exp":${NOW - 31}}`, 'JWT expired'],
    [`{"nbf":${NOW + 31}}`, 'JWT not yet valid'],
    [`{"iat":${NOW + 31}}`, 'JWT issued at future'],
    ['{"exp":"1"}', "The JWT 'exp' claim must be a number"],
    ['{"aud":"others"}', 'JWT not in audience'],
  ])('with the payload %s is refused with PGRST303', async (payload, message) => {
    const authorization = `Bearer ${forge(HS256, payload)}`;
    expect(await refusalOf(create({ audience: 'me' }), { authorization })).toMatchObject({
      code: 'PGRST303',
      status: 401,
      message,
      headers: [['WWW-Authenticate', `Bearer error="invalid_token", error_description="${message}"`]],
    });
  });

  test('may differ in its clock by the leeway that is set', async () => {
    const token = await signToken(SECRET, { exp: NOW - 100 });
    expect(await withToken(create({ leewaySeconds: 100 }), token)).toMatchObject({ role: 'anon' });
    expect(
      await refusalOf(create({ leewaySeconds: 99 }), { authorization: `Bearer ${token}` }),
    ).toMatchObject({
      message: 'JWT expired',
    });
  });

  test('any text at all is refused and nothing else goes wrong', async () => {
    const credentials = create();
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.json().map(encode),
      fc.record({ alg: fc.constantFrom('HS256', 'none', 'RS256', 'EdDSA') }).map(encode),
    );
    const token = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(token, fc.boolean(), async (text, asKey) => {
        const shown = asKey ? { apikey: text } : { authorization: `Bearer ${text}` };
        expect(await refusalOf(credentials, shown)).toMatchObject({ code: 'PGRST301' });
      }),
    );
  });

  test('signed with any claims, gives an identity or a refusal', async () => {
    const credentials = create();
    const claims = fc.dictionary(
      fc.oneof(fc.constantFrom('role', 'exp', 'nbf', 'iat', 'aud', '__proto__'), fc.string()),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(claims, async (payload) => {
        const token = forge(HS256, payload);
        const outcome = await withToken(credentials, token).catch((error: unknown) => error);
        if (outcome instanceof Refusal) expect(outcome.problem.code).toBe('PGRST303');
        else expect(JSON.parse((outcome as Identity).claims).role).toBe((outcome as Identity).role);
      }),
    );
  });

  test('with any one bit of it changed is refused', async () => {
    const credentials = create();
    const token = Buffer.from(await signToken(SECRET, { role: 'author', exp: NOW + 60 }));
    for (let bit = 0; bit < token.length * 8; bit++) {
      const changed = Buffer.from(token);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const shown = { authorization: `Bearer ${changed.toString('latin1')}` };
      expect(await refusalOf(credentials, shown), `bit ${bit}`).toMatchObject({ code: 'PGRST301' });
    }
  });

  test('never shows in the error that refuses it, nor does the secret', async () => {
    const token = forge(HS256, { role: 'author', marker: 'do-not-show' }, randomBytes(32));
    const error = await withToken(create(), token).catch((reason: Error) => reason);
    const shown = `${(error as Error).stack}${JSON.stringify(error)}`;
    for (const part of [...token.split('.'), SECRET]) expect(shown).not.toContain(part);
  });
});

type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

describe('keys', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });
  const ed = generateKeyPairSync('ed25519');
  const jwkOf = ({ publicKey }: Pair, more: object = {}) => ({
    ...publicKey.export({ format: 'jwk' }),
    ...more,
  });
  const keysOf = (...jwks: readonly object[]) =>
    ({ kind: 'text', text: JSON.stringify(jwks.length === 1 ? jwks[0] : { keys: jwks }) }) as const;
  const sign = (alg: Algorithm, { privateKey }: Pair, header: object = {}): Promise<string> =>
    new CompactSign(Buffer.from('{"role":"author"}')).setProtectedHeader({ alg, ...header }).sign(privateKey);

  test.each<[Algorithm, Pair]>([
    ['RS256', rsa],
    ['RS384', rsa],
    ['RS512', rsa],
    ['PS256', rsa],
    ['PS384', rsa],
    ['PS512', rsa],
    ['ES256', p256],
    ['ES384', p384],
    ['ES512', p521],
    ['EdDSA', ed],
  ])('verify %s', async (alg, pair) => {
    expect(await withToken(create({ keys: keysOf(jwkOf(pair)) }), await sign(alg, pair))).toMatchObject({
      role: 'author',
    });
  });

  test.each(['HS256', 'HS384', 'HS512'] as const)('verify %s', async (alg) => {
    const secret = randomBytes(64);
    const token = await new CompactSign(Buffer.from('{"role":"author"}'))
      .setProtectedHeader({ alg })
      .sign(secret);
    const keys = keysOf({ kty: 'oct', k: secret.toString('base64url') });
    expect(await withToken(create({ keys }), token)).toMatchObject({ role: 'author' });
    expect(
      await withToken(create({ keys: { kind: 'bytes', bytes: secret }, algorithms: [alg] }), token),
    ).toMatchObject({ role: 'author' });
  });

  test('are found by their name, and without one all that fit are tried', async () => {
    const other = generateKeyPairSync('ed25519');
    const credentials = create({ keys: keysOf(jwkOf(other, { kid: 'a' }), jwkOf(ed, { kid: 'b' })) });
    expect(await withToken(credentials, await sign('EdDSA', ed))).toMatchObject({ role: 'author' });
    expect(await withToken(credentials, await sign('EdDSA', ed, { kid: 'b' }))).toMatchObject({
      role: 'author',
    });
    const misnamed = await sign('EdDSA', ed, { kid: 'a' });
    expect(await refusalOf(credentials, { authorization: `Bearer ${misnamed}` })).toMatchObject({
      details: 'None of the keys was able to decode the JWT',
    });
  });

  test('of one kind never verify another: a public key is no secret', async () => {
    const credentials = create({ keys: keysOf(jwkOf(rsa)) });
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
    const der = rsa.publicKey.export({ type: 'spki', format: 'der' });
    const modulus = Buffer.from(String(jwkOf(rsa).n), 'base64url');
    for (const secret of [pem, der, modulus, JSON.stringify(jwkOf(rsa))]) {
      const authorization = `Bearer ${forge(HS256, { role: 'author' }, secret)}`;
      expect(await refusalOf(credentials, { authorization })).toMatchObject({
        code: 'PGRST301',
        details: 'No suitable key was found to decode the JWT',
      });
    }
  });

  test('are not for algorithms that are not accepted', async () => {
    const credentials = create({ keys: keysOf(jwkOf(rsa)), algorithms: ['RS256'] });
    expect(await withToken(credentials, await sign('RS256', rsa))).toMatchObject({ role: 'author' });
    const token = await sign('RS512', rsa);
    expect(await refusalOf(credentials, { authorization: `Bearer ${token}` })).toMatchObject({
      code: 'PGRST301',
    });
  });

  test('may be base64, in either alphabet, with padding or without', async () => {
    const secret = Buffer.from([...randomBytes(32), 0xfb, 0xff]);
    const token = await signToken(secret, { role: 'author' });
    const base64 = secret.toString('base64');
    const forms = [base64, secret.toString('base64url'), base64.replaceAll('=', '.'), ` ${base64}\n`];
    for (const text of forms)
      expect(await withToken(create({ keys: { kind: 'base64', text } }), token)).toMatchObject({
        role: 'author',
      });
    expect(() => create({ keys: { kind: 'base64', text: 'no base-64!' } })).toThrow(
      'The JWT secret is not base64.',
    );
  });

  test('may be a JWK in base64', async () => {
    const text = encode(jwkOf(ed));
    const credentials = create({ keys: { kind: 'base64', text } });
    expect(await withToken(credentials, await sign('EdDSA', ed))).toMatchObject({ role: 'author' });
  });

  test('that are short are refused when the server starts', () => {
    const keys = { kind: 'text', text: 'x'.repeat(31) } as const;
    expect(() => create({ keys })).toThrow('The JWT secret must be at least 32 characters long. It has 31');
    expect(() => create({ keys, allowShortSecret: true })).not.toThrow();
  });
});

describe('the header apikey', () => {
  test('holds the token where there is no other', async () => {
    const apikey = await makeKey(SECRET, 'service_role', { issuedAt: NOW });
    const identity = await identify(create(), { apikey });
    expect(identity).toMatchObject({ role: 'service_role', source: 'key', expires: NOW + 3650 * 86400 });
    expect(await identify(create(), { apikey, authorization: 'Basic YTpi' })).toMatchObject({
      source: 'key',
    });
  });

  test('only opens the gate where there is a token: that one counts', async () => {
    const apikey = await makeKey(SECRET, 'anon', { issuedAt: NOW });
    const token = await signToken(SECRET, { role: 'author' });
    const credentials = create();
    const shown = { apikey, authorization: `Bearer ${token}` };
    expect(await identify(credentials, shown)).toMatchObject({ role: 'author', source: 'token' });
    expect(await refusalOf(credentials, { apikey, authorization: 'Bearer a.b.c' })).toMatchObject({
      code: 'PGRST301',
    });
  });

  test('is what was shown even where it stands in both', async () => {
    const apikey = await makeKey(SECRET, 'anon', { issuedAt: NOW });
    const credentials = create();
    expect(await identify(credentials, { apikey, authorization: `Bearer ${apikey}` })).toMatchObject({
      source: 'key',
    });
    expect(await identify(credentials, { authorization: `Bearer ${apikey}` })).toMatchObject({
      source: 'token',
    });
  });

  test('is refused where it is empty', async () => {
    expect(await refusalOf(create(), { apikey: '' })).toMatchObject({
      code: 'PGRST301',
      message: 'Empty key is sent in apikey header',
    });
  });
});

describe('a token that was verified', () => {
  test('is known the next time, at once', async () => {
    const credentials = create();
    const shown = { authorization: `Bearer ${await signToken(SECRET, { role: 'author' })}` };
    const pending = credentials.identify(shown);
    expect(pending).toBeInstanceOf(Promise);
    expect(credentials.identify(shown)).toBeInstanceOf(Promise);
    const identity = await pending;
    await credentials.identify(shown);
    expect(credentials.identify(shown)).toEqual(identity);
  });

  test('is held against the clock at every use', async () => {
    let now = NOW;
    const credentials = create({ clock: () => now * 1000 + 999 });
    const claims = { role: 'author', exp: NOW + 60, nbf: NOW - 60, iat: NOW };
    const shown = { authorization: `Bearer ${await signToken(SECRET, claims)}` };
    await credentials.identify(shown);

    now = NOW + 90;
    expect(credentials.identify(shown)).toMatchObject({ role: 'author' });
    now = NOW - 31;
    expect(() => credentials.identify(shown)).toThrow('JWT issued at future');
    now = NOW - 91;
    expect(() => credentials.identify(shown)).toThrow('JWT not yet valid');
    now = NOW + 91;
    expect(() => credentials.identify(shown)).toThrow(Refusal);
    await expect(identify(credentials, shown)).rejects.toThrow('JWT expired');
  });

  test('is forgotten where there are too many, and verified again', async () => {
    const credentials = create({ maxEntries: 2 });
    const shown = await Promise.all(
      [1, 2, 3].map(async (sub) => ({ authorization: `Bearer ${await signToken(SECRET, { sub })}` })),
    );
    for (const one of shown) await credentials.identify(one);
    const known = shown.map((one) => credentials.identify(one) instanceof Promise);
    expect(known).toEqual([true, false, false]);
    expect(await credentials.identify(shown[0]!)).toMatchObject({ claims: '{"sub":1,"role":"anon"}' });
  });

  test('is not remembered where nothing shall be', async () => {
    const credentials = create({ maxEntries: 0 });
    const shown = { authorization: `Bearer ${await signToken(SECRET, {})}` };
    await credentials.identify(shown);
    expect(credentials.identify(shown)).toBeInstanceOf(Promise);
  });
});

describe('settings', () => {
  test('with the older syntax of the role claim are warned of', () => {
    const observed: Observation[] = [];
    const observe = (observation: Observation) => observed.push(observation);
    create({ roleClaim: '$.role', observe });
    create({ roleClaim: '.role', observe });
    expect(observed).toMatchObject([{ name: 'credentials.legacy-role-claim', level: 'warn' }]);
  });

  test('with a path that is none are refused', () => {
    expect(() => create({ roleClaim: 'role' })).toThrow('failed to parse role-claim-key value (role)');
  });
});
