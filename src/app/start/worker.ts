// The program of a worker: it answers requests on connections that its parent has accepted. It ends when the
// parent says so, or when the parent is gone.
import type { Socket } from 'node:net';
import process from 'node:process';
import { explainFailure } from '../failure.ts';
import { internalError } from '../internal-error.ts';
import { openServerLog } from '../process-log.ts';
import { serveJob, type WorkerServer } from './serve-job.ts';
import type { FromWorker, ToWorker, WorkerJob } from './worker-message.ts';

const tell = (message: FromWorker, then = (): void => {}): void => {
  // A parent that is gone has no use for it.
  if (process.connected) process.send?.(message, then);
  else then();
};

let flush = (): void => {};
const end = (code: number): never => {
  flush();
  process.exit(code);
};

let serving: Promise<WorkerServer> | undefined;
let observe = (_error: unknown): void => {};

const begin = async (job: WorkerJob): Promise<WorkerServer> => {
  const opened = openServerLog(job.values);
  const { log } = opened;
  flush = opened.flush;
  observe = (error) => log.observe(internalError('app.worker-failed', error));
  const server = await serveJob(job, log);
  server.ready.then(
    () => tell({ kind: 'ready' }),
    (error: unknown) => fail(error),
  );
  return server;
};

const fail = (error: unknown): void => {
  const reason = explainFailure(error);
  if (reason === undefined) observe(error);
  tell({ kind: 'failed', reason: reason ?? 'A worker met an internal error; the log has more.' }, () =>
    end(1),
  );
};

process.on('message', (message: ToWorker, socket?: Socket) => {
  switch (message.kind) {
    case 'job':
      serving = begin(message.job);
      serving.catch(fail);
      return;
    case 'connection':
      tell({ kind: 'took' });
      // The client may have left on the way here.
      if (socket !== undefined)
        serving?.then(
          (server) => server.take(socket),
          () => socket.destroy(),
        );
      return;
    case 'stop':
      void Promise.resolve(serving)
        .then((server) => server?.close())
        .then(
          () => end(0),
          () => end(1),
        );
  }
});

// A terminal and a service manager send these to all processes of a group; the parent says what follows.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

process.on('disconnect', () => {
  void Promise.resolve(serving)
    .then((server) => server?.close())
    .finally(() => end(1));
});

process.on('uncaughtException', (error) => {
  observe(error);
  end(1);
});
