/**
 * How long it takes to tell who asks: `node bench/credentials.ts`.
 * Prints microseconds a request, the best of several rounds: for a token that is known, for one of
 * many that are known, for none, and for one that has to be verified.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { createCredentials, signToken } from '../src/credentials/index.ts';

const SECRET = 'a secret of thirty-two characters';
const claims = (sub: number) => ({
  iss: 'https://auth.example',
  sub: `8f14e45f-ceea-467f-a9d2-${String(sub).padStart(12, '0')}`,
  aud: 'authenticated',
  exp: Math.floor(Date.now() / 1000) + 3600,
  iat: Math.floor(Date.now() / 1000),
  email: `person-${sub}@example.org`,
  app_metadata: { provider: 'email', providers: ['email'] },
  role: 'authenticated',
  session_id: '1679091c-5a88-4faf-b5e1-01af3c0b2f5a',
});

const settings = { keys: { kind: 'text', text: SECRET }, anonymousRole: 'anon' } as const;
const credentials = createCredentials(settings);

/** A header as it comes from a socket: made anew, its hash not yet known. */
const arrive = (bytes: Buffer): string => bytes.toString('latin1');

const headers = await Promise.all(
  Array.from({ length: 500 }, async (_, i) => Buffer.from(`Bearer ${await signToken(SECRET, claims(i))}`)),
);
for (const header of headers) await credentials.identify({ authorization: arrive(header) });

const ROUNDS = 200;

const report = (what: string, best: number): void => console.log(`${what}: ${best.toFixed(3)} µs`);

/** Least microseconds for one of the pieces of work, over several rounds. */
const measure = (pieces: number, work: () => void): number => {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    work();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1000 / pieces);
  }
  return best;
};

/** With the headers made anew each time, less what making them takes. */
const measureArrivals = (arriving: readonly Buffer[]): number => {
  let kept = '';
  const making = measure(arriving.length, () => {
    for (const bytes of arriving) kept = arrive(bytes);
  });
  const both = measure(arriving.length, () => {
    for (const bytes of arriving) {
      kept = arrive(bytes);
      credentials.identify({ authorization: kept });
    }
  });
  if (credentials.identify({ authorization: kept }) instanceof Promise)
    throw new Error('The benchmark measures tokens that are not known.');
  return both - making;
};

const [one] = headers;
if (one === undefined) throw new Error('There is no token.');
const header = arrive(one);
report(
  `one known token of ${one.length - 7} characters, in one string`,
  measure(500, () => {
    for (let i = 0; i < 500; i++) credentials.identify({ authorization: header });
  }),
);
report('the same, in a string that has just arrived', measureArrivals(Array(500).fill(one)));
report('one of 500 known tokens, in a string that has just arrived', measureArrivals(headers));
report(
  'no token',
  measure(500, () => {
    for (let i = 0; i < 500; i++) credentials.identify({});
  }),
);

/** Least microseconds to verify the token for the first time, one after the other. */
const measureVerifying = async (token: string, keys: object): Promise<number> => {
  const forgetful = createCredentials({
    ...settings,
    keys: { kind: 'text', text: JSON.stringify(keys) },
    maxEntries: 0,
  });
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 20; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 100; i++) await forgetful.identify({ authorization: `Bearer ${token}` });
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 100_000);
  }
  return best;
};

const sign = (alg: string, key: KeyObject): Promise<string> =>
  new SignJWT(claims(1)).setProtectedHeader({ alg }).sign(key);

const oct = { kty: 'oct', k: Buffer.from(SECRET).toString('base64url') };
report('to verify HS256', await measureVerifying(await signToken(SECRET, claims(1)), oct));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsaJwk = rsa.publicKey.export({ format: 'jwk' });
report('to verify RS256', await measureVerifying(await sign('RS256', rsa.privateKey), rsaJwk));
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ecJwk = ec.publicKey.export({ format: 'jwk' });
report('to verify ES256', await measureVerifying(await sign('ES256', ec.privateKey), ecJwk));
