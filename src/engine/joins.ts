import { Cancel, type CancelSignal } from '../base/index.ts';

/** Starts a read; `signal` aborts when nobody waits for it any more. */
type Start<T> = (signal: CancelSignal | undefined) => Promise<T>;

/** A run that is sent when the one before it is over, and how many wait for it. */
type Shared<T> = {
  readonly answer: Promise<T>;
  readonly abandoned: Cancel;
  waiting: number;
  /** Nobody can join it any more. */
  begun: boolean;
};

/** A key's run that has been sent, and the one that will be when it is over; who comes meanwhile waits for that. */
type Flight<T> = {
  readonly running: Promise<T>;
  next: Shared<T> | undefined;
};

/** Waits for a run until the caller leaves; the last to leave abandons it. */
const join = <T>(run: Shared<T>, signal: CancelSignal | undefined): Promise<T> => {
  run.waiting++;
  if (signal === undefined) return run.answer;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      run.waiting--;
      // One that has not begun may still be joined by others, who must not pay for this one's leaving.
      if (run.waiting === 0 && run.begun) run.abandoned.abort(signal.reason);
      reject(signal.reason);
    };
    const stay = (): void => signal.removeEventListener('abort', leave);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    run.answer.then(
      (value) => {
        stay();
        resolve(value);
      },
      (error) => {
        stay();
        reject(error);
      },
    );
  });
};

/**
 * Joins reads that are the same: while one is under way, all others of its key wait for one more,
 * which is sent when it is over. A read never joins one that has been sent already, as that may not
 * see a write which was acknowledged before the read came.
 */
export class Joins<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /**
   * Runs a read, or waits for the run that it joins.
   *
   * @param key equal for reads that must give the same answer at the same moment
   * @param start starts the read; its snapshot is taken after this call. It fails with the signal's reason when that
   * aborts
   * @param signal aborts when this caller has left: a run that nobody waits for is abandoned
   */
  run(key: string, start: Start<T>, signal?: CancelSignal): Promise<T> {
    const flight = this.#flights.get(key);
    // Nobody joins what is sent at once, so it is this caller's alone: most reads cost no more than this.
    if (flight === undefined) return this.#start(key, start, signal);
    // The run after this one begins later than now, so it sees all that this caller may know of.
    flight.next ??= this.#startAfter(flight, key, start);
    return join(flight.next, signal);
  }

  #startAfter(before: Flight<T>, key: string, start: Start<T>): Shared<T> {
    const abandoned = new Cancel();
    const begin = (): Promise<T> => {
      run.begun = true;
      if (run.waiting === 0) abandoned.abort();
      return this.#start(key, start, abandoned);
    };
    const answer = before.running.then(begin, begin);
    const run: Shared<T> = { answer, abandoned, waiting: 0, begun: false };
    return run;
  }

  #start(key: string, start: Start<T>, signal: CancelSignal | undefined): Promise<T> {
    const running = start(signal);
    const flight: Flight<T> = { running, next: undefined };
    this.#flights.set(key, flight);
    const settle = (): void => {
      if (flight.next === undefined && this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    running.then(settle, settle);
    return running;
  }

  /** Keys with a run under way. */
  get size(): number {
    return this.#flights.size;
  }
}
