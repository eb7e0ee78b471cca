import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Handle } from '../http/index.ts';
import {
  type ConnectionServer,
  type HttpServer,
  listen,
  type ServeOptions,
  serveConnections,
} from './server.ts';

const answer = async (): ReturnType<Handle> => ({
  status: 200,
  headers: [['Content-Length', '2']],
  body: Buffer.from('ok'),
});

const options = (handle: Handle): ServeOptions => ({
  routes: [{ prefix: '', handle }],
  cors: { origins: [] },
  traceHeader: undefined,
  agent: 'test',
  onInternalError: () => {},
});

/** A connection of a client that shows what it hears. */
const open = async (port: number) => {
  const socket = connect({ port, host: '127.0.0.1' });
  let heard = '';
  socket.setEncoding('utf8').on('data', (text) => {
    heard += text;
  });
  await once(socket, 'connect');
  // To be cut off is what some tests want.
  socket.on('error', () => {});
  return { socket, heard: () => heard, ended: new Promise((resolve) => socket.once('close', resolve)) };
};

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

describe('a server that ends', () => {
  let server: HttpServer | undefined;
  const sockets: Socket[] = [];
  const client = async () => {
    const opened = await open(server?.port ?? 0);
    sockets.push(opened.socket);
    return opened;
  };
  const start = async (handle: Handle = answer): Promise<void> => {
    server = await listen({ host: '127.0.0.1', port: 0, ...options(handle) });
  };
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server?.close(0);
  });

  /** Resolves when nobody is let in any more. */
  const untilClosed = (): Promise<void> =>
    vi.waitFor(async () => {
      const late = connect({ port: server?.port ?? 0, host: '127.0.0.1' });
      const came = once(late, 'connect').finally(() => late.destroy());
      await expect(came).rejects.toThrow('ECONNREFUSED');
    }, 10_000);

  test('answers a request that comes on a connection that was idle, and says that it is the last', async () => {
    await start();
    const { socket, heard, ended } = await client();
    socket.write(get);
    await expect.poll(heard).toContain('ok');
    expect(heard()).not.toContain('Connection: close');
    const closed = server?.close(10_000, 5_000);
    await untilClosed();
    socket.write(get);
    await ended;
    expect(heard().match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(heard()).toContain('Connection: close');
    await closed;
  });

  test('sends nobody away while somebody could still come in, whom the closing would reset', async () => {
    await start();
    const { socket, heard } = await client();
    socket.write(get);
    await expect.poll(heard).toContain('ok');
    const closed = server?.close(10_000, 50);
    socket.write(get);
    await expect.poll(() => heard().match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(heard()).not.toContain('Connection: close');
    await closed;
  });

  test('lets who comes meanwhile wait until nobody comes, and answers then', async () => {
    await start();
    const closed = server?.close(10_000, 50);
    const { socket, heard, ended } = await client();
    socket.write(get);
    await ended;
    // The last answer of its connection, as the door was closed when it was given.
    expect(heard()).toContain('HTTP/1.1 200 OK');
    expect(heard()).toContain('Connection: close');
    await closed;
  });

  test('answers a request whose head is still coming', async () => {
    await start();
    const { socket, heard, ended } = await client();
    socket.write(get.slice(0, 20));
    // So that it has begun.
    const other = await client();
    other.socket.write(get);
    await expect.poll(other.heard).toContain('ok');
    const closed = server?.close(10_000, 0);
    await other.ended;
    socket.write(get.slice(20));
    await ended;
    expect(heard()).toContain('HTTP/1.1 200 OK');
    await closed;
  });

  test('closes what stays silent', async () => {
    await start();
    const { ended } = await client();
    await server?.close(60_000, 50);
    await ended;
  });

  test('cuts off what takes longer than its grace', async () => {
    await start(() => new Promise(() => {}));
    const { socket, heard, ended } = await client();
    socket.write(get);
    await server?.close(50);
    await ended;
    expect(heard()).toBe('');
  });
});

test('connections that another has accepted are served, and ended', async () => {
  const served: ConnectionServer = serveConnections(options(answer));
  const door = createServer({ pauseOnConnect: true }, (socket) => {
    served.take(socket);
    socket.resume();
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const { port } = door.address() as { readonly port: number };
  const { socket, heard, ended } = await open(port);
  socket.write(get);
  await expect.poll(heard).toContain('ok');
  const closed = served.close(1_000, 0);
  await ended;
  await closed;
  door.close();
});
