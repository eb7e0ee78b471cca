import type { Ending } from './client.ts';

/** What a writer knows of one of its writes: done, not done, or neither. */
type Fate = 'done' | 'undone' | 'unknown';

/**
 * What clients may see of a server that is harmed, each with what stands before it: nothing but answers; connections
 * that are refused while the server is replaced; connections that break, where it is killed.
 */
const breakages = ['none', 'refused', 'broken'] as const;
export type Breakage = (typeof breakages)[number];

/** A write that was sent; no two have the same number. */
export type Entry = { readonly writer: number; readonly seq: number };

export type LedgerCounts = {
  /** Writes that were acknowledged. */
  readonly done: number;
  /** Writes whose answer was that nothing was done, or that no one took. */
  readonly undone: number;
  /** Writes whose outcome was not told. */
  readonly unknown: number;
  readonly reads: number;
  /** Requests that were answered with 503. */
  readonly unavailable: number;
  /** Requests whose connection broke. */
  readonly broken: number;
  /** Requests whose connection had been kept, and was closed as they were sent. */
  readonly closed: number;
};

/** The only problem that leaves open whether something was done (docs/reference/errors.md). */
const openEnded = 'PGRST001';

const codeOf = (body: string): string | undefined => {
  try {
    return (JSON.parse(body) as { readonly code?: string }).code;
  } catch {
    return undefined;
  }
};

/**
 * The books that are kept outside of the database: what was sent and what was said of it. What should not have been
 * said, and what the database should not hold, are violations.
 */
export class Ledger {
  readonly violations: string[] = [];
  readonly #fates = new Map<string, Fate>();
  readonly #newest = new Map<number, number>();
  readonly #allowed: Breakage;
  #reads = 0;
  #unavailable = 0;
  #broken = 0;
  #closed = 0;

  constructor(allowed: Breakage) {
    this.#allowed = allowed;
  }

  get counts(): LedgerCounts {
    const counts = { done: 0, undone: 0, unknown: 0 };
    for (const fate of this.#fates.values()) counts[fate]++;
    return {
      ...counts,
      reads: this.#reads,
      unavailable: this.#unavailable,
      broken: this.#broken,
      closed: this.#closed,
    };
  }

  /** The last write of that writer that was acknowledged; 0: none. */
  newest(writer: number): number {
    return this.#newest.get(writer) ?? 0;
  }

  /** Notes how a write ended; whether it was acknowledged. */
  noteWrite({ writer, seq }: Entry, ending: Ending): boolean {
    const fate = this.#fateOf(ending);
    this.#fates.set(`${writer}:${seq}`, fate);
    if (fate === 'done') this.#newest.set(writer, seq);
    return fate === 'done';
  }

  /**
   * Notes what a reader was told of the newest write of a writer.
   *
   * @param known the newest that was acknowledged when the reader asked
   * @param sent the newest that was sent by then
   */
  noteRead(writer: number, known: number, sent: number, ending: Ending): void {
    this.#reads++;
    if (ending.kind !== 'answered' || ending.status !== 200) {
      this.#checkRefusal(ending);
      return;
    }
    const seq = readSeq(ending.body);
    if (seq === undefined) this.#report(`a reader was told ${ending.body.slice(0, 200)}`);
    else if (seq < known || seq > sent)
      this.#report(
        `a reader was told that ${seq} is the newest of writer ${writer}, after ${known} was acknowledged`,
      );
  }

  /** Holds the books against what the database has. */
  check(rows: readonly Entry[]): void {
    const found = new Map<string, number>();
    for (const { writer, seq } of rows) {
      const key = `${writer}:${seq}`;
      found.set(key, (found.get(key) ?? 0) + 1);
      if (!this.#fates.has(key)) this.#report(`write ${key} is there, and was never sent`);
    }
    for (const [key, fate] of this.#fates) {
      const times = found.get(key) ?? 0;
      if (times > 1) this.#report(`write ${key} was applied ${times} times`);
      if (fate === 'done' && times === 0) this.#report(`write ${key} was acknowledged, and is lost`);
      if (fate === 'undone' && times > 0) this.#report(`write ${key} was refused, and is there`);
    }
  }

  #allows(breakage: Breakage): boolean {
    return breakages.indexOf(breakage) <= breakages.indexOf(this.#allowed);
  }

  #report(violation: string): void {
    this.violations.push(violation);
  }

  #fateOf(ending: Ending): Fate {
    if (ending.kind === 'answered' && ending.status >= 200 && ending.status < 300) return 'done';
    this.#checkRefusal(ending);
    if (ending.kind === 'refused') return 'undone';
    if (ending.kind !== 'answered') return 'unknown';
    return codeOf(ending.body) === openEnded ? 'unknown' : 'undone';
  }

  /** A request that did not succeed may be answered in one way only. */
  #checkRefusal(ending: Ending): void {
    switch (ending.kind) {
      case 'refused':
        if (!this.#allows('refused')) this.#report('a connection was refused');
        return;
      case 'closed':
        this.#closed++;
        if (!this.#allows('broken')) this.#report('a connection that was kept was closed as it was used');
        return;
      case 'broken':
        this.#broken++;
        if (!this.#allows('broken')) this.#report(`a request was dropped: ${ending.reason}`);
        return;
      case 'hanging':
        this.#report('a request hung');
        return;
      case 'answered':
        if (ending.status !== 503) this.#report(`a request was answered ${ending.status} ${ending.body}`);
        else if (ending.retryAfter === undefined) this.#report(`503 without Retry-After: ${ending.body}`);
        this.#unavailable++;
    }
  }
}

/** The number in `[{"seq":7}]`; 0 in `[]`. */
const readSeq = (body: string): number | undefined => {
  try {
    const rows = JSON.parse(body) as readonly { readonly seq: number }[];
    return Array.isArray(rows) && rows.length < 2 ? (rows[0]?.seq ?? 0) : undefined;
  } catch {
    return undefined;
  }
};
