import { compactVerify, errors } from 'jose';
import { type Algorithm, isAlgorithm } from './algorithm.ts';
import { readBase64url } from './base64url.ts';
import type { KeyRing } from './key-ring.ts';
import type { Key } from './keys.ts';
import { undecodable } from './refusals.ts';

/** What the header of a token says of how it was signed. */
type Header = {
  readonly algorithm: Algorithm;
  /** The name of the key; undefined: any. */
  readonly keyId: string | undefined;
};

const isOptionalText = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === 'string';

const malformed = () => undecodable('JWT cryptographic operation failed');

const noKey = (details: string) => undecodable('No suitable key or wrong key type', details);

const parseObject = (bytes: Uint8Array): { readonly [name: string]: unknown } => {
  try {
    const value: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    );
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below, with all else that is not an object.
  }
  throw malformed();
};

const readHeader = (bytes: Uint8Array): Header => {
  const { alg, kid, typ, cty, enc, crit } = parseObject(bytes);
  if (alg === 'none')
    throw undecodable(
      'Wrong or unsupported encoding algorithm',
      "JWT is unsecured but expected 'alg' was not 'none'",
    );
  const described = isOptionalText(kid) && isOptionalText(typ) && isOptionalText(cty);
  if (!isAlgorithm(alg) || enc !== undefined || !described) throw malformed();
  // Whoever does not understand what is critical must refuse (RFC 7515 section 4.1.11), and we know none.
  if (crit !== undefined)
    throw undecodable(
      "JWT couldn't be decoded",
      'The header of the JWT has critical extensions ("crit"), and none are understood here',
    );
  return { algorithm: alg, keyId: typeof kid === 'string' ? kid : undefined };
};

const findKeys = (keys: readonly Key[], { algorithm, keyId }: Header): readonly Key[] =>
  keys.filter((key) => key.forms.has(algorithm) && (keyId === undefined || keyId === key.id));

const isSignedBy = async (token: string, algorithm: Algorithm, key: Key): Promise<boolean> => {
  const form = key.forms.get(algorithm);
  if (form === undefined) return false;
  try {
    await compactVerify(token, form, { algorithms: [algorithm] });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
};

/** The three parts of a token (RFC 7515 section 7.1). */
const splitToken = (token: string): readonly [header: string, payload: string, signature: string] => {
  const [header, payload, signature, ...others] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || others.length > 0)
    throw undecodable(`Expected 3 parts in JWT; got ${token.split('.').length}`);
  return [header, payload, signature];
};

/**
 * Verifies who signed a token and gives the bytes of its payload, of which nothing is said yet.
 *
 * @throws Refusal PGRST301 where it is malformed or no key at hand has signed it
 */
export const verifyToken = async (token: string, ring: KeyRing): Promise<Buffer> => {
  const [first, second, third] = splitToken(token);
  const headerBytes = readBase64url(first);
  if (headerBytes === undefined) throw malformed();
  const header = readHeader(headerBytes);
  const payload = readBase64url(second);
  if (payload === undefined || readBase64url(third) === undefined) throw malformed();

  const known = findKeys(await ring.get(), header);
  const keys = known.length > 0 ? known : findKeys(await ring.renew(), header);
  if (keys.length === 0) throw noKey('No suitable key was found to decode the JWT');
  for (const key of keys) {
    if (await isSignedBy(token, header.algorithm, key)) return payload;
  }
  throw noKey('None of the keys was able to decode the JWT');
};
