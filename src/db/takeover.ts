import { Socket } from 'node:net';
import pg from 'pg';
import type { ConnectOptions } from './connect-options.ts';
import { MessageReader, type OnMessage } from './message-reader.ts';

/** Takes what has come: the first `length` bytes of the buffer, or, without `length`, all of it. */
export type OnChunk = (buffer: Buffer, length?: number) => void;

/** A socket that is logged in and ours alone, and what the server said on the way. */
export type Login = {
  readonly socket: Socket;
  readonly reader: MessageReader;
  /** What comes from now on goes there. With a length, the bytes are there during the call only. */
  readonly take: (onChunk: OnChunk) => void;
  /** For a CancelRequest. */
  readonly processId: number;
  readonly secretKey: number;
};

/** The parts of pg's client that we stand on; its types leave them out. */
type ClientParts = {
  readonly connection: { readonly stream: Socket; once(event: string, listener: () => void): void };
  readonly processID: number;
  readonly secretKey: number;
};

/** So much is read at once; Postgres sends 8 KiB at a time. */
const READ_BYTES = 64 * 1024;

/**
 * A socket that reads into the same memory again and again. By itself Node has new memory made for each read, which
 * costs as much as reading it, and time of the collector.
 */
class ReadingSocket extends Socket {
  onChunk: OnChunk;

  constructor() {
    const memory = Buffer.allocUnsafeSlow(READ_BYTES);
    super({
      onread: {
        buffer: memory,
        callback: (length: number) => {
          this.onChunk(memory, length);
          return true;
        },
      },
    } as ConstructorParameters<typeof Socket>[0]);
    // pg's client, which has it until the login is over, listens to what comes.
    this.onChunk = (buffer, length) => this.emit('data', Buffer.from(buffer.subarray(0, length)));
  }
}

/**
 * Lets pg's client log in (TLS, SCRAM, password files) and takes its socket over. Our reader listens
 * from the first byte on, beside pg's, so that nothing can be lost between the two; `onMessage` is
 * therefore told of the messages of the login, too. The caller takes what comes from then on, at once.
 *
 * Rejects with pg's error if the login fails or takes longer than `timeoutMs`.
 */
export const logIn = async (
  options: ConnectOptions,
  timeoutMs: number,
  onMessage: OnMessage,
): Promise<Login> => {
  const own = options.ssl ? undefined : new ReadingSocket();
  const client = new pg.Client({
    ...clientConfig(options, timeoutMs),
    ...(own === undefined ? {} : { stream: () => own }),
  });
  // An error after the login is seen on the socket itself; without a listener pg would throw it.
  client.on('error', () => {});
  const parts = client as unknown as ClientParts;
  const reader = new MessageReader(onMessage);
  const feed = (chunk: Buffer): void => reader.feed(chunk);
  parts.connection.once(options.ssl ? 'sslconnect' : 'connect', () => {
    parts.connection.stream.on('data', feed);
  });
  await client.connect();
  const socket = parts.connection.stream;
  for (const listener of socket.listeners('data')) {
    if (listener !== feed) socket.removeListener('data', listener as (chunk: Buffer) => void);
  }
  socket.removeListener('data', feed);
  const take = (onChunk: OnChunk): void => {
    if (own === undefined) {
      socket.on('data', onChunk);
      return;
    }
    own.onChunk = onChunk;
    // Nobody listens to 'data', and only one that flows ends.
    own.resume();
  };
  return { socket, reader, take, processId: parts.processID, secretKey: parts.secretKey };
};

/** What pg's client has to know to log in. */
export const clientConfig = (options: ConnectOptions, timeoutMs: number): pg.ClientConfig => ({
  host: options.host,
  port: options.port,
  user: options.user,
  password: options.password,
  database: options.database,
  ssl: options.ssl ?? false,
  application_name: options.applicationName ?? 'ashlar',
  keepAlive: true,
  // An idle connection whose other end is gone is noticed within half a minute, and not within the kernel's two hours.
  keepAliveInitialDelayMillis: 15_000,
  connectionTimeoutMillis: timeoutMs,
  options: options.settings ? startupOptions(options.settings) : undefined,
});

/** The `options` of the startup packet: `-c name=value`, blanks and backslashes escaped. */
const startupOptions = (settings: { readonly [name: string]: string }): string =>
  Object.entries(settings)
    .map(([name, value]) => `-c ${`${name}=${value}`.replace(/[\\\s]/g, '\\$&')}`)
    .join(' ');
