/** One entry, in a list from the newest to the oldest. */
type Entry<T> = {
  readonly token: string;
  readonly value: T;
  used: boolean;
  newer: Entry<T> | undefined;
  older: Entry<T> | undefined;
};

/** How often it was looked for a token, found, and one dropped to make room, since the start. */
export type TokenCounts = { requests: number; hits: number; evictions: number };

/**
 * Keeps what was found out of tokens, a bounded number of them. When it is full, what was not used since
 * it was last looked at goes (SIEVE, Zhang et al., NSDI 2024): a read only sets a mark.
 */
export class TokenCache<T> {
  readonly #max: number;
  readonly #entries = new Map<string, Entry<T>>();
  #newest: Entry<T> | undefined;
  #oldest: Entry<T> | undefined;
  /** Where the search for an entry to drop goes on, towards the newer ones. */
  #hand: Entry<T> | undefined;

  readonly #counts: TokenCounts;

  constructor(max: number, counts: TokenCounts = { requests: 0, hits: 0, evictions: 0 }) {
    this.#max = max;
    this.#counts = counts;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(token: string): T | undefined {
    this.#counts.requests++;
    const entry = this.#entries.get(token);
    if (entry === undefined) return undefined;
    this.#counts.hits++;
    entry.used = true;
    return entry.value;
  }

  set(token: string, value: T): void {
    this.delete(token);
    if (this.#max < 1) return;
    if (this.#entries.size >= this.#max) this.#evict();
    const entry: Entry<T> = { token, value, used: false, newer: undefined, older: this.#newest };
    if (this.#newest) this.#newest.newer = entry;
    this.#newest = entry;
    this.#oldest ??= entry;
    this.#entries.set(token, entry);
  }

  delete(token: string): void {
    const entry = this.#entries.get(token);
    if (entry === undefined) return;
    const { newer, older } = entry;
    if (newer) newer.older = older;
    else this.#newest = older;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (this.#hand === entry) this.#hand = newer;
    this.#entries.delete(token);
  }

  clear(): void {
    this.#entries.clear();
    this.#newest = undefined;
    this.#oldest = undefined;
    this.#hand = undefined;
  }

  #evict(): void {
    let entry = this.#hand ?? this.#oldest;
    while (entry?.used) {
      entry.used = false;
      entry = entry.newer ?? this.#oldest;
    }
    this.#hand = entry;
    if (entry === undefined) return;
    this.#counts.evictions++;
    this.delete(entry.token);
  }
}
