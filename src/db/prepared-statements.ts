import type { KnownStatement } from './known-statement.ts';

/** A statement under a name of its own on one connection. */
export type PreparedStatement = {
  readonly known: KnownStatement;
  /** Its name on the connection; a name is never used twice. */
  readonly name: string;
  /** ParseComplete has come; before, only the exchange that carries the Parse may rely on it. */
  ready: boolean;
};

/**
 * What is prepared on one connection. It holds at most `limit` statements: when it is full, a
 * statement gets a place only if it was used more recently (its previous use) than the place's holder,
 * so a run of one-off statements cannot drive out those in daily use.
 */
export class PreparedStatements {
  readonly #limit: number;
  readonly #byStatement = new Map<KnownStatement, PreparedStatement>();
  #names = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#byStatement.size;
  }

  get(known: KnownStatement): PreparedStatement | undefined {
    return this.#byStatement.get(known);
  }

  /**
   * Makes a place for the statement; undefined: it is too rare for one. The name of the statement that
   * loses its place is added to `obsolete`.
   */
  admit(known: KnownStatement, obsolete: string[]): PreparedStatement | undefined {
    if (this.#limit === 0) return undefined;
    if (this.#byStatement.size >= this.#limit) {
      const oldest = this.#leastRecentlyUsed();
      if (!oldest || oldest.known.usedAt >= known.usedBefore) return undefined;
      this.#byStatement.delete(oldest.known);
      obsolete.push(oldest.name);
    }
    const prepared: PreparedStatement = { known, name: `a${++this.#names}`, ready: false };
    this.#byStatement.set(known, prepared);
    return prepared;
  }

  /** The statement is not (or no longer) prepared under this name. */
  forget(prepared: PreparedStatement): void {
    if (this.#byStatement.get(prepared.known) === prepared) this.#byStatement.delete(prepared.known);
  }

  clear(): void {
    this.#byStatement.clear();
  }

  #leastRecentlyUsed(): PreparedStatement | undefined {
    let oldest: PreparedStatement | undefined;
    for (const prepared of this.#byStatement.values()) {
      if (prepared.ready && (!oldest || prepared.known.usedAt < oldest.known.usedAt)) oldest = prepared;
    }
    return oldest;
  }
}
