import { Agent, request } from 'node:http';

/** How a request ended, as its client sees it. */
export type Ending =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly body: string;
    }
  /** No one took the connection, so nothing can have come of it. */
  | { readonly kind: 'refused' }
  /** The connection broke before the answer was complete. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** A connection that was kept was closed before anything of the answer came: it may have been idle too long. */
  | { readonly kind: 'closed' }
  /** No answer for longer than any may take. */
  | { readonly kind: 'hanging' };

/** A client with one connection, which it keeps. */
export type Client = {
  readonly ask: (
    method: string,
    path: string,
    body?: unknown,
    headers?: { readonly [name: string]: string },
  ) => Promise<Ending>;
  readonly close: () => void;
};

/**
 * A connection on which the last request was sent longer ago is not used again. A server that ends closes idle
 * connections after a while, so clients that keep them for long meet the very moment in which they are closed (RFC
 * 9112, section 9.3.1). Counted from its sending, as this process itself may have been held up since. Well below the time
 * after which idle ones are closed, and not so short that a busy machine makes each request open one: the system
 * resets whoever it has let in and the server has not yet accepted when it closes its door, and that moment is as long as
 * the server may lose its core in it.
 */
const freshMs = 500;
/** Longer than the longest that a server may let a request wait. */
const hangingMs = 25_000;

/** @param root where the API answers: `http://127.0.0.1:4000/rest/v1` */
export const openClient = (root: string): Client => {
  const openAgent = (): Agent => new Agent({ keepAlive: true, maxSockets: 1 });
  let agent = openAgent();
  let sentAt = 0;
  const { hostname, port, pathname } = new URL(root);
  const ask: Client['ask'] = (method, path, body, more = {}) => {
    const now = performance.now();
    if (now - sentAt > freshMs) {
      agent.destroy();
      agent = openAgent();
    }
    sentAt = now;
    return send(method, path, body, more);
  };
  const send = (...[method, path, body, more]: Parameters<Client['ask']>): Promise<Ending> =>
    new Promise((resolve) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers =
        text === undefined
          ? more
          : { ...more, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
      const sent = request(
        { agent, hostname, port, method, path: `${pathname.replace(/\/$/, '')}${path}`, headers },
        (response) => {
          let answer = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            answer += chunk;
          });
          response.on('end', () => {
            if (!response.complete) return resolve({ kind: 'broken', reason: 'in the middle of an answer' });
            resolve({
              kind: 'answered',
              status: response.statusCode ?? 0,
              retryAfter: response.headers['retry-after'],
              body: answer,
            });
          });
          response.on('error', (error) => resolve({ kind: 'broken', reason: error.message }));
        },
      );
      sent.setTimeout(hangingMs, () => {
        resolve({ kind: 'hanging' });
        sent.destroy();
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') resolve({ kind: 'refused' });
        else if (sent.reusedSocket) resolve({ kind: 'closed' });
        else {
          const after = Math.round(performance.now() - sentAt);
          resolve({ kind: 'broken', reason: `${error.message}, ${after} ms after a connection was begun` });
        }
      });
      sent.end(text);
    });
  return { ask, close: () => agent.destroy() };
};
