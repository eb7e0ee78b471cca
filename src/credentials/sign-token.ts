import { SignJWT } from 'jose';
import type { Json } from '../base/index.ts';
import type { SECRET_ALGORITHMS } from './algorithm.ts';

/** What a secret can sign with. */
export type SecretAlgorithm = (typeof SECRET_ALGORITHMS)[number];

/**
 * Signs claims with a secret.
 *
 * @param secret text (its UTF-8 bytes) or bytes; the one that the server verifies with
 * @param algorithm one that the server accepts
 * @example await signToken(secret, { role: 'author', sub: '7', exp: 1893456000 })
 */
export const signToken = (
  secret: string | Uint8Array,
  claims: { readonly [name: string]: Json },
  algorithm: SecretAlgorithm = 'HS256',
): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .sign(typeof secret === 'string' ? Buffer.from(secret) : secret);

export type KeyOptions = {
  /** Seconds since 1970; the same moment gives the same key. Default: now. */
  readonly issuedAt?: number;
  /** Default: HS256. */
  readonly algorithm?: SecretAlgorithm;
};

const TEN_YEARS = 3650 * 24 * 60 * 60;

/**
 * Makes a key of a project: a token for a role, good for ten years. `anon` is for browsers, where
 * anyone can read it; `service_role` is for servers.
 *
 * @example await makeKey(secret, 'anon')
 */
export const makeKey = (
  secret: string | Uint8Array,
  role: string,
  { issuedAt = Math.floor(Date.now() / 1000), algorithm = 'HS256' }: KeyOptions = {},
): Promise<string> =>
  signToken(secret, { iss: 'ashlar', role, iat: issuedAt, exp: issuedAt + TEN_YEARS }, algorithm);
