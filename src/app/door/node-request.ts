import type { IncomingMessage, ServerResponse } from 'node:http';
import { Cancel, type CancelSignal, problem, Refusal } from '../../base/index.ts';
import type { HttpRequest, RequestHeaders } from '../../http/index.ts';
import type { ServerLimits } from './limits.ts';
import type { RequestTarget } from './target.ts';

const tooLong = (max: number): Refusal =>
  new Refusal(
    problem('ASH413', {
      details: `The limit is ${max} bytes.`,
      hint: 'Send it in several requests, or raise the limit (maxBody; of CSV: maxCsv).',
    }),
  );

const tooSlow = (ms: number): Refusal =>
  new Refusal(problem('ASH408', { details: `The body has to be there within ${ms / 1000} s.` }));

const tooMuch = (): Refusal =>
  new Refusal(
    problem('ASH503', {
      details: 'The bodies of other requests that are on their way leave no room.',
      headers: [['Retry-After', '1']],
    }),
  );

/** How much of bodies that are on their way is in memory, of all requests of a server. */
export type BodyCount = { bytes: number };

/** Reads a body whole; one that is too long or too slow is refused as soon as that is known. */
const readBody = (
  message: IncomingMessage,
  max: number | undefined,
  { bodies, bodyMs: timeoutMs }: ServerLimits,
  count: BodyCount,
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    if (max !== undefined && Number(message.headers['content-length']) > max) {
      reject(tooLong(max));
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop(tooSlow(timeoutMs)), timeoutMs);
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      count.bytes += chunk.length;
      if (max !== undefined && length > max) stop(tooLong(max));
      else if (bodies !== undefined && count.bytes > bodies) stop(tooMuch());
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      clearTimeout(timer);
      count.bytes -= length;
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, length));
    };
    const stop = (reason: unknown): void => {
      clearTimeout(timer);
      count.bytes -= length;
      length = 0;
      message.off('data', onData);
      message.off('end', onEnd);
      // What still comes is of no interest to anybody.
      message.resume();
      reject(reason);
    };
    message.on('data', onData);
    message.once('end', onEnd);
    message.once('error', stop);
  });

/** What is known of a request beside Node's own. */
export type RequestTraits = {
  readonly target: RequestTarget;
  readonly id: string | undefined;
  readonly limits: ServerLimits;
  readonly bodies: BodyCount;
  /** The client waits to be asked for the body (`Expect: 100-continue`). */
  readonly awaited: boolean;
};

/** A request as the routes see it; what costs something is only made when it is asked for. */
export class NodeRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly id: string | undefined;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #limits: ServerLimits;
  readonly #bodies: BodyCount;
  #awaited: boolean;
  #left: Cancel | undefined;

  constructor(
    message: IncomingMessage,
    response: ServerResponse,
    { target, id, limits, bodies, awaited }: RequestTraits,
  ) {
    this.method = message.method ?? 'GET';
    this.path = target.path;
    this.query = target.query;
    this.id = id;
    this.#message = message;
    this.#response = response;
    this.#limits = limits;
    this.#bodies = bodies;
    this.#awaited = awaited;
  }

  get headers(): RequestHeaders {
    return this.#message.headers as RequestHeaders;
  }

  body = async (max?: number): Promise<Buffer> => {
    const most = max ?? this.#limits.body;
    try {
      const read = readBody(this.#message, most, this.#limits, this.#bodies);
      if (this.#awaited) this.#ask(most);
      return await read;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      // Only one who leaves stops in the middle.
      const left = this.#leaving();
      left.abort();
      throw left.reason;
    }
  };

  #ask(max: number | undefined): void {
    this.#awaited = false;
    if (max === undefined || !(Number(this.#message.headers['content-length']) > max))
      this.#response.writeContinue();
  }

  get signal(): CancelSignal {
    return this.#leaving();
  }

  #leaving(): Cancel {
    if (this.#left !== undefined) return this.#left;
    const left = new Cancel();
    this.#left = left;
    const response = this.#response;
    if (response.destroyed) left.abort();
    response.once('close', () => {
      if (!response.writableFinished) left.abort();
    });
    return left;
  }
}
