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
  /** How long one keeps the server busy, in ms, as far as we can tell. */
  pace: number;
  /** How many were answered. */
  answered: number;
};

/**
 * Notes how long an exchange with the statement took. A statement that always comes with others (a setting made in
 * front) must not be blamed for them, so what counts is the shortest time; it rises only slowly, in case the
 * statement has become slow.
 */
export const noteCost = (known: KnownStatement, ms: number): void => {
  known.cost = known.cost === undefined ? ms : Math.min(ms, known.cost * 1.25 + 0.05);
};

/** So many answers tell little yet: the first ones were parsed and planned, on each connection anew. */
const newAnswers = 8;

/**
 * Notes how long the server was at work for an exchange with the statement: the time between two chunks of answers, by
 * their number. Much makes that time longer (we were busy, the server waited for a core), little makes it shorter, so
 * what is shorter counts for more, and for most while the statement is new.
 */
export const notePace = (known: KnownStatement, ms: number): void => {
  const shorter = known.answered < newAnswers ? 0.6 : 0.2;
  known.pace =
    known.answered++ === 0 ? ms : known.pace + (ms - known.pace) * (ms < known.pace ? shorter : 0.02);
};

/** How long an exchange of these statements keeps the server busy: as long as the rarest, which sets it apart. */
export const expectMs = (statements: readonly (KnownStatement | undefined)[]): number => {
  let rarest: KnownStatement | undefined;
  for (let i = 0; i < statements.length; i++) {
    const known = statements[i];
    if (known && (rarest === undefined || known.answered <= rarest.answered)) rarest = known;
  }
  return rarest?.pace ?? 0;
};

/** Twice as many as there are plans at most: one that is forgotten is taken for slow when it comes again. */
const keptStatements = 25_000;
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
      known = {
        key,
        text,
        control: controlsTransaction(text),
        usedAt: 0,
        usedBefore: 0,
        cost: undefined,
        pace: 0,
        answered: 0,
      };
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
