import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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

export type ListenOptions = {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly routes: readonly Route[];
  readonly cors: CorsPolicy;
  /** Bytes that a body may have; undefined: any number. */
  readonly maxBody: number | undefined;
  /** Sent back as it came in (`server-trace-header`), lower case. */
  readonly traceHeader: string | undefined;
  /** `Server` and the name in `Proxy-Status`. */
  readonly agent: string;
  readonly onInternalError: (error: unknown) => void;
};

export type HttpServer = {
  readonly port: number;
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
    const target = message.url ?? '/';
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

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve, reject) => {
    const settle = (): void => {
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
    response.once('drain', onDrain);
    response.once('close', onClose);
  });

/** The names that Node must not add by itself. */
const flatten = (headers: readonly Header[], more: readonly Header[]): string[] => {
  const flat: string[] = [];
  for (const [name, value] of headers) flat.push(name, value);
  for (const [name, value] of more) flat.push(name, value);
  return flat;
};

const send = async (
  target: ServerResponse,
  response: HttpResponse,
  more: readonly Header[],
): Promise<void> => {
  const headers = flatten(response.headers, more);
  if (response.statusText === undefined) target.writeHead(response.status, headers);
  else
    target.writeHead(response.status, response.statusText.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' '), headers);
  const { body } = response;
  if (body === undefined || Buffer.isBuffer(body)) {
    target.end(body);
    return;
  }
  try {
    await body.pump((chunk) => (target.write(chunk) ? undefined : drained(target)));
    target.end();
  } catch {
    // The head is gone, so the only way to tell of the failure is to break off.
    target.destroy();
  }
};

/**
 * Serves routes over HTTP/1.1.
 *
 * @throws the errors of `net.Server#listen`: EADDRINUSE, EACCES
 */
export const listen = async (options: ListenOptions): Promise<HttpServer> => {
  const { routes, cors, traceHeader, agent } = options;
  const always: readonly Header[] = [['Server', agent]];

  const answer = async (request: HttpRequest): Promise<HttpResponse> => {
    const preflight = answerPreflight(cors, request);
    if (preflight !== undefined) return preflight;
    const route = findRoute(routes, request.path);
    return route === undefined ? problemResponse(problem('PGRST125'), agent) : route.handle(request);
  };

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = new NodeRequest(message, response, options.maxBody);
    let answered: HttpResponse;
    try {
      answered = await answer(request);
    } catch (error) {
      options.onInternalError(error);
      answered = problemResponse(problem('PGRSTX00'), agent);
    }
    if (response.destroyed) return;
    const traced = traceHeader === undefined ? undefined : request.headers[traceHeader];
    const more: Header[] = [...always, ...corsHeaders(cors, request)];
    if (traceHeader !== undefined) more.push([traceHeader, traced ?? '']);
    // A body that nobody read would be taken for the next request.
    if (!message.complete && message.method !== 'GET' && message.method !== 'HEAD')
      more.push(['Connection', 'close']);
    await send(response, answered, more);
  };

  const server = createServer({ keepAliveTimeout: 65_000 }, (message, response) => {
    serve(message, response).catch((error) => {
      options.onInternalError(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs = 10_000) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};
