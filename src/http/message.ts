import type { CancelSignal, Problem } from '../base/index.ts';

/** Header names in lower case; several headers of one name are joined as RFC 9110, section 5.3, says. */
export type RequestHeaders = { readonly [name: string]: string | undefined };

export type HttpRequest = {
  readonly method: string;
  /** As it came: percent-encoded, without the query. */
  readonly path: string;
  /** As it came, without `?`; empty if there is none. */
  readonly query: string;
  readonly headers: RequestHeaders;
  /** By which the request is known in logs; undefined: it has none. */
  readonly id?: string | undefined;
  /**
   * Reads the whole body, once. Rejects with a Refusal if it has more bytes than `max`, or comes too slowly.
   *
   * @param max default: what the server takes
   */
  readonly body: (max?: number) => Promise<Buffer>;
  /** Aborted when the client has left. */
  readonly signal: CancelSignal;
};

/** The same request, once its body has been read: it can be read again. */
export const withBody = (request: HttpRequest, bytes: Buffer): HttpRequest => ({
  method: request.method,
  path: request.path,
  query: request.query,
  headers: request.headers,
  id: request.id,
  body: async () => bytes,
  get signal() {
    return request.signal;
  },
});

export type Header = readonly [name: string, value: string];

/**
 * Takes the bytes of a body; a promise means that the client is slow. `release` gives their memory back at once
 * instead of leaving it to the collector: whoever has sent them may call it, after which the bytes are gone.
 */
export type BodySink = (chunk: Buffer, release: () => void) => void | Promise<void>;

export type HttpBody =
  | Buffer
  /** A body that comes bit by bit; if `pump` fails, the connection is broken off, as the head is gone. */
  | { readonly pump: (sink: BodySink) => Promise<void> };

export type HttpResponse = {
  readonly status: number;
  /** Reason phrase, where it is not the status' own. */
  readonly statusText?: string | undefined;
  readonly headers: readonly Header[];
  readonly body: HttpBody | undefined;
  /** The error that it tells, for those who would rather have it in another form. */
  readonly problem?: Problem;
  /** The database role that was asked, for the log. */
  readonly role?: string;
};

/** Answers a request. */
export type Handle = (request: HttpRequest) => Promise<HttpResponse>;

/** What is served below a path. */
export type Route = {
  /** Without a slash at its end; empty for all. */
  readonly prefix: string;
  readonly handle: Handle;
  /** Pages for people: scripts of other sites may not read them, whatever the CORS policy. */
  readonly sameOrigin?: true;
  /** Answered also when there is too much to do: whether the server is well, say. */
  readonly vital?: true;
};

/** The route with the longest prefix that the path lies below. */
export const findRoute = (routes: readonly Route[], path: string): Route | undefined => {
  let found: Route | undefined;
  for (const route of routes) {
    const { prefix } = route;
    const below = path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/');
    if ((below || prefix === '') && (found === undefined || prefix.length > found.prefix.length))
      found = route;
  }
  return found;
};

/** Percent-decodes one segment of a path; what is malformed stays as it is. */
export const decodeSegment = (segment: string): string => {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** A response of JSON text. */
export const jsonResponse = (
  status: number,
  json: string,
  headers: readonly Header[] = [],
  contentType = 'application/json; charset=utf-8',
): HttpResponse => {
  const body = Buffer.from(json);
  return {
    status,
    headers: [['Content-Type', contentType], ['Content-Length', String(body.length)], ...headers],
    body,
  };
};
