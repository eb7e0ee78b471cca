import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { closeListener } from './close-listener.ts';

export type DrainOptions = {
  /** How long answers under way may take; then they are cut off. */
  readonly graceMs: number;
  /**
   * How long idle connections are kept after the last request, so that one that is on its way meanwhile is
   * still answered. Those that are busy end with their answer at once.
   */
  readonly lingerMs: number;
};

/**
 * How long idle connections are kept while a server stops, for what is on its way on them: also from clients, and on
 * machines, that are slow.
 */
export const LINGER_MS = 2_000;

/** How often it is looked whether a connection has become idle. */
const lookMs = 20;

/**
 * Ends the connections of a server so that no request is lost: it takes no new ones, answers what is under way
 * and what still comes on those that are open (the caller says `Connection: close` in these answers), and
 * closes what stays silent. A client may always meet a connection that closes in the very moment in which it
 * sends, but that moment is the time of its way to us, and HTTP lets it ask again then (RFC 9112, section 9.3.1).
 */
export class Drain {
  readonly #server: Server;
  #connections = 0;
  #lastRequest = 0;
  #onEmpty: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #doorIsClosed = false;
  /** Resolves when nobody more is let in; undefined unless that is under way. */
  #closing: Promise<void> | undefined;
  /** Who came while it was. */
  readonly #late = new WeakSet<Socket>();

  constructor(server: Server) {
    this.#server = server;
    server.on('request', () => {
      this.#lastRequest = performance.now();
    });
    server.on('connection', (socket) => {
      this.#connections++;
      if (this.#closing !== undefined) this.#late.add(socket);
      socket.once('close', () => {
        this.#connections--;
        if (this.#connections === 0) this.#onEmpty?.();
      });
    });
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#connections;
  }

  /**
   * Whether connections end with their answer. Not before nobody more is let in: whose connection ends opens another
   * one, and would stand at the door in the very moment in which it closes.
   */
  get endsConnections(): boolean {
    return this.#doorIsClosed;
  }

  /**
   * What a request has to wait for: on a connection that came while the door was being closed, until it is. So clients
   * that open one for each request soon all wait, and there is a moment in which nobody comes.
   */
  letIn(socket: Socket): Promise<void> | undefined {
    return this.#closing !== undefined && this.#late.has(socket) ? this.#closing : undefined;
  }

  run(options: DrainOptions): Promise<void> {
    this.#running ??= this.#run(options);
    return this.#running;
  }

  async #run({ graceMs, lingerMs }: DrainOptions): Promise<void> {
    const server = this.#server;
    const end = performance.now() + graceMs;
    if (server.listening) {
      this.#closing = closeListener(server);
      await this.#closing;
      this.#closing = undefined;
    }
    this.#doorIsClosed = true;
    this.#lastRequest = performance.now();
    while (this.#connections > 0) {
      const now = performance.now();
      if (now >= end) server.closeAllConnections();
      else if (now >= this.#lastRequest + lingerMs) await this.#closeIdle();
      await this.#emptyOr(Math.min(lookMs, Math.max(0, end - now)));
    }
    // It stops the clock by which slow heads are found.
    server.close();
  }

  /** What has arrived is read first: a connection on which a request has begun is not idle. */
  #closeIdle(): Promise<void> {
    return new Promise((resolve) =>
      setImmediate(() => {
        this.#server.closeIdleConnections();
        resolve();
      }),
    );
  }

  #emptyOr(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#onEmpty = undefined;
        resolve();
      };
      const timer = setTimeout(settle, ms);
      this.#onEmpty = settle;
      if (this.#connections === 0) settle();
    });
  }
}
