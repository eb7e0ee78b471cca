import { Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** So long nobody may have come before the door is closed, and so long that is waited for at most. */
const quietMs = 50;
const longestWaitMs = 500;

/**
 * Lets in who stands at the door of a server, and nobody more. To close with somebody in the queue of the system would
 * reset a connection of which the client has been told that it stands, so it closes in a moment in which nobody comes.
 */
export const closeListener = async (server: Server): Promise<void> => {
  const began = performance.now();
  let lastCame = began;
  let came = 0;
  const onCome = (): void => {
    lastCame = performance.now();
    came++;
  };
  server.on('connection', onCome);
  for (;;) {
    const before = came;
    // A turn of the event loop, in which one connection is accepted if there is any.
    await new Promise((resolve) => setImmediate(resolve));
    const now = performance.now();
    const quiet = came === before;
    if (quiet && (now - lastCame >= quietMs || now - began >= longestWaitMs)) break;
    if (now - began >= 2 * longestWaitMs) break;
    if (quiet) await pause(1);
  }
  server.off('connection', onCome);
  // Not by what a server of HTTP makes of it, which would close idle connections at once.
  if (server.listening) Server.prototype.close.call(server);
};
