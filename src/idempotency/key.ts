import { createHash } from 'node:crypto';
import { type Identity, refuse } from '../base/index.ts';

/** Characters that a key may have at most. */
const LONGEST = 255;

/**
 * Reads `Idempotency-Key`: a string of a structured field (`"…"`), or, as most clients send it, the bare text.
 *
 * @throws ASH201
 * @example parseIdempotencyKey('"8e03978e-40d5-43dd-bc93-6894a57f9324"')
 *
 * Source: draft-ietf-httpapi-idempotency-key-header; RFC 8941, section 3.3.3
 */
export const parseIdempotencyKey = (value: string): string => {
  const text = value.trim();
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(text)?.[1];
  const key = quoted === undefined ? text : quoted.replace(/\\(["\\])/g, '$1');
  if (
    key === '' ||
    key.length > LONGEST ||
    !/^[\x20-\x7e]+$/.test(key) ||
    (quoted === undefined && key.includes('"'))
  )
    return refuse('ASH201', { details: `A key is a text of 1 to ${LONGEST} printable ASCII characters.` });
  return key;
};

/** Claims that change with every token of the same caller. */
const PASSING: ReadonlySet<string> = new Set([
  'exp',
  'iat',
  'nbf',
  'jti',
  'session_id',
  'auth_time',
  'nonce',
]);

const lasting = (claims: string): string => {
  const entries = Object.entries(JSON.parse(claims) as object).filter(([name]) => !PASSING.has(name));
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

const hash = (...parts: readonly (string | Uint8Array)[]): string => {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(`${Buffer.byteLength(part)}:`).update(part);
  return sum.digest('base64url');
};

/**
 * Whether nobody in particular asks: without a token, or with one that everybody can have, as the public key of a
 * project is (the anonymous role, and no subject).
 */
export const isNobody = ({ source, role, subject }: Identity, anonymousRole: string | undefined): boolean =>
  source === 'anonymous' || (role === anonymousRole && subject === '');

/**
 * Whose a key is: the subject's, or, where there is none, of all who have the same claims. A token that is renewed
 * between two deliveries is the same caller's.
 */
export const keyOwner = ({ role, subject, claims }: Identity): string =>
  subject === '' ? hash(role, 'claims', lasting(claims)) : hash(role, 'subject', subject);

/** What makes a request the same request: all that decides its effect and its answer. */
export const fingerprint = (
  method: string,
  target: string,
  headers: { readonly [name: string]: string | undefined },
  body: Uint8Array,
): string => {
  const telling = [
    'accept',
    'accept-profile',
    'content-profile',
    'content-type',
    'if-match',
    'if-none-match',
    'if-unmodified-since',
    'prefer',
  ];
  return hash(method, target, ...telling.map((name) => headers[name] ?? ''), body);
};
