/**
 * What the pool remembers of a statement by its key, for as long as it is in use.
 */
export type KnownStatement = {
  readonly key: string;
  /** What it is prepared from. */
  readonly text: string;
  /** It begins or ends a transaction: nothing may be sent behind it before it is answered. */
  readonly control: boolean;
  /** When it was last used, and the time before that, by the book's clock; 0: never. */
  usedAt: number;
  usedBefore: number;
  /** How long an exchange with it takes at the least these days, in ms; undefined: it was never answered. */
  cost: number | undefined;
};

/**
 * Notes how long an exchange with the statement took. A statement that always comes with others (a setting made in
 * front) must not be blamed for them, so what counts is the shortest time; it rises only slowly, in case the
 * statement has become slow.
 */
export const noteCost = (known: KnownStatement, ms: number): void => {
  known.cost = known.cost === undefined ? ms : Math.min(ms, known.cost * 1.25 + 0.05);
};

const keptStatements = 10_000;
/** Of the texts of all of them. */
const keptCharacters = 16 * 1024 * 1024;

/** The statements a pool has seen, by key. The longest unused half is forgotten when there are too many. */
export class StatementBook {
  readonly #byKey = new Map<string, KnownStatement>();
  #characters = 0;
  #clock = 0;

  get size(): number {
    return this.#byKey.size;
  }

  /**
   * Finds or enters the statement, and notes that it is used now. A key that stands for another text by now (its
   * user was made anew, and counts from one again) is another statement: what is prepared must never run for it.
   */
  use(key: string, text: string): KnownStatement {
    let known = this.#byKey.get(key);
    if (known?.text !== text) {
      if (known) this.#forget(known);
      if (this.#byKey.size >= keptStatements || this.#characters > keptCharacters) this.#forgetHalf();
      known = { key, text, control: controlsTransaction(text), usedAt: 0, usedBefore: 0, cost: undefined };
      this.#byKey.set(key, known);
      this.#characters += text.length;
    }
    known.usedBefore = known.usedAt;
    known.usedAt = ++this.#clock;
    return known;
  }

  #forgetHalf(): void {
    const byUse = [...this.#byKey.values()].sort((a, b) => a.usedAt - b.usedAt);
    for (const known of byUse.slice(0, byUse.length / 2)) this.#forget(known);
  }

  #forget(known: KnownStatement): void {
    this.#byKey.delete(known.key);
    this.#characters -= known.text.length;
  }
}

const control =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:begin|start|commit|end|rollback|abort|savepoint|release|prepare)\b/i;

/** Whether the statement begins or ends a transaction (or a part of one) by its first word. */
export const controlsTransaction = (text: string): boolean => control.test(text);
