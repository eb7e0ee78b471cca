import type { Finding } from '../../base/index.ts';
import type { StartContext } from './start-check.ts';

/** Secrets that stand in the documentation and the examples of well-known programs, where everybody can read them. */
const published: ReadonlySet<string> = new Set([
  'super-secret-jwt-token-with-at-least-32-characters-long',
  'your-super-secret-jwt-token-with-at-least-32-characters-long',
  'reallyreallyreallyreallyverysafe',
  'a-string-secret-at-least-256-bits-long',
  'your-256-bit-secret',
  'your-super-secret-jwt-token',
]);

/** As many bytes as the hash of HS256 gives (RFC 7518, section 3.2). */
const fewestBytes = 32;
/** Fewer different characters are a pattern, not a secret. */
const fewestCharacters = 8;

/** What is wrong with a secret; undefined: nothing that can be seen. */
export const faultOfSecret = (secret: Buffer): string | undefined => {
  if (published.has(secret.toString('utf8').trim()))
    return 'The secret of the tokens (jwtSecret) is one that stands in a published example: everybody can sign tokens with it, also for service_role.';
  if (secret.length < fewestBytes)
    return `The secret of the tokens (jwtSecret) has ${secret.length} bytes. One of fewer than ${fewestBytes} can be guessed from any token.`;
  if (new Set(secret).size < fewestCharacters)
    return `The secret of the tokens (jwtSecret) repeats a few characters, so it can be guessed from any token.`;
  return undefined;
};

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null;

/** The secrets in a text: those of its keys, where it is JSON of one (RFC 7517), else the text itself. */
const secretsIn = (text: string): readonly Buffer[] => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [Buffer.from(text.trim())];
  }
  if (!isObject(json)) return [Buffer.from(text.trim())];
  const keys: readonly unknown[] = Array.isArray(json.keys) ? json.keys : [json];
  return keys.flatMap((key) =>
    isObject(key) && key.kty === 'oct' && typeof key.k === 'string' ? [Buffer.from(key.k, 'base64url')] : [],
  );
};

/** Refuses a secret that others know or can guess. */
export const checkSecret = ({ keys: { keys } }: Pick<StartContext, 'keys'>): readonly Finding[] => {
  const secrets = keys.kind === 'text' ? secretsIn(keys.text) : [];
  const fault = secrets.map(faultOfSecret).find((found) => found !== undefined);
  if (fault === undefined) return [];
  return [
    {
      id: 'weak-secret',
      severity: 'error',
      subject: 'jwtSecret',
      message: fault,
      remedy:
        'export ASHLAR_JWT_SECRET="$(openssl rand -base64 48)"   # keep it: tokens that were signed before no longer hold',
    },
  ];
};
