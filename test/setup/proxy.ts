import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import type { ConnectOptions } from '../../src/db/index.ts';

/** A stretch of cable between a pool and Postgres that can be watched, cut in pieces or broken. */
export type Proxy = {
  /** The same login, by way of the proxy. */
  readonly through: (options: ConnectOptions) => ConnectOptions;
  /** Breaks all connections. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
};

export type ProxyOptions = {
  /** Sees what the client sends. */
  readonly onClientBytes?: (bytes: Buffer) => void;
  /** Passes on what the server sends: as it is, in pieces, or not at all. */
  readonly onServerBytes?: (bytes: Buffer, client: Socket) => void;
};

/** Starts a proxy in front of the server of `target`, on that port or any. */
export const startProxy = async (
  target: ConnectOptions,
  options: ProxyOptions = {},
  atPort = 0,
): Promise<Proxy> => {
  const { onServerBytes = (bytes, client) => void client.write(bytes) } = options;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const path = target.host.startsWith('/') ? `${target.host}/.s.PGSQL.${target.port}` : undefined;
    const upstream = path ? createConnection(path) : createConnection(target.port, target.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => {
      options.onClientBytes?.(bytes);
      upstream.write(bytes);
    });
    upstream.on('data', (bytes: Buffer) => {
      onServerBytes(bytes, client);
      // A cable holds little: what its end does not take, its beginning does not get rid of.
      if (!client.writableNeedDrain) return;
      upstream.pause();
      client.once('drain', () => upstream.resume());
    });
  });
  await new Promise<void>((listening) => server.listen(atPort, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    through: (login) => ({ ...login, host: '127.0.0.1', port }),
    cut,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
};
