import { describe, expect, test } from 'vitest';
import { checkSecret } from './check-secret.ts';

const published = 'super-secret-jwt-token-with-at-least-32-characters-long';
const good = 'Zq3!vK9#mP2$xL7@wN4&rT8*yB5^cF1%';
const jwk = (secret: string) => ({ kty: 'oct', k: Buffer.from(secret).toString('base64url') });

const faults = (text: string) =>
  checkSecret({
    keys: {
      keys: { kind: 'text', text },
      secret: undefined,
      signing: undefined,
      anonKey: undefined,
      serviceKey: undefined,
    },
  });

describe('a secret that others know or can guess is found', () => {
  test.each([
    ['as it is', published],
    ['with white space around', `\n ${published}\t\n`],
    ['as a key', JSON.stringify(jwk(published))],
    ['as a key with white space in and around', ` ${JSON.stringify(jwk(` ${published}\n`), null, 2)}\n`],
    ['in a set of keys', JSON.stringify({ keys: [jwk(good), jwk(published)] })],
    ['where it is short, as a key', JSON.stringify(jwk('short'))],
    ['where it is short but for its space', `${'short'.padEnd(40)}`],
    ['where it repeats itself', JSON.stringify(jwk('ab'.repeat(30)))],
  ])('%s', (_how, text) => {
    expect(faults(text)).toEqual([expect.objectContaining({ id: 'weak-secret', severity: 'error' })]);
  });

  test.each([
    ['a secret', good],
    ['a key', JSON.stringify(jwk(good))],
    ['a public key', '{"kty":"RSA","n":"x","e":"AQAB"}'],
    ['digits', '31415926535897932384626433832795'],
  ])('and no other: %s', (_what, text) => {
    expect(faults(text)).toEqual([]);
  });
});
