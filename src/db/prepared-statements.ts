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
 * Postgres keeps what it has parsed and planned of a prepared statement, some hundred times the statement's text
 * (measured: 5 MB for 30 kB). So that requests cannot fill its memory, long texts are never prepared, and all
 * that are on a connection have so many characters at most.
 */
const maxCharacters = 256 * 1024;
const longestText = 16 * 1024;

/**
 * What is prepared on one connection. It holds at most `limit` statements: when it is full, a
 * statement gets a place only if it was used more recently (its previous use) than the place's holder,
 * so a run of one-off statements cannot drive out those in daily use.
 */
export class PreparedStatements {
  readonly #limit: number;
  readonly #byStatement = new Map<KnownStatement, PreparedStatement>();
  #characters = 0;
  #names = 0;
  /** When the least recently used was used, the last time that it was looked for; it can only be later by now. */
  #oldestUse = 0;

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
   * Makes a place for the statement; undefined: it is too rare for one, or too long. The names of statements
   * that lose their places are added to `obsolete`.
   */
  admit(known: KnownStatement, obsolete: string[]): PreparedStatement | undefined {
    const { length } = known.text;
    if (this.#limit === 0 || length > longestText) return undefined;
    while (this.#byStatement.size >= this.#limit || this.#characters + length > maxCharacters) {
      if (this.#oldestUse >= known.usedBefore) return undefined;
      const oldest = this.#leastRecentlyUsed();
      this.#oldestUse = oldest?.known.usedAt ?? 0;
      if (!oldest || oldest.known.usedAt >= known.usedBefore) return undefined;
      this.forget(oldest);
      obsolete.push(oldest.name);
    }
    const prepared: PreparedStatement = { known, name: `a${++this.#names}`, ready: false };
    this.#byStatement.set(known, prepared);
    this.#characters += length;
    return prepared;
  }

  /** The statement is not (or no longer) prepared under this name. */
  forget(prepared: PreparedStatement): void {
    if (this.#byStatement.get(prepared.known) !== prepared) return;
    this.#byStatement.delete(prepared.known);
    this.#characters -= prepared.known.text.length;
  }

  clear(): void {
    this.#byStatement.clear();
    this.#characters = 0;
  }

  #leastRecentlyUsed(): PreparedStatement | undefined {
    let oldest: PreparedStatement | undefined;
    for (const prepared of this.#byStatement.values()) {
      if (prepared.ready && (!oldest || prepared.known.usedAt < oldest.known.usedAt)) oldest = prepared;
    }
    return oldest;
  }
}
