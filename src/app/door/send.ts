import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Header, HttpResponse } from '../../http/index.ts';

/** Bytes that are handed over at once, and by which a client's pace is judged. */
const PIECE = 64 * 1024;
/** Up to so many bytes go out at once. */
const WHOLE = 4 * PIECE;
/** Bytes of a body that goes out in one piece with its head. */
const ONE_PIECE = 16_000;
/** How long a client that was refused may go on sending: it reads no answer before it is done. */
const LINGER_MS = 1_000;

const takenBack = new Error('the client takes nothing any more');
const left = new Error('the client has left');

/** Waits until what was written is taken. */
const drained = (response: ServerResponse, patienceMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const settle = (): void => {
      clearInterval(timer);
      response.off('drain', onDrain);
      response.off('close', onClose);
    };
    const onDrain = (): void => {
      settle();
      resolve();
    };
    const onClose = (): void => {
      settle();
      reject(left);
    };
    const timer = setInterval(() => {
      // Behind another answer on the connection it is not the client that it waits for.
      if (response.socket === null) return;
      settle();
      reject(takenBack);
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
  for (let i = 0; i < headers.length; i++) {
    const [name, value] = headers[i] as Header;
    flat.push(name, encodeField(value));
  }
  for (let i = 0; i < more.length; i++) {
    const [name, value] = more[i] as Header;
    flat.push(name, value);
  }
  return flat;
};

const writeHead = (
  target: ServerResponse,
  { status, statusText, headers }: HttpResponse,
  more: readonly Header[],
): void => {
  const flat = flatten(headers, more);
  if (statusText === undefined) target.writeHead(status, flat);
  else target.writeHead(status, encodeField(statusText), flat);
};

/** Writes bytes no faster than the client takes them. Memory that is released is not touched any more. */
const writePaced = (
  target: ServerResponse,
  bytes: Buffer,
  release: (() => void) | undefined,
  pieceMs: number,
): void | Promise<void> => {
  if (bytes.length > PIECE) return writePieces(target, bytes, release, pieceMs);
  return target.write(bytes, release) ? undefined : drained(target, pieceMs);
};

const writePieces = async (
  target: ServerResponse,
  bytes: Buffer,
  release: (() => void) | undefined,
  pieceMs: number,
): Promise<void> => {
  for (let at = 0; at < bytes.length; ) {
    // The last piece is no shorter than the others, so that it is waited for too: then its memory is given back.
    const end = bytes.length - at < 2 * PIECE ? bytes.length : at + PIECE;
    const isLast = end === bytes.length;
    if (!target.write(bytes.subarray(at, end), isLast ? release : undefined)) await drained(target, pieceMs);
    at = end;
  }
};

/** Gives up a client that does not take what the system could not take at once. */
const watchPace = (target: ServerResponse, bytes: number, pieceMs: number): void => {
  const { socket } = target;
  if (socket === null) {
    // It is gone already, or is sent when the answers before it on the connection are.
    if (!target.writableFinished)
      target.once('socket', () => setImmediate(() => watchPace(target, bytes, pieceMs)));
    return;
  }
  if (socket.writableLength === 0) return;
  const timer = setTimeout(() => target.destroy(), pieceMs * Math.ceil(bytes / PIECE));
  target.once('close', () => clearTimeout(timer));
};

/** Lets the client send what it has begun to send, so that it comes to read the answer. */
const linger = (message: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, LINGER_MS);
    const settle = (): void => {
      clearTimeout(timer);
      resolve();
    };
    message.once('end', settle);
    message.once('close', settle);
    message.once('error', settle);
    message.resume();
  });

/**
 * Sends an answer, at the client's pace. A client that takes longer than `pieceMs` for a piece is broken off, and
 * so is an answer that fails in the middle: its head is gone, so there is no other way to tell.
 *
 * @param unread whether the request has a body that nobody has read to its end
 */
export const send = async (
  message: IncomingMessage,
  target: ServerResponse,
  response: HttpResponse,
  more: readonly Header[],
  unread: boolean,
  pieceMs: number,
): Promise<void> => {
  writeHead(target, response, more);
  const { body } = response;
  if (body === undefined && !unread) {
    target.end();
    return;
  }
  if (Buffer.isBuffer(body) && body.length <= WHOLE && !unread) {
    // Head and body are one write if both are text; beyond some length the copy costs more than a second piece.
    if (body.length <= ONE_PIECE) target.end(body.toString('latin1'), 'latin1');
    else target.end(body);
    watchPace(target, body.length, pieceMs);
    return;
  }
  try {
    if (Buffer.isBuffer(body)) await writePaced(target, body, undefined, pieceMs);
    else await body?.pump((chunk, release) => writePaced(target, chunk, release, pieceMs));
    if (unread) await linger(message);
    target.end();
  } catch {
    target.destroy();
  }
};
