import type { Observe } from '../base/index.ts';
import type { ConnectOptions } from './connect-options.ts';
import { Connection } from './connection.ts';
import { ConnectionError } from './connection-error.ts';
import { Exchange } from './exchange.ts';
import type { Outcome } from './statement.ts';

export type ListenOptions = {
  /** The connection is lost: what is sent from now on is not heard. */
  readonly onLost?: () => void;
  /** The connection had broken and stands again: what was sent in between has not been heard. */
  readonly onReconnect?: () => void;
};

/** An ear on a channel. */
export type Subscription = { readonly close: () => Promise<void> };

type Ear = {
  readonly channel: string;
  readonly onPayload: (payload: string) => void;
  readonly onLost: (() => void) | undefined;
  readonly onReconnect: (() => void) | undefined;
};

const firstDelayMs = 50;
const longestDelayMs = 1_000;
const connectTimeoutMs = 5_000;
/** Nothing comes for hours where nothing is notified: so now and then it is asked whether it still hears. */
const askEveryMs = 30_000;
const answerMs = 5_000;

/** Hears channels on one connection, which it opens when there is something to hear, and anew when it breaks. */
export class Listener {
  readonly #options: ConnectOptions;
  readonly #observe: Observe;
  readonly #ears = new Set<Ear>();
  #connection: Promise<Connection> | undefined;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #asking: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ConnectOptions, observe: Observe) {
    this.#options = options;
    this.#observe = observe;
  }

  async listen(
    channel: string,
    onPayload: (payload: string) => void,
    options: ListenOptions,
  ): Promise<Subscription> {
    const ear: Ear = { channel, onPayload, onLost: options.onLost, onReconnect: options.onReconnect };
    this.#ears.add(ear);
    try {
      await runText(await this.#connect(), listenText(channel));
    } catch (error) {
      this.#ears.delete(ear);
      throw error;
    }
    return {
      close: async () => {
        this.#ears.delete(ear);
        if (this.#isHeard(channel) || !this.#connection) return;
        const connection = await this.#connection.catch(() => undefined);
        if (connection && !connection.closed && !this.#isHeard(channel)) {
          await runText(connection, `UNLISTEN ${quoteChannel(channel)}`).catch(() => {});
        }
      },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#asking);
    this.#ears.clear();
    const connection = await this.#connection?.catch(() => undefined);
    await connection?.end();
  }

  #isHeard(channel: string): boolean {
    for (const ear of this.#ears) if (ear.channel === channel) return true;
    return false;
  }

  #connect(): Promise<Connection> {
    this.#connection ??= Connection.open(
      this.#options,
      { maxPrepared: 0, connectTimeoutMs },
      {
        onReady: () => {},
        onNotice: () => {},
        onNotification: (channel, payload) => {
          for (const ear of this.#ears) if (ear.channel === channel) ear.onPayload(payload);
        },
        onClose: (_connection, reason, unsent) => {
          for (const exchange of unsent) exchange.fail(reason);
          this.#onClose(reason);
        },
      },
    ).then(
      (connection) => {
        this.#keepAsking(connection);
        return connection;
      },
      (error) => {
        this.#connection = undefined;
        throw error;
      },
    );
    return this.#connection;
  }

  /** Gives up the connection if it is dead without having been closed. */
  #keepAsking(connection: Connection): void {
    clearInterval(this.#asking);
    this.#asking = setInterval(() => {
      const overdue = setTimeout(
        () => connection.destroy(new Error('No answer came on the connection that listens.')),
        answerMs,
      );
      overdue.unref();
      const settle = (): void => clearTimeout(overdue);
      runText(connection, 'SELECT 1').then(settle, settle);
    }, askEveryMs);
    this.#asking.unref();
  }

  #onClose(reason: Error): void {
    clearInterval(this.#asking);
    this.#connection = undefined;
    if (this.#closed || this.#ears.size === 0) return;
    for (const ear of this.#ears) ear.onLost?.();
    this.#observe({ level: 'warn', name: 'db.listen-lost', message: reason.message });
    this.#scheduleReconnect();
  }

  #scheduleReconnect(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** this.#failures++);
    this.#timer = setTimeout(() => {
      this.#reconnect().catch(() => this.#scheduleReconnect());
    }, delay);
  }

  async #reconnect(): Promise<void> {
    const connection = await this.#connect();
    const ears = [...this.#ears];
    for (const channel of new Set(ears.map((ear) => ear.channel)))
      await runText(connection, listenText(channel));
    this.#failures = 0;
    for (const ear of ears) ear.onReconnect?.();
  }
}

const quoteChannel = (channel: string): string => `"${channel.replaceAll('"', '""')}"`;

const listenText = (channel: string): string => `LISTEN ${quoteChannel(channel)}`;

const runText = (connection: Connection, text: string): Promise<Outcome[]> =>
  new Promise((resolve, reject) => {
    if (connection.closed) {
      reject(new ConnectionError('lost', 'The connection that listens is closed.'));
      return;
    }
    connection.assign(new Exchange([{ text, key: undefined, params: [] }], [undefined], {}, resolve, reject));
  });
