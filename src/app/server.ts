import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket, ListenOptions as SocketOptions } from 'node:net';
import { internalProblem, type Problem, problem, Refusal } from '../base/index.ts';
import {
  answerPreflight,
  type CorsPolicy,
  corsHeaders,
  detailProblem,
  findRoute,
  type Header,
  type HttpRequest,
  type HttpResponse,
  problemResponse,
  type RequestHeaders,
  type Route,
} from '../http/index.ts';
import { answerBroken, type BrokenRequest, brokenProblem } from './door/broken-request.ts';
import { type AnswersTo, checkHead } from './door/check-head.ts';
import { type ServerLimits, serverLimits } from './door/limits.ts';
import { type BodyCount, NodeRequest } from './door/node-request.ts';
import { securityHeaders } from './door/security-headers.ts';
import { send } from './door/send.ts';
import { Drain, type DrainOptions } from './drain.ts';
import { requestIdHeader, takeRequestId } from './request-id.ts';

/** A request that was answered, for the log. */
export type Answered = {
  /** Undefined where requests have none. */
  readonly id: string | undefined;
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  readonly httpVersion: string;
  readonly headers: RequestHeaders;
  /** The client's address; undefined on a unix socket. */
  readonly remoteAddress: string | undefined;
  readonly status: number;
  /** Of the error that it tells. */
  readonly code?: string;
  /** The database role that was asked; undefined: none was. */
  readonly role?: string;
  /** Length of the body in bytes; undefined: it was not known when it began. */
  readonly length: number | undefined;
  /** From the end of its head to the end of the answer. */
  readonly milliseconds: number;
};

/** What a server does of itself where no proxy can be trusted to do it. Answers get security headers, too. */
export type Safeguards = {
  /** Which names it answers to; undefined: any. */
  readonly answersTo?: AnswersTo | undefined;
  /** Whether there is more to do than can be done soon, so that a request had better come again later. */
  readonly isOverloaded?: (() => boolean) | undefined;
  /** Whether browsers that have come over TLS are to come no other way (HSTS). */
  readonly transportSecurity?: boolean;
};

/** Where to listen. */
export type ListenAddress = {
  /** An address or a name; undefined: all, of IPv4 and IPv6. */
  readonly host: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** A unix socket instead of host and port; what is there under its name is replaced. */
  readonly socket?: { readonly path: string; readonly mode: number };
  /** Whether several servers may listen on one port. */
  readonly reusePort?: boolean;
};

/** How requests are answered. */
export type ServeOptions = {
  /** Looked at anew for each request. */
  readonly routes: readonly Route[];
  /** Looked at anew for each request. */
  readonly cors: CorsPolicy;
  /** Default: those of the native surface. */
  readonly limits?: ServerLimits;
  /** What is done for the safety of clients and of the server itself; undefined: that is left to a proxy. */
  readonly safeguards?: Safeguards | undefined;
  /** Sent back as it came in (`server-trace-header`), lower case. Looked at anew for each request. */
  readonly traceHeader: string | undefined;
  /** The name in `Proxy-Status`, and `Server` unless that is given. */
  readonly agent: string;
  readonly server?: string;
  /** Whether each request gets an id, and its answer tells it. */
  readonly requestIds?: boolean;
  /** The page of errors, where those who ask for it get errors as problem details (RFC 9457). */
  readonly problemDocs?: string;
  /** Told the id of the request, where it has one. */
  readonly onInternalError: (error: unknown, id?: string) => void;
  readonly onAnswered?: (answered: Answered) => void;
};

export type ListenOptions = ListenAddress & ServeOptions;

/** Answers requests on connections that others have accepted. */
export type ConnectionServer = {
  /** Takes a connection. */
  readonly take: (socket: Socket) => void;
  /** Answers what is under way for up to `graceMs` (default: 10,000), and closes the connections. */
  readonly close: (graceMs?: number, lingerMs?: DrainOptions['lingerMs']) => Promise<void>;
};

export type HttpServer = Pick<ConnectionServer, 'close'> & {
  /** 0 on a unix socket. */
  readonly port: number;
  /** Where it listens: `127.0.0.1:4000`, `[::]:3000` or the path of a socket. */
  readonly address: string;
};

const namesOrigins = ([name]: Header): boolean => /^access-control-allow-origin$/i.test(name);

const openServer = (server: Server, options: ListenAddress): Promise<void> => {
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

export const printAddress = (address: AddressInfo | string | null): string => {
  if (address === null || typeof address === 'string') return address ?? '';
  return address.family === 'IPv6'
    ? `[${address.address}]:${address.port}`
    : `${address.address}:${address.port}`;
};

/** How often Node looks for those who are too slow. */
const CHECK_MS = 1_000;
/** How long a client that asks nothing is kept; longer than the usual load balancers keep theirs. */
const IDLE_MS = 65_000;
/** What Node takes for the whole of a request, unless told otherwise. */
const REQUEST_MS = 300_000;
/** When clients that are refused because there is too much to do may come again, in seconds. */
const RETRY_AFTER = '1';

const METHODS = 'GET, HEAD, POST, PATCH, PUT, DELETE, OPTIONS';

const refuseMethod = (method: string): Problem =>
  problem('PGRST117', { message: `Unsupported HTTP method: ${method}`, headers: [['Allow', METHODS]] });

/** The answer to `OPTIONS *`, which asks about the server (RFC 9110, section 9.3.7). */
const aboutServer: HttpResponse = {
  status: 204,
  headers: [['Allow', METHODS]],
  body: undefined,
};

const openNodeServer = (limits: ServerLimits): Server => {
  const server = createServer({
    keepAliveTimeout: IDLE_MS,
    maxHeaderSize: limits.head,
    headersTimeout: limits.headMs,
    // A body that is asked for has a time of its own; this is for those that nobody asks for.
    requestTimeout: limits.bodyMs === undefined ? REQUEST_MS : limits.headMs + limits.bodyMs + CHECK_MS,
    connectionsCheckingInterval: Math.min(CHECK_MS, limits.headMs),
    // It is checked here, and answered in our words.
    requireHostHeader: false,
  });
  // What is beyond is dropped without a word, so there has to be one more than is taken.
  server.maxHeadersCount = limits.headers + 1;
  return server;
};

/** Takes no more clients than the limit says; those that ask nothing are let go in favour of new ones. */
const limitConnections = (server: Server, connections: number | undefined): void => {
  if (connections === undefined) return;
  server.maxConnections = connections;
  server.on('drop', () => server.closeIdleConnections());
};

/** Refuses what never becomes a request: what cannot be parsed, comes too slowly, or wants something else. */
const answerUnreadable = (server: Server, options: ServeOptions, latest: Latest): void => {
  const { agent, limits = serverLimits, safeguards } = options;
  const always: readonly Header[] = [
    ['Server', options.server ?? agent],
    ...(safeguards === undefined ? [] : securityHeaders([], false)),
  ];
  const broken = new WeakSet<Socket>();
  server.on('clientError', (error: BrokenRequest, stream) => {
    const socket = stream as Socket;
    if (broken.has(socket)) return;
    broken.add(socket);
    const reason = brokenProblem(error, socket, limits);
    const answer = (): void => answerBroken(socket, reason, agent, always);
    const response = latest.get(socket);
    const underWay = response !== undefined && !response.writableFinished && !response.destroyed;
    // The broken one is the one under way, if its body is what could not be read; else its answer comes first.
    if (underWay && (response.req.complete || response.headersSent)) response.once('close', answer);
    else answer();
  });
  server.on('connect', (_, stream) => answerBroken(stream as Socket, refuseMethod('CONNECT'), agent, always));
};

/** The answer to the last request of each connection. */
type Latest = WeakMap<Socket, ServerResponse>;

const NO_HEADERS: readonly Header[] = [];

/** Makes the server, which does not listen yet, and what ends it. */
const makeServer = (options: ServeOptions): { readonly server: Server; readonly drain: Drain } => {
  const { agent, limits = serverLimits, safeguards, onAnswered, requestIds = false } = options;
  const always: readonly Header[] = [['Server', options.server ?? agent]];
  const latest: Latest = new WeakMap();
  const bodies: BodyCount = { bytes: 0 };
  /** Whose clients wait to be asked for the body. */
  const awaited = new WeakSet<IncomingMessage>();

  const refuse = (reason: Problem): HttpResponse => problemResponse(reason, agent);

  const answer = (request: HttpRequest, route: Route | undefined): HttpResponse | Promise<HttpResponse> => {
    if (safeguards !== undefined) {
      if (request.method === 'TRACE') return refuse(refuseMethod('TRACE'));
      if (route?.vital !== true && safeguards.isOverloaded?.() === true)
        return refuse(problem('ASH503', { headers: [['Retry-After', RETRY_AFTER]] }));
    }
    if (request.path === '*') return aboutServer;
    const preflight = route?.sameOrigin ? undefined : answerPreflight(options.cors, request);
    if (preflight !== undefined) return preflight;
    return route === undefined ? refuse(problem('PGRST125')) : route.handle(request);
  };

  const safetyHeaders = (request: HttpRequest, answered: HttpResponse): readonly Header[] => {
    if (safeguards === undefined) return NO_HEADERS;
    const secure = safeguards.transportSecurity === true && request.headers['x-forwarded-proto'] === 'https';
    return securityHeaders(answered.headers, secure);
  };

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    latest.set(message.socket, response);
    const { cors, traceHeader } = options;
    const began = performance.now();
    const remoteAddress = onAnswered === undefined ? undefined : message.socket.remoteAddress;
    const head = checkHead(message, limits, safeguards?.answersTo);
    const id = requestIds ? takeRequestId(message.headers['x-request-id'] as string | undefined) : undefined;
    const request = new NodeRequest(message, response, {
      target: head,
      id,
      limits,
      bodies,
      awaited: awaited.has(message),
    });
    const untilIn = drain.letIn(message.socket);
    if (untilIn !== undefined) await untilIn;
    const route = findRoute(options.routes, request.path);
    let answered: HttpResponse;
    try {
      answered = head.problem === undefined ? await answer(request, route) : refuse(head.problem);
    } catch (error) {
      // Who has left hears nothing, and what is given up for it is nobody's error.
      if (response.destroyed) return;
      if (!(error instanceof Refusal)) options.onInternalError(error, id);
      answered = refuse(error instanceof Refusal ? error.problem : internalProblem(id));
    }
    if (response.destroyed) return;
    if (options.problemDocs !== undefined) answered = detailProblem(answered, request, options.problemDocs);
    const more: Header[] = [...always, ...safetyHeaders(request, answered)];
    if (id !== undefined) more.push([requestIdHeader, id]);
    const crossOrigin = route?.sameOrigin ? [] : corsHeaders(cors, request);
    // A browser refuses an answer that names its origins twice.
    if (crossOrigin.length > 0 && !answered.headers.some(namesOrigins)) more.push(...crossOrigin);
    if (traceHeader !== undefined) more.push([traceHeader, request.headers[traceHeader.toLowerCase()] ?? '']);
    // A body that nobody read would be taken for the next request.
    const unread = !message.complete && message.method !== 'GET' && message.method !== 'HEAD';
    if (unread || drain.endsConnections || head.problem !== undefined) more.push(['Connection', 'close']);
    await send(message, response, answered, more, unread, limits.pieceMs);
    onAnswered?.({
      id,
      method: request.method,
      target: message.url ?? '/',
      httpVersion: message.httpVersion,
      headers: request.headers,
      remoteAddress,
      status: answered.status,
      ...(answered.problem === undefined ? {} : { code: answered.problem.code }),
      ...(answered.role === undefined ? {} : { role: answered.role }),
      length: Buffer.isBuffer(answered.body)
        ? answered.body.length
        : answered.body === undefined
          ? 0
          : undefined,
      milliseconds: performance.now() - began,
    });
  };

  const server = openNodeServer(limits);
  server.on('request', (message, response) => {
    serve(message, response).catch((error) => {
      options.onInternalError(error);
      response.destroy();
    });
  });
  server.on('checkContinue', (message, response) => {
    awaited.add(message);
    server.emit('request', message, response);
  });
  // Any other expectation may be ignored, and the request served (RFC 9110, section 10.1.1).
  server.on('checkExpectation', (message, response) => server.emit('request', message, response));
  limitConnections(server, limits.connections);
  answerUnreadable(server, options, latest);
  const drain = new Drain(server);
  return { server, drain };
};

const closeOf =
  (drain: Drain): ConnectionServer['close'] =>
  (graceMs = 10_000, lingerMs = 0) =>
    drain.run({ graceMs, lingerMs });

/**
 * Serves routes over HTTP/1.1.
 *
 * @throws the errors of `net.Server#listen`: EADDRINUSE, EACCES
 */
export const listen = async (options: ListenOptions): Promise<HttpServer> => {
  const { server, drain } = makeServer(options);
  await openServer(server, options);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    address: printAddress(address),
    close: closeOf(drain),
  };
};

/** Serves routes over HTTP/1.1 on connections that another process accepts. */
export const serveConnections = (options: ServeOptions): ConnectionServer => {
  const { server, drain } = makeServer(options);
  const { connections = Number.POSITIVE_INFINITY } = options.limits ?? serverLimits;
  // A server starts the clock by which slow heads are found when it listens; this one does so by another.
  server.emit('listening');
  return {
    take: (socket) => {
      if (drain.connections >= connections) {
        // As a server that accepts connections itself does it.
        server.closeIdleConnections();
        socket.destroy();
        return;
      }
      // A client may end its side when it has asked, and still be answered, as with a server that listens.
      socket.allowHalfOpen = true;
      server.emit('connection', socket);
      socket.resume();
    },
    close: closeOf(drain),
  };
};
