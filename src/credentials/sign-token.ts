import { SignJWT } from 'jose';
import type { Json } from '../base/index.ts';

/**
 * Signs claims with a secret (HS256).
 *
 * @param secret text (its UTF-8 bytes) or bytes; the one that the server verifies with
 * @example await signToken(secret, { role: 'author', sub: '7', exp: 1893456000 })
 */
export const signToken = (
  secret: string | Uint8Array,
  claims: { readonly [name: string]: Json },
): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(typeof secret === 'string' ? Buffer.from(secret) : secret);

export type KeyOptions = {
  /** Seconds since 1970; the same moment gives the same key. Default: now. */
  readonly issuedAt?: number;
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
  { issuedAt = Math.floor(Date.now() / 1000) }: KeyOptions = {},
): Promise<string> => signToken(secret, { iss: 'ashlar', role, iat: issuedAt, exp: issuedAt + TEN_YEARS });
