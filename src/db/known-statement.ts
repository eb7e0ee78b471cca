/**
 * What the pool remembers of a statement by its key, for as long as it is in use.
 */
export type KnownStatement = {
  readonly key: string;
  /** It begins or ends a transaction: nothing may be sent behind it before it is answered. */
  readonly control: boolean;
  /** When it was last used, and the time before that, by the book's clock; 0: never. */
  usedAt: number;
  usedBefore: number;
};

const keptStatements = 10_000;

/** The statements a pool has seen, by key. The longest unused half is forgotten when there are too many. */
export class StatementBook {
  readonly #byKey = new Map<string, KnownStatement>();
  #clock = 0;

  /** Finds or enters the statement, and notes that it is used now. */
  use(key: string, text: string): KnownStatement {
    let known = this.#byKey.get(key);
    if (!known) {
      if (this.#byKey.size >= keptStatements) this.#forgetHalf();
      known = { key, control: controlsTransaction(text), usedAt: 0, usedBefore: 0 };
      this.#byKey.set(key, known);
    }
    known.usedBefore = known.usedAt;
    known.usedAt = ++this.#clock;
    return known;
  }

  #forgetHalf(): void {
    const byUse = [...this.#byKey.values()].sort((a, b) => a.usedAt - b.usedAt);
    for (const known of byUse.slice(0, byUse.length / 2)) this.#byKey.delete(known.key);
  }
}

const control =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:begin|start|commit|end|rollback|abort|savepoint|release|prepare)\b/i;

/** Whether the statement begins or ends a transaction (or a part of one) by its first word. */
export const controlsTransaction = (text: string): boolean => control.test(text);
