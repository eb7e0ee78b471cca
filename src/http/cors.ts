import type { Header, HttpRequest, HttpResponse } from './message.ts';

/** Origins that may read answers; empty: all. */
export type CorsPolicy = {
  readonly origins: readonly string[];
  /** Headers that scripts may read beside those that they always may. */
  readonly exposed?: readonly string[];
};

const METHODS = 'GET, POST, PATCH, PUT, DELETE, OPTIONS, HEAD';
const EXPOSED =
  'Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location, Server, Transfer-Encoding, Range-Unit';
/** Headers that need no leave (the Fetch standard's safelist), listed so that clients see them. */
const SAFELISTED = ['Accept', 'Accept-Language', 'Content-Language'];
/** How long a browser may remember the answer to a preflight, in seconds. */
const MAX_AGE = 86_400;

/** Who may read the answer; undefined if this origin may not. */
const allowOrigin = (policy: CorsPolicy, origin: string): readonly Header[] | undefined => {
  if (policy.origins.length === 0) return [['Access-Control-Allow-Origin', '*']];
  if (!policy.origins.includes(origin)) return undefined;
  return [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Credentials', 'true'],
  ];
};

/**
 * The answer to a preflight request, or undefined if the request is none (the Fetch standard, "CORS
 * protocol").
 */
export const answerPreflight = (policy: CorsPolicy, request: HttpRequest): HttpResponse | undefined => {
  const { headers } = request;
  const { origin } = headers;
  if (request.method !== 'OPTIONS' || origin === undefined) return undefined;
  if (headers['access-control-request-method'] === undefined) return undefined;
  const allowed = allowOrigin(policy, origin);
  if (allowed === undefined) return undefined;
  const asked = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return {
    status: 200,
    headers: [
      ...allowed,
      ['Access-Control-Allow-Methods', METHODS],
      ['Access-Control-Allow-Headers', ['Authorization', ...asked, ...SAFELISTED].join(', ')],
      ['Access-Control-Max-Age', String(MAX_AGE)],
      ['Content-Length', '0'],
    ],
    body: undefined,
  };
};

/** What a browser has to be told on an answer to another origin. */
export const corsHeaders = (policy: CorsPolicy, request: HttpRequest): readonly Header[] => {
  const { origin } = request.headers;
  // Where the answer depends on the origin, a cache must know, even of one that came without (the Fetch
  // standard, "CORS protocol and HTTP caches").
  const varies: readonly Header[] = policy.origins.length === 0 ? [] : [['Vary', 'Origin']];
  const allowed = origin === undefined ? undefined : allowOrigin(policy, origin);
  return allowed === undefined
    ? varies
    : [
        ...varies,
        ...allowed,
        ['Access-Control-Expose-Headers', [EXPOSED, ...(policy.exposed ?? [])].join(', ')],
      ];
};
