import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Observation, Refusal } from '../base/index.ts';
import { type Credentials, createCredentials } from './credentials.ts';

type Signer = { readonly kid: string; readonly privateKey: KeyObject; readonly jwk: object };

const makeSigner = (kid: string): Signer => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' } };
};

const tokenOf = ({ kid, privateKey }: Signer): Promise<string> =>
  new SignJWT({ role: 'author' }).setProtectedHeader({ alg: 'EdDSA', kid }).sign(privateKey);

const MINUTE = 60_000;
const first = makeSigner('first');
const second = makeSigner('second');

describe('keys at an address', () => {
  let server: Server;
  let url: string;
  let served: { status: number; body: string };
  let asked: number;
  let now: number;
  let observed: Observation[];
  let credentials: Credentials;

  const serve = (...signers: readonly Signer[]) => {
    served = { status: 200, body: JSON.stringify({ keys: signers.map(({ jwk }) => jwk) }) };
  };
  const identify = async (token: string) =>
    (await credentials.identify({ authorization: `Bearer ${token}` })).role;
  const refusal = async (token: string) => {
    const error = await identify(token).catch((reason: Refusal) => reason);
    if (typeof error === 'string') throw new Error('The token was accepted.');
    return error.problem;
  };

  beforeAll(async () => {
    server = createServer((_, response) => {
      asked++;
      response.writeHead(served.status, { 'content-type': 'application/json', location: '/other' });
      response.end(served.body);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = 0;
    now = 1_800_000_000_000;
    observed = [];
    serve(first);
    credentials = createCredentials({
      keys: { kind: 'url', url },
      anonymousRole: 'anon',
      clock: () => now,
      observe: (observation) => observed.push(observation),
    });
  });

  test('are fetched once, when the first token comes', async () => {
    const token = await tokenOf(first);
    expect(asked).toBe(0);
    expect(await Promise.all([identify(token), identify(token), identify(token)])).toEqual(
      Array(3).fill('author'),
    );
    now += 5 * MINUTE;
    await identify(token);
    expect(asked).toBe(1);
    expect(observed.map(({ name }) => name)).toEqual(['credentials.keys-fetched']);
  });

  test('are fetched again for a token with an unknown key', async () => {
    await identify(await tokenOf(first));
    serve(first, second);
    now += MINUTE;
    expect(await identify(await tokenOf(second))).toBe('author');
    expect(asked).toBe(2);
  });

  test('are not fetched for every unknown key, as those cost nothing to make up', async () => {
    await identify(await tokenOf(first));
    for (let i = 0; i < 5; i++) {
      expect(await refusal(await tokenOf(makeSigner(`made up ${i}`)))).toMatchObject({
        code: 'PGRST301',
        details: 'No suitable key was found to decode the JWT',
      });
      now += 1000;
    }
    expect(asked).toBe(1);
  });

  test('stay good while the address fails', async () => {
    const token = await tokenOf(first);
    await identify(token);
    served = { status: 503, body: '' };
    now += 11 * MINUTE;
    expect(await identify(token)).toBe('author');
    expect(await refusal(await tokenOf(second))).toMatchObject({ code: 'PGRST301' });
    expect(await identify(token)).toBe('author');
    expect(observed.at(-1)).toMatchObject({ name: 'credentials.keys-not-fetched', level: 'warn' });
  });

  test('that have grown old are fetched anew, while requests go on', async () => {
    const token = await tokenOf(first);
    await identify(token);
    serve(first, second);
    now += 11 * MINUTE;
    expect(credentials.identify({ authorization: `Bearer ${token}` })).not.toBeInstanceOf(Promise);
    await expect.poll(() => observed.length).toBe(2);
    expect(await identify(await tokenOf(second))).toBe('author');
    expect(asked).toBe(2);
  });

  test('that are withdrawn end the tokens they signed, known ones too', async () => {
    const token = await tokenOf(first);
    await identify(token);
    serve(second);
    now += 11 * MINUTE;
    await identify(token);
    await expect.poll(() => observed.length).toBe(2);
    expect(await refusal(token)).toMatchObject({ code: 'PGRST301' });
  });

  test.each([
    ['an error', { status: 500, body: '' }],
    ['a page', { status: 200, body: '<html>' }],
    ['another place', { status: 302, body: '' }],
    ['no usable key', { status: 200, body: '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}' }],
  ])('that never came (%s) are an error of the server, not of the token', async (_, answer) => {
    served = answer;
    const token = await tokenOf(first);
    expect(await refusal(token)).toMatchObject({ code: 'PGRST300', status: 500 });
    await refusal(token);
    expect(asked).toBe(1);

    serve(first);
    now += 6_000;
    expect(await identify(token)).toBe('author');
  });

  test('tell the reason of a failure to the log and not to the client', async () => {
    credentials = createCredentials({
      keys: { kind: 'url', url: 'http://127.0.0.1:9/jwks?code=do-not-show' },
      anonymousRole: 'anon',
      observe: (observation) => observed.push(observation),
    });
    const { details } = await refusal(await tokenOf(first));
    expect(details).toBe('The keys could not be fetched. The server log has the reason.');
    expect(observed[0]?.message).toContain('http://127.0.0.1:9/jwks');
    expect(observed[0]?.message).not.toContain('do-not-show');
  });

  test('are refused from an address that is none', () => {
    const create = (url: string) => () =>
      createCredentials({ keys: { kind: 'url', url }, anonymousRole: undefined });
    expect(create('file:///etc/keys')).toThrow('The address of the JWK set is not an https: URL.');
    expect(create('jwks')).toThrow('The address of the JWK set is not an https: URL.');
    expect(create('https://a:b@keys.example/')).toThrow('The address of the JWK set holds a password');
  });

  test('that come unencrypted from afar are warned of', () => {
    createCredentials({
      keys: { kind: 'url', url: 'http://keys.example/jwks' },
      anonymousRole: undefined,
      observe: (observation) => observed.push(observation),
    });
    expect(observed).toMatchObject([{ name: 'credentials.keys-in-the-clear', level: 'warn' }]);
  });
});
