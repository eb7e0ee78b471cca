/** One run of a read, and those who will have its answer. */
type Flight<T> = {
  /** The run that has been sent. */
  readonly running: Promise<T>;
  /** The run that is sent when that one is over; who comes meanwhile waits for it. */
  next: Promise<T> | undefined;
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
   * @param run starts the read; its snapshot is taken after this call
   */
  run(key: string, run: () => Promise<T>): Promise<T> {
    const flight = this.#flights.get(key);
    if (flight === undefined) return this.#start(key, run);
    // The run after this one begins later than now, so it sees all that this caller may know of.
    flight.next ??= flight.running.then(
      () => this.#start(key, run),
      () => this.#start(key, run),
    );
    return flight.next;
  }

  #start(key: string, run: () => Promise<T>): Promise<T> {
    const running = run();
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
