import { shapeKey } from '../engine/index.ts';
import { type Ask, TAKEN, takeValues } from '../request/index.ts';
import { canonicalQuery, encodeParameter } from './canonical-query.ts';
import type { AskedPage } from './page.ts';

/** A read as it was understood. */
export type AskedRead = {
  readonly ask: Ask;
  readonly page: AskedPage;
  /** The query string in its one form; undefined: nobody has made it yet. */
  readonly canonicalQuery?: string;
};

/** A read that was asked for before, with other values. */
type KnownRead = AskedRead & {
  /** Where in `ask.query.values` each value that is taken out belongs. */
  readonly slots: readonly number[];
  /** The canonical query, cut where values belong, and which of them belongs where. */
  readonly pieces: readonly string[];
  readonly order: readonly number[];
};

/** So many are known at once, and as many more until they have not been asked for. */
const MOST = 500;
/** Of their texts, together: what is known of a read takes up to fifty times as much as its text. */
const MOST_CHARACTERS = 100_000;
/** What is longer is rare, and not worth the memory. */
const LONGEST = 2_000;

/** Stands for a value while it is found out where values belong. */
const MARK = 'value0of0a0read';
const markOf = (n: number): string => `${MARK}${n}x`;
const anyMark = new RegExp(`${MARK}(\\d+)x`);

/** Puts marks in the place of the values that were taken out. */
const markQuery = (text: string): string => {
  let n = 0;
  return text.replaceAll(TAKEN, () => markOf(n++));
};

/** Learns from a read with marks for values where values belong; undefined: there is more to it than that. */
const learn = (text: string, count: number, parse: (query: string) => AskedRead): KnownRead | undefined => {
  if (text.includes(MARK)) return undefined;
  const marked = markQuery(text);
  const { ask, page } = parse(marked);
  const slots = Array.from({ length: count }, (_, n) => ask.query.values.indexOf(markOf(n)));
  const cut = canonicalQuery(marked).split(anyMark);
  const order = cut.flatMap((part, i) => (i % 2 === 1 ? [Number(part)] : []));
  if (slots.includes(-1) || order.length !== count) return undefined;
  const pieces = cut.filter((_, i) => i % 2 === 0);
  return { ask: { ...ask, shapeKey: shapeKey(ask) }, page, slots, pieces, order };
};

/** Lays values into a known read. */
const fill = ({ ask, page, slots, pieces, order }: KnownRead, given: readonly string[]): AskedRead => {
  const values = ask.query.values.slice();
  for (let i = 0; i < slots.length; i++) values[slots[i] as number] = given[i] as string;
  let canonical = pieces[0] as string;
  for (let i = 0; i < order.length; i++)
    canonical += encodeParameter(given[order[i] as number] as string) + (pieces[i + 1] as string);
  return { ask: { ...ask, query: { ...ask.query, values } }, page, canonicalQuery: canonical };
};

/**
 * Reads that were asked for before: what differs from them only in the values of simple filters is not parsed again.
 * A read is known from the second time on, so those that come once cost no more than their text.
 */
export class KnownReads {
  /** Undefined: seen once, or nothing could be learnt of it. */
  #young = new Map<string, KnownRead | undefined>();
  #old = new Map<string, KnownRead | undefined>();
  #characters = 0;

  /** How many are known, or were seen once, by now. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /**
   * Understands a read.
   *
   * @param head all else that it depends on
   * @param parse understands what is not known; throws where it is refused
   */
  read(head: string, query: string, parse: (query: string) => AskedRead): AskedRead {
    const taken = head.length + query.length > LONGEST ? undefined : takeValues(query);
    if (taken === undefined) return parse(query);
    const key = `${head}\n${taken.text}`;
    const known = this.#young.get(key) ?? this.#recall(key);
    if (known !== undefined) return fill(known, taken.values);
    const asked = parse(query);
    const isNew = !this.#young.has(key) && !this.#old.has(key);
    this.#keep(key, isNew ? undefined : learn(taken.text, taken.values.length, parse));
    return asked;
  }

  #recall(key: string): KnownRead | undefined {
    const known = this.#old.get(key);
    if (known !== undefined) this.#keep(key, known);
    return known;
  }

  #keep(key: string, known: KnownRead | undefined): void {
    if (this.#young.size >= MOST || this.#characters > MOST_CHARACTERS) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#characters = 0;
    }
    this.#characters += key.length;
    this.#young.set(key, known);
  }
}
