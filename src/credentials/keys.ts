import { createPublicKey, createSecretKey, type KeyObject, type webcrypto } from 'node:crypto';
import { ALGORITHMS, type Algorithm, isAlgorithm, SECRET_ALGORITHMS } from './algorithm.ts';
import { readBase64url } from './base64url.ts';
import { UnusableSetting } from './unusable-setting.ts';

/** A key that tokens can be verified with. */
export type Key = {
  /** Its name, which a token's header may give. */
  readonly id: string | undefined;
  /** The key in the form of each algorithm that it is for, and no other. */
  readonly forms: ReadonlyMap<Algorithm, KeyObject | webcrypto.CryptoKey>;
};

export type KeyRules = {
  /** The algorithms that are accepted; undefined: those that the keys are for. */
  readonly algorithms: readonly Algorithm[] | undefined;
  readonly allowShortSecret: boolean;
  /** Whether secrets are accepted; a set of keys that everyone can read has none. */
  readonly allowSecrets: boolean;
};

/** As many bytes as the hash of HS256 gives (RFC 7518 section 3.2). */
const SECRET_BYTES = 32;

/** Fewer can be factored, and are refused by whoever verifies (RFC 7518 section 3.3). */
const RSA_BITS = 2048;

const unusable = (message: string, cause?: unknown): UnusableSetting =>
  new UnusableSetting('keys', message, cause);

const allowed = (rules: KeyRules, candidates: readonly Algorithm[]): readonly Algorithm[] =>
  candidates.filter((algorithm) => rules.algorithms?.includes(algorithm) ?? true);

const secretKey = (
  id: string | undefined,
  bytes: Uint8Array,
  algorithms: readonly Algorithm[],
  rules: KeyRules,
): Key => {
  if (bytes.length < SECRET_BYTES && !rules.allowShortSecret)
    throw unusable(
      `The JWT secret must be at least ${SECRET_BYTES} characters long. It has ${bytes.length}, and a short one can be guessed from any token. Make one with: openssl rand -base64 48`,
    );
  const secret = createSecretKey(bytes);
  const form = (algorithm: Algorithm): webcrypto.CryptoKey =>
    secret.toCryptoKey({ name: 'HMAC', hash: `SHA-${algorithm.slice(2)}` }, false, ['verify']);
  return { id, forms: new Map(algorithms.map((algorithm) => [algorithm, form(algorithm)])) };
};

const publicKey = (
  id: string | undefined,
  members: webcrypto.JsonWebKey,
  algorithms: readonly Algorithm[],
  place: string,
): Key => {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: members, format: 'jwk' });
  } catch {
    // The cause could quote the key.
    throw unusable(`${place} is not a valid ${members.kty} key: a parameter is missing or malformed.`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < RSA_BITS)
    throw unusable(`${place} is an RSA key of ${bits} bits. Use one of ${RSA_BITS} bits or more.`);
  return { id, forms: new Map(algorithms.map((algorithm) => [algorithm, key])) };
};

const CURVES: { readonly [curve: string]: Algorithm } = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
};

type Members = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What keys of this type can sign, whatever they say of themselves. */
const algorithmsOf = ({ kty, crv }: Members): readonly Algorithm[] => {
  switch (kty) {
    case 'oct':
      return SECRET_ALGORITHMS;
    case 'RSA':
      return ALGORITHMS.filter((name) => name.startsWith('RS') || name.startsWith('PS'));
    case 'EC':
    case 'OKP': {
      const algorithm = typeof crv === 'string' ? CURVES[crv] : undefined;
      return algorithm === undefined ? [] : [algorithm];
    }
    default:
      return [];
  }
};

/** The members that make the public key; private ones and hints for other uses are left out. */
const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'];

/** The key that a JWK stands for; undefined where it is for something that is not our business. */
const readJwk = (jwk: unknown, place: string, rules: KeyRules): Key | undefined => {
  if (!isObject(jwk)) throw unusable(`${place} is not a JSON object.`);
  const { kty, use, alg, kid, k } = jwk;
  if (typeof kty !== 'string') throw unusable(`${place} has no key type ("kty").`);
  if (kid !== undefined && typeof kid !== 'string') throw unusable(`${place} has a "kid" that is no text.`);
  if (use === 'enc' || (alg !== undefined && !isAlgorithm(alg))) return undefined;
  const candidates = algorithmsOf(jwk).filter((name) => alg === undefined || alg === name);
  const algorithms = allowed(rules, candidates);
  if (algorithms.length === 0) return undefined;
  if (kty !== 'oct') {
    const members = PUBLIC_MEMBERS.filter((name) => jwk[name] !== undefined);
    return publicKey(kid, Object.fromEntries(members.map((name) => [name, jwk[name]])), algorithms, place);
  }
  if (!rules.allowSecrets) return undefined;
  const bytes = typeof k === 'string' ? readBase64url(k) : undefined;
  if (bytes === undefined) throw unusable(`${place} has no secret ("k") in base64url.`);
  return secretKey(kid, bytes, algorithms, rules);
};

const readSet = (jwks: readonly unknown[], rules: KeyRules): readonly Key[] =>
  jwks.flatMap((jwk, i) => readJwk(jwk, `Key ${i + 1} of the JWK set`, rules) ?? []);

const parseObject = (bytes: Uint8Array): Members | undefined => {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const requireSome = (keys: readonly Key[]): readonly Key[] => {
  if (keys.length > 0) return keys;
  throw unusable(
    `None of the keys can verify tokens. Wanted is a JWK of type oct, RSA, EC or OKP for one of the accepted algorithms, and not for encryption ("use": "enc").`,
  );
};

/**
 * The keys in a secret, a JWK or a JWK set. A plain secret is for HS256, unless the accepted algorithms
 * say otherwise; keys of unknown types and for unknown algorithms are passed over.
 *
 * @throws UnusableSetting where a key is malformed or weak, or none is left
 */
export const readKeys = (bytes: Uint8Array, rules: KeyRules): readonly Key[] => {
  const object = parseObject(bytes);
  if (object === undefined) {
    const algorithms = allowed(rules, rules.algorithms ? SECRET_ALGORITHMS : ['HS256']);
    return algorithms.length === 0 ? requireSome([]) : [secretKey(undefined, bytes, algorithms, rules)];
  }
  if (Array.isArray(object.keys)) return requireSome(readSet(object.keys, rules));
  return requireSome([readJwk(object, 'The JWK', rules) ?? []].flat());
};

/** The keys of a JWK set that anyone can read; throws for anything else. */
export const readPublicSet = (text: string, rules: KeyRules): readonly Key[] => {
  const object = parseObject(Buffer.from(text));
  if (!Array.isArray(object?.keys)) throw unusable('There is no JWK set: {"keys": […]} was expected.');
  return requireSome(readSet(object.keys, rules));
};
