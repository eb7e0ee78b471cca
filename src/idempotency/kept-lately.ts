import { MOST_KEPT } from './sweep.ts';

/**
 * Bytes that this process has kept for each owner since the last sweep: between two of them much can come. What it
 * counts may have been undone with its transaction, which the next sweep finds out.
 */
export class KeptLately {
  readonly #bytes = new Map<string, number>();
  readonly #most: number;
  #swept: unknown;

  constructor(most = MOST_KEPT) {
    this.#most = most;
  }

  /** @param swept what the last sweep has found: another one begins the count anew */
  isFull(owner: string, swept: unknown): boolean {
    if (swept !== this.#swept) this.#bytes.clear();
    this.#swept = swept;
    return (this.#bytes.get(owner) ?? 0) >= this.#most;
  }

  add(owner: string, bytes: number): void {
    this.#bytes.set(owner, (this.#bytes.get(owner) ?? 0) + bytes);
  }
}
