import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import type { Socket } from 'node:net';
import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Observe } from '../../base/index.ts';
import { AppFailure } from '../failure.ts';
import type { FromWorker, ToWorker, WorkerJob } from './worker-message.ts';

export type CrewOptions = {
  readonly observe: Observe;
  /** How long a new worker may take until it can answer. Default: 60,000 ms. */
  readonly readyMs?: number;
};

/** How the pauses before a worker is replaced grow, and after how long a life they begin anew. */
const firstPauseMs = 100;
const longestPauseMs = 10_000;
const livedMs = 10_000;
/** So much longer than its grace a worker may take to end. */
const slackMs = 5_000;
/** As many connections wait for a worker, at most. */
const mostWaiting = 1_000;

const program = fileURLToPath(new URL(`./worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url));

/** Our settings come as the job; the login of the owner and the like are none of a worker's business. */
const workerEnvironment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ASHLAR_'))),
  // Compiled code is kept where the parent keeps its own.
  NODE_COMPILE_CACHE: getCompileCacheDir(),
});

/**
 * V8 lets its young generation grow to three times 32 MiB by itself. With half of that a process is as fast, and 40 MiB
 * smaller under load (bench/below-the-bar.md).
 */
const YOUNG_GENERATION = '--max-semi-space-size=16';

/** One process that answers requests. */
class Worker {
  readonly #child: ChildProcess;
  readonly ready: Promise<void>;
  readonly exited: Promise<string>;
  readonly bornAt = performance.now();
  /** Connections that it was given, in their order, and has not said to have taken. */
  #given: Socket[] = [];
  /** It is told to end, so its end is no surprise. */
  stopping = false;
  /** Somebody waits whether it becomes ready, and sees to it if not. */
  onTrial: boolean;

  /** @param onReturned gets connections that it was given and has not taken when it ended */
  constructor(job: WorkerJob, onTrial: boolean, onReturned: (socket: Socket) => void) {
    this.onTrial = onTrial;
    this.#child = fork(program, [], {
      // One that was said to this process counts more, as the last does.
      execArgv: [YOUNG_GENERATION, ...process.execArgv],
      env: workerEnvironment(),
      serialization: 'json',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const child = this.#child;
    // What could not be sent is told by its end.
    child.on('error', () => {});
    // All that it had said was heard by then. (Node's "disconnect" is not told while a connection is on its way.)
    child.once('close', () => {
      for (const socket of this.#given.splice(0)) onReturned(socket);
    });
    this.exited = new Promise((resolve) =>
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)),
    );
    this.ready = new Promise((resolve, reject) => {
      child.on('message', (message: FromWorker) => {
        switch (message.kind) {
          case 'ready':
            resolve();
            return;
          case 'took':
            // It has one of its own now.
            this.#given.shift()?.destroy();
            return;
          case 'failed':
            reject(new AppFailure(message.reason));
        }
      });
      void this.exited.then((how) =>
        reject(new AppFailure(`A worker has ended before it was ready (${how}).`)),
      );
    });
    this.ready.catch(() => {});
    this.#send({ kind: 'job', job });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get connected(): boolean {
    return this.#child.connected;
  }

  /** Gives it a connection, and keeps it until it has taken it: one that it dies with is not lost. */
  take(socket: Socket): void {
    const message: ToWorker = { kind: 'connection' };
    this.#given.push(socket);
    this.#child.send(message, socket, { keepOpen: true }, (error: NodeJS.ErrnoException | null) => {
      // It is dead, and its end comes soon.
      if (error === null || error.code === 'EPIPE' || error.code === 'ECONNRESET') return;
      this.#given = this.#given.filter((other) => other !== socket);
      socket.destroy();
    });
  }

  /** Lets it answer what it has, and waits for its end. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    this.#send({ kind: 'stop' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs + slackMs);
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #send(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}

/**
 * The workers of a server: so many as were asked for, each replaced when it dies, and all of them when the
 * settings are read anew. Connections go to those that are ready, one after the other, and wait while there is
 * none.
 */
export class Crew {
  readonly #options: CrewOptions;
  #job: WorkerJob;
  readonly #workers = new Set<Worker>();
  #ready: Worker[] = [];
  #next = 0;
  readonly #waiting: Socket[] = [];
  #pauseMs = 0;
  #stopped = false;

  constructor(job: WorkerJob, options: CrewOptions) {
    this.#job = job;
    this.#options = options;
  }

  /** The processes that can answer now. */
  get pids(): readonly number[] {
    return this.#ready.map(({ pid }) => pid);
  }

  /**
   * Starts all workers, and waits until each can answer.
   *
   * @throws AppFailure where one cannot; then all are stopped
   */
  async start(): Promise<void> {
    const trials = Array.from({ length: this.#job.values.workers }, () => this.#try());
    try {
      await Promise.all(trials);
    } catch (error) {
      this.#stopped = true;
      for (const worker of this.#workers) worker.kill();
      await Promise.all([...this.#workers].map(({ exited }) => exited));
      throw error;
    }
  }

  /** Gives a connection to the next worker. */
  take = (socket: Socket): void => {
    // One that has died may not have been told of yet.
    this.#ready = this.#ready.filter(({ connected }) => connected);
    const worker = this.#ready[this.#next++ % this.#ready.length];
    if (worker !== undefined) worker.take(socket);
    else if (this.#stopped || this.#waiting.length >= mostWaiting) socket.destroy();
    else this.#waiting.push(socket);
  };

  /**
   * Replaces the workers one by one: each new one is ready before the one that it follows is let go.
   *
   * @throws AppFailure where a new one cannot do the job; those that are left go on
   */
  async roll(job: WorkerJob): Promise<void> {
    const before = this.#job;
    const old = [...this.#workers];
    this.#job = job;
    const wanted = job.values.workers;
    for (let i = 0; i < wanted && !this.#stopped; i++) {
      try {
        await this.#try();
      } catch (error) {
        this.#job = before;
        throw error;
      }
      const follows = old.shift();
      if (follows !== undefined) await this.#dismiss(follows);
    }
    await Promise.all(old.map((worker) => this.#dismiss(worker)));
  }

  /** Lets all answer what they have, and waits for their end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const socket of this.#waiting.splice(0)) socket.destroy();
    await Promise.all([...this.#workers].map((worker) => this.#dismiss(worker)));
  }

  async #dismiss(worker: Worker): Promise<void> {
    this.#ready = this.#ready.filter((other) => other !== worker);
    await worker.stop(this.#job.values.shutdownGrace * 1000);
  }

  /** Starts a worker whose failure is the caller's to tell. */
  async #try(): Promise<void> {
    const worker = this.#spawn(true);
    try {
      await this.#untilReady(worker);
      worker.onTrial = false;
      // All were stopped while it started.
      if (this.#stopped) await this.#dismiss(worker);
    } catch (error) {
      worker.kill();
      throw error;
    }
  }

  #spawn(onTrial: boolean): Worker {
    const worker = new Worker(this.#job, onTrial, this.take);
    this.#workers.add(worker);
    void worker.exited.then((how) => this.#onExit(worker, how));
    worker.ready.then(
      () => {
        if (worker.stopping) return;
        this.#ready.push(worker);
        for (const socket of this.#waiting.splice(0)) this.take(socket);
      },
      () => {},
    );
    return worker;
  }

  async #untilReady(worker: Worker): Promise<void> {
    const { readyMs = 60_000 } = this.#options;
    const late = new AbortController();
    const tooLate = pause(readyMs, undefined, { signal: late.signal }).then(() => {
      throw new AppFailure(
        `A worker could not answer within ${readyMs / 1000} s. The log tells what it waited for.`,
      );
    });
    tooLate.catch(() => {});
    try {
      await Promise.race([worker.ready, tooLate]);
    } finally {
      late.abort();
    }
  }

  /** Replaces a worker that has died: at once the first time, then after pauses that become longer. */
  async #onExit(worker: Worker, how: string): Promise<void> {
    this.#workers.delete(worker);
    this.#ready = this.#ready.filter((other) => other !== worker);
    if (this.#stopped || worker.stopping || worker.onTrial) return;
    if (performance.now() - worker.bornAt > livedMs) this.#pauseMs = 0;
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(longestPauseMs, Math.max(firstPauseMs, 2 * pauseMs));
    const { observe } = this.#options;
    observe({
      level: 'error',
      name: 'app.worker-died',
      message: `a worker has died (${how}) and is replaced`,
      fields: { worker: worker.pid, pauseMs },
    });
    await pause(pauseMs);
    if (this.#stopped) return;
    const next = this.#spawn(false);
    this.#untilReady(next).then(
      () =>
        observe({
          level: 'info',
          name: 'app.worker-replaced',
          message: 'a new worker answers',
          fields: { worker: next.pid },
        }),
      (error: Error) => {
        observe({ level: 'error', name: 'app.worker-failed', message: error.message });
        // Its end brings the next one.
        next.kill();
      },
    );
  }
}
