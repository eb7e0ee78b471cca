import type { Socket } from 'node:net';
import pg from 'pg';
import type { ConnectOptions } from './connect-options.ts';
import { MessageReader, type OnMessage } from './message-reader.ts';

/** A socket that is logged in and ours alone, and what the server said on the way. */
export type Login = {
  readonly socket: Socket;
  readonly reader: MessageReader;
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

/**
 * Lets pg's client log in (TLS, SCRAM, password files) and takes its socket over. Our reader listens
 * from the first byte on, beside pg's, so that nothing can be lost between the two; `onMessage` is
 * therefore told of the messages of the login, too. The caller listens to 'data' from then on, at once.
 *
 * Rejects with pg's error if the login fails or takes longer than `timeoutMs`.
 */
export const logIn = async (
  options: ConnectOptions,
  timeoutMs: number,
  onMessage: OnMessage,
): Promise<Login> => {
  const client = new pg.Client(clientConfig(options, timeoutMs));
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
  return { socket, reader, processId: parts.processID, secretKey: parts.secretKey };
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
