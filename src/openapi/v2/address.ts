/** Where clients reach the API. */
export type Address = {
  readonly scheme: 'http' | 'https';
  /** Name or number, and port. */
  readonly host: string;
  readonly path: string;
};

/** Where the server listens, and below which path the API is. */
export type Listening = {
  readonly host: string;
  readonly port: number;
  /** Default: `/`. */
  readonly path?: string;
};

/** Names for "every address", which is no address to send a request to. */
const EVERY: ReadonlySet<string> = new Set(['*', '*4', '!4', '*6', '!6']);

const DEFAULT_PORTS = { http: 80, https: 443 };

/**
 * Where clients reach the API: at the proxy where there is one, else where the server listens.
 *
 * @param proxy an absolute `http:` or `https:` URL; anything else is passed over
 * @example findAddress('https://example.com/api', listening) // { scheme: 'https', host: 'example.com:443', path: '/api' }
 */
export const findAddress = (proxy: string | undefined, listening: Listening): Address => {
  const url = proxy === undefined ? null : URL.parse(proxy);
  const scheme = url?.protocol === 'https:' ? 'https' : 'http';
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    const { host, port, path = '/' } = listening;
    return { scheme, host: `${EVERY.has(host) ? '0.0.0.0' : host}:${port}`, path };
  }
  const port = url.port === '' ? DEFAULT_PORTS[scheme] : url.port;
  return { scheme, host: `${url.hostname}:${port}`, path: url.pathname };
};
