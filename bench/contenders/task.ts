import type { Task } from '../contender.ts';

export const readTask = (): Task => JSON.parse(process.env.BENCH_TASK ?? '') as Task;

/** Tells the bench where this contender answers. */
export const tellReady = (port: number): void => {
  process.once('SIGTERM', () => process.exit(0));
  // The bench is gone, however it went.
  process.once('disconnect', () => process.exit(0));
  process.stdout.write(`${JSON.stringify({ port })}\n`);
};

/** The same, of a server that listens. */
export const tellListening = (server: import('node:net').Server): void => {
  const address = server.address();
  tellReady(typeof address === 'object' && address !== null ? address.port : 0);
};
