import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { closeListener } from '../close-listener.ts';
import { explainListen } from '../explain-listen.ts';
import { printAddress } from '../server.ts';

/**
 * Accepts connections for the workers. It listens from the first moment, so that nobody takes the port while the
 * database starts; who comes early waits.
 */
export class FrontDoor {
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  #take: ((socket: Socket) => void) | undefined;

  private constructor() {
    // What the client sends is for the worker to read.
    this.#server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
      // A client that leaves before it has a worker.
      socket.on('error', () => {});
      if (this.#take === undefined) this.#waiting.push(socket);
      else this.#take(socket);
    });
  }

  /** @throws AppFailure where the port is taken, or the address is not of this machine */
  static async open(host: string, port: number): Promise<FrontDoor> {
    const door = new FrontDoor();
    await explainListen(host, port, 'choose another one with --port', async () => {
      door.#server.listen({ host, port });
      await once(door.#server, 'listening');
    });
    return door;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `127.0.0.1:4000` */
  get address(): string {
    return printAddress(this.#server.address());
  }

  /** Hands connections on, those that wait first. */
  lead(take: (socket: Socket) => void): void {
    this.#take = take;
    for (const socket of this.#waiting.splice(0)) take(socket);
  }

  /** Takes nobody more; so that there soon is nobody, those who come meanwhile wait until it is closed. */
  async close(): Promise<void> {
    const take = this.#take;
    this.#take = undefined;
    await closeListener(this.#server);
    for (const socket of this.#waiting.splice(0)) {
      if (take === undefined) socket.destroy();
      else take(socket);
    }
  }
}
