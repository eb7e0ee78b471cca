import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type Problem, problem } from '../../base/index.ts';
import { type Header, type HttpResponse, problemResponse } from '../../http/index.ts';
import { SHORTER } from './check-head.ts';
import type { ServerLimits } from './limits.ts';

/** What Node tells of a request that it could not read. */
export type BrokenRequest = Error & {
  readonly code?: string;
  /** In the parser's words. */
  readonly reason?: string;
  readonly bytesParsed?: number;
  readonly rawPacket?: Buffer;
};

/** A method that the parser does not know, in a line that is one of HTTP/1.1 otherwise. */
const unknownMethod = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}) \S+ HTTP\/1\.[01]\r\n/;

/** Whether it was the target that was too long: no line of the request had ended when the parser stopped. */
const isLongTarget = ({ rawPacket, bytesParsed }: BrokenRequest, socket: Socket): boolean =>
  rawPacket !== undefined &&
  // Of more than one packet only the last is known.
  socket.bytesRead === rawPacket.length &&
  !rawPacket.subarray(0, bytesParsed).includes(10);

const overflow = (error: BrokenRequest, socket: Socket, limits: ServerLimits): Problem =>
  isLongTarget(error, socket)
    ? problem('ASH414', { details: `The limit is ${limits.target} bytes.`, hint: SHORTER })
    : problem('ASH431', {
        details: `The limits are ${limits.head} bytes and ${limits.headers} headers.`,
        hint: 'Look at cookies that have piled up, and at what is in the token.',
      });

/** The line in which the parser stopped, and what follows it. */
const lineOf = ({ rawPacket, bytesParsed = 0 }: BrokenRequest): string => {
  if (rawPacket === undefined) return '';
  const start = rawPacket.lastIndexOf(10, bytesParsed) + 1;
  return rawPacket.toString('latin1', start, start + 16_384);
};

const unreadable = (error: BrokenRequest): Problem => {
  const { code, reason, rawPacket } = error;
  if (code === 'HPE_INVALID_METHOD') {
    const method = unknownMethod.exec(lineOf(error))?.[1];
    if (method !== undefined) return problem('PGRST117', { message: `Unsupported HTTP method: ${method}` });
    // A ClientHello of TLS (RFC 8446, section 5.1) begins so.
    if (rawPacket?.[0] === 0x16 && rawPacket[1] === 3)
      return problem('ASH400', {
        details: 'This is the beginning of a TLS connection.',
        hint: 'This port speaks plain HTTP: use http:// and not https://, or put a proxy that ends TLS in front.',
      });
  }
  if (code === 'HPE_INVALID_URL')
    return problem('ASH400', {
      ...(reason === undefined ? {} : { details: `${reason}.` }),
      hint: 'In a URL, letters beyond ASCII and signs such as a space are percent-encoded: ü is %C3%BC. Programs have a function for it (encodeURIComponent); for curl, write curl -G URL --data-urlencode "name=eq.ü".',
    });
  return problem('ASH400', reason === undefined ? {} : { details: `${reason}.` });
};

/**
 * What a client is told of a request that could not be read; undefined: nothing, as it has left, or has said
 * nothing that could be answered.
 */
export const brokenProblem = (
  error: BrokenRequest,
  socket: Socket,
  limits: ServerLimits,
): Problem | undefined => {
  const { code } = error;
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return overflow(error, socket, limits);
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return problem('ASH413', { details: 'The extensions of a chunk are too long.' });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return socket.bytesRead === 0
        ? undefined
        : problem('ASH408', { details: `The headers have to be there within ${limits.headMs / 1000} s.` });
    default:
      return code?.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE' ? unreadable(error) : undefined;
  }
};

const print = ({ status, headers, body }: HttpResponse, more: readonly Header[]): string => {
  const lines = [...headers, ...more].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n${Buffer.isBuffer(body) ? body.toString('latin1') : ''}`;
};

/** How long a client may take to read the answer before the connection is closed for good. */
const READING_MS = 2_000;

/** Answers where there is no request to answer, and closes the connection. */
export const answerBroken = (
  socket: Socket,
  reason: Problem | undefined,
  agent: string,
  always: readonly Header[],
): void => {
  if (reason === undefined || !socket.writable) {
    socket.destroy();
    return;
  }
  const more: readonly Header[] = [...always, ['Date', new Date().toUTCString()], ['Connection', 'close']];
  socket.end(print(problemResponse(reason, agent), more), 'latin1');
  // Closed at once, it would take the answer along if there was more to be read.
  const timer = setTimeout(() => socket.destroy(), READING_MS);
  socket.once('close', () => clearTimeout(timer));
};
