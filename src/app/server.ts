import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, ListenOptions as SocketOptions } from 'node:net';
import { problem, refuse } from '../base/index.ts';
import {
  answerPreflight,
  type CorsPolicy,
  corsHeaders,
  findRoute,
  type Header,
  type HttpRequest,
  type HttpResponse,
  problemResponse,
  type RequestHeaders,
  type Route,
} from '../http/index.ts';

/** A request that was answered, for the log. */
export type Answered = {
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  readonly httpVersion: string;
  readonly headers: RequestHeaders;
  /** The client's address; undefined on a unix socket. */
  readonly remoteAddress: string | undefined;
  readonly status: number;
  /** Length of the body in bytes; undefined: it was not known when it began. */
  readonly length: number | undefined;
};

export type ListenOptions = {
  /** An address or a name; undefined: all, of IPv4 and IPv6. */
  readonly host: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** A unix socket instead of host and port; what is there under its name is replaced. */
  readonly socket?: { readonly path: string; readonly mode: number };
  /** Whether several servers may listen on one port. */
  readonly reusePort?: boolean;
  /** Looked at anew for each request. */
  readonly routes: readonly Route[];
  /** Looked at anew for each request. */
  readonly cors: CorsPolicy;
  /** Bytes that a body may have; undefined: any number. */
  readonly maxBody: number | undefined;
  /**
   * How long a client may take nothing of a long answer before it is given up, as it keeps a connection to the
   * database busy. Default: 60,000 ms.
   */
  readonly patienceMs?: number;
  /** Sent back as it came in (`server-trace-header`), lower case. Looked at anew for each request. */
  readonly traceHeader: string | undefined;
  /** The name in `Proxy-Status`, and `Server` unless that is given. */
  readonly agent: string;
  readonly server?: string;
  readonly onInternalError: (error: unknown) => void;
  readonly onAnswered?: (answered: Answered) => void;
};

export type HttpServer = {
  /** 0 on a unix socket. */
  readonly port: number;
  /** Where it listens: `127.0.0.1:4000`, `[::]:3000` or the path of a socket. */
  readonly address: string;
  /** Takes no more connections, waits for answers under way up to `graceMs`, and closes. */
  readonly close: (graceMs?: number) => Promise<void>;
};

/** Reads a body whole; refuses to read on when it gets too long. */
const readBody = async (message: IncomingMessage, max: number | undefined): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (max !== undefined && length > max) return refuse('ASH413', { details: `The limit is ${max} bytes.` });
    chunks.push(chunk);
  }
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, length);
};

/** Path and query of a request's target, which may be absolute (RFC 9112, section 3.2.2). */
const originForm = (target: string): string => {
  if (target.startsWith('/')) return target;
  const rest = target.replace(/^https?:\/\/[^/?]*/i, '');
  return rest.startsWith('/') ? rest : `/${rest}`;
};

/** A request as the routes see it; what costs something is only made when it is asked for. */
class NodeRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #maxBody: number | undefined;
  #signal: AbortSignal | undefined;

  constructor(message: IncomingMessage, response: ServerResponse, maxBody: number | undefined) {
    const target = originForm(message.url ?? '/');
    const mark = target.indexOf('?');
    this.method = message.method ?? 'GET';
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? '' : target.slice(mark + 1);
    this.#message = message;
    this.#response = response;
    this.#maxBody = maxBody;
  }

  get headers(): RequestHeaders {
    return this.#message.headers as RequestHeaders;
  }

  body = (): Promise<Buffer> => readBody(this.#message, this.#maxBody);

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const controller = new AbortController();
      this.#signal = controller.signal;
      const response = this.#response;
      if (response.destroyed) controller.abort();
      response.once('close', () => {
        if (!response.writableFinished) controller.abort();
      });
    }
    return this.#signal;
  }
}

/** How long a client may take nothing of an answer that waits for it, unless told otherwise. */
const PATIENCE_MS = 60_000;

const drained = (response: ServerResponse, patienceMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      response.off('drain', onDrain);
      response.off('close', onClose);
    };
    const onDrain = (): void => {
      settle();
      resolve();
    };
    const onClose = (): void => {
      settle();
      reject(new Error('the client has left'));
    };
    const timer = setTimeout(() => {
      settle();
      reject(new Error('the client takes nothing any more'));
    }, patienceMs);
    response.once('drain', onDrain);
    response.once('close', onClose);
  });

/**
 * Text as a head can carry it: UTF-8, a character for each byte. A character that would end the line
 * becomes a space.
 */
const encodeField = (text: string): string =>
  /^[\t\x20-\x7e]*$/.test(text)
    ? text
    : // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      Buffer.from(text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, ' ')).toString('latin1');

/** The names that Node must not add by itself. What is `more` is as it came, or ours. */
const flatten = (headers: readonly Header[], more: readonly Header[]): string[] => {
  const flat: string[] = [];
  for (const [name, value] of headers) flat.push(name, encodeField(value));
  for (const [name, value] of more) flat.push(name, value);
  return flat;
};

const send = async (
  target: ServerResponse,
  response: HttpResponse,
  more: readonly Header[],
  patienceMs: number,
): Promise<void> => {
  const headers = flatten(response.headers, more);
  if (response.statusText === undefined) target.writeHead(response.status, headers);
  else target.writeHead(response.status, encodeField(response.statusText), headers);
  const { body } = response;
  if (body === undefined || Buffer.isBuffer(body)) {
    target.end(body);
    return;
  }
  try {
    await body.pump((chunk, release) =>
      target.write(chunk, release) ? undefined : drained(target, patienceMs),
    );
    target.end();
  } catch {
    // The head is gone, so the only way to tell of the failure is to break off.
    target.destroy();
  }
};

const namesOrigins = ([name]: Header): boolean => /^access-control-allow-origin$/i.test(name);

/** Bytes that the head of a request may have; a long list of keys in the URL is usual. */
const MAX_HEAD = 65_536;

const openServer = (server: Server, options: ListenOptions): Promise<void> => {
  const { host, port, socket, reusePort = false } = options;
  if (socket !== undefined) rmSync(socket.path, { force: true });
  const at: SocketOptions = socket ? { path: socket.path } : { port, reusePort, ...(host ? { host } : {}) };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      if (socket !== undefined) chmodSync(socket.path, socket.mode);
      resolve();
    });
  });
};

const printAddress = (address: AddressInfo | string | null): string => {
  if (address === null || typeof address === 'string') return address ?? '';
  return address.family === 'IPv6'
    ? `[${address.address}]:${address.port}`
    : `${address.address}:${address.port}`;
};

/**
 * Serves routes over HTTP/1.1.
 *
 * @throws the errors of `net.Server#listen`: EADDRINUSE, EACCES
 */
export const listen = async (options: ListenOptions): Promise<HttpServer> => {
  const { agent, onAnswered } = options;
  const always: readonly Header[] = [['Server', options.server ?? agent]];
  let closing = false;

  const answer = async (request: HttpRequest, route: Route | undefined): Promise<HttpResponse> => {
    const preflight = route?.sameOrigin ? undefined : answerPreflight(options.cors, request);
    if (preflight !== undefined) return preflight;
    return route === undefined ? problemResponse(problem('PGRST125'), agent) : route.handle(request);
  };

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { cors, traceHeader } = options;
    const request = new NodeRequest(message, response, options.maxBody);
    const route = findRoute(options.routes, request.path);
    let answered: HttpResponse;
    try {
      answered = await answer(request, route);
    } catch (error) {
      options.onInternalError(error);
      answered = problemResponse(problem('PGRSTX00'), agent);
    }
    if (response.destroyed) return;
    const more: Header[] = [...always];
    const crossOrigin = route?.sameOrigin ? [] : corsHeaders(cors, request);
    // A browser refuses an answer that names its origins twice.
    if (crossOrigin.length > 0 && !answered.headers.some(namesOrigins)) more.push(...crossOrigin);
    if (traceHeader !== undefined) more.push([traceHeader, request.headers[traceHeader.toLowerCase()] ?? '']);
    // A body that nobody read would be taken for the next request.
    const unread = !message.complete && message.method !== 'GET' && message.method !== 'HEAD';
    if (unread || closing) more.push(['Connection', 'close']);
    await send(response, answered, more, options.patienceMs ?? PATIENCE_MS);
    if (closing) server.closeIdleConnections();
    onAnswered?.({
      method: request.method,
      target: message.url ?? '/',
      httpVersion: message.httpVersion,
      headers: request.headers,
      remoteAddress: message.socket.remoteAddress,
      status: answered.status,
      length: Buffer.isBuffer(answered.body)
        ? answered.body.length
        : answered.body === undefined
          ? 0
          : undefined,
    });
  };

  const server = createServer({ keepAliveTimeout: 65_000, maxHeaderSize: MAX_HEAD }, (message, response) => {
    serve(message, response).catch((error) => {
      options.onInternalError(error);
      response.destroy();
    });
  });
  await openServer(server, options);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    address: printAddress(address),
    close: (graceMs = 10_000) =>
      new Promise((resolve) => {
        closing = true;
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};
