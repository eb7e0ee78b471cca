import type { ConnectOptions } from '../../src/db/index.ts';

/** What a contender is told: where the database is, and what tokens are signed with. */
export type Task = {
  readonly connect: ConnectOptions & { readonly password: string };
  readonly secret: string;
};

export const readTask = (): Task => JSON.parse(process.env.BENCH_TASK ?? '') as Task;

/** Tells the bench where this contender answers. It ends in order, so that `--cpu-prof` leaves a profile. */
export const tellReady = (port: number): void => {
  process.once('SIGTERM', () => process.exit(0));
  // The bench is gone, however it went.
  process.once('disconnect', () => process.exit(0));
  process.stdout.write(`${JSON.stringify({ port })}\n`);
};
