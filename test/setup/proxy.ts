import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import type { ConnectOptions } from '../../src/db/index.ts';

/** A stretch of cable between a pool and Postgres that can be watched, cut in pieces, slowed down or broken. */
export type Proxy = {
  readonly port: number;
  /** The same login, by way of the proxy. */
  readonly through: (options: ConnectOptions) => ConnectOptions;
  /** Breaks all connections. */
  readonly cut: () => void;
  /** Breaks all connections as a machine does that knows nothing of them (RST). */
  readonly reset: () => void;
  /**
   * Lets nothing pass any more on the connections there are, which stay open for those at their ends; with
   * `new`, on those to come neither, until it is called off.
   */
  readonly freeze: (which?: 'present' | 'new') => void;
  readonly thaw: () => void;
  /** Lets everything pass so much later, from now on. */
  readonly slowDown: (ms: number) => void;
  /** Breaks each connection after so many bytes of the server, counted from now on; undefined: none. */
  readonly cutAfter: (bytes: number | undefined) => void;
  readonly close: () => Promise<void>;
};

export type ProxyOptions = {
  /** Sees what the client sends. */
  readonly onClientBytes?: (bytes: Buffer) => void;
  /** Passes on what the server sends: as it is, in pieces, or not at all. */
  readonly onServerBytes?: (bytes: Buffer, client: Socket) => void;
};

/** One direction of a connection: passes things on in their order, each when its time has come. */
class Lane {
  readonly #waiting: { readonly at: number; readonly pass: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  push(delayMs: number, pass: () => void): void {
    if (delayMs === 0 && this.#waiting.length === 0) {
      pass();
      return;
    }
    this.#waiting.push({ at: performance.now() + delayMs, pass });
    this.#arm();
  }

  #arm(): void {
    const [first] = this.#waiting;
    if (first === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        while (this.#waiting[0] && this.#waiting[0].at <= performance.now() + 1)
          this.#waiting.shift()?.pass();
        this.#arm();
      },
      Math.max(0, first.at - performance.now()),
    );
  }
}

/** Starts a proxy in front of the server of `target`, on that port or any. */
export const startProxy = async (
  target: ConnectOptions,
  options: ProxyOptions = {},
  atPort = 0,
): Promise<Proxy> => {
  const { onServerBytes = (bytes, client) => void client.write(bytes) } = options;
  const sockets = new Set<Socket>();
  const frozen = new Set<Socket>();
  let freezesNew = false;
  let delayMs = 0;
  let limit: number | undefined;
  /** Counts the settings of the limit: bytes are counted from the last one on. */
  let limitSerial = 0;

  const server = createServer({ noDelay: true }, (client) => {
    const path = target.host.startsWith('/') ? `${target.host}/.s.PGSQL.${target.port}` : undefined;
    const upstream = path ? createConnection(path) : createConnection(target.port, target.host);
    const lanes = { up: new Lane(), down: new Lane() };
    let counted = { serial: limitSerial, bytes: 0 };
    if (freezesNew) frozen.add(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        frozen.delete(client);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => {
      options.onClientBytes?.(bytes);
      if (frozen.has(client)) return;
      lanes.up.push(delayMs, () => void upstream.write(bytes));
    });
    const passDown = (bytes: Buffer): void => {
      if (counted.serial !== limitSerial) counted = { serial: limitSerial, bytes: 0 };
      counted.bytes += bytes.length;
      if (limit !== undefined && counted.bytes > limit) {
        onServerBytes(bytes.subarray(0, Math.max(0, bytes.length - (counted.bytes - limit))), client);
        client.end();
        return;
      }
      onServerBytes(bytes, client);
      // A cable holds little: what its end does not take, its beginning does not get rid of.
      if (!client.writableNeedDrain) return;
      upstream.pause();
      client.once('drain', () => upstream.resume());
    };
    upstream.on('data', (bytes: Buffer) => {
      if (frozen.has(client)) return;
      lanes.down.push(delayMs, () => passDown(bytes));
    });
  });
  await new Promise<void>((listening) => server.listen(atPort, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    through: (login) => ({ ...login, host: '127.0.0.1', port }),
    cut,
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    freeze: (which = 'present') => {
      if (which === 'new') freezesNew = true;
      for (const socket of sockets) frozen.add(socket);
    },
    thaw: () => {
      freezesNew = false;
      // What was swallowed is gone; to go on in the middle would be another cable than there is.
      for (const socket of frozen) socket.destroy();
    },
    slowDown: (ms) => {
      delayMs = ms;
    },
    cutAfter: (bytes) => {
      limit = bytes;
      limitSerial++;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
};
