import type { QualifiedName } from '../base/index.ts';
import { quoteIdent, quoteQualified } from './quote.ts';

/** A place for one value. The same slot twice in a statement is the same `$n`. */
class Slot<V> {
  readonly value: V;
  constructor(value: V) {
    this.value = value;
  }
}

/**
 * A piece of SQL with the values that are to be bound. `V` is what stands for a value: the value
 * itself, or, where a statement is built once and run often, the place in the request it will come from.
 *
 * Made only by what this file exports, so that text comes from the program's own source, names are
 * quoted, and a value is never part of the text.
 */
class Fragment<V> {
  /** Text around the slots: one more than there are slots. */
  readonly texts: readonly string[];
  readonly slots: readonly Slot<V>[];

  constructor(texts: readonly string[], slots: readonly Slot<V>[]) {
    this.texts = texts;
    this.slots = slots;
  }
}

export type Sql<V = never> = Fragment<V>;

/** A finished statement: its text with `$1 …`, and what stands for each. */
export type SqlStatement<V> = { readonly text: string; readonly params: readonly V[] };

const noSlots: readonly Slot<never>[] = [];
const textOnly = (text: string): Sql => new Fragment([text], noSlots);

/** No SQL at all. */
export const nothing: Sql = textOnly('');

/** A value, to be bound as a parameter. */
export const bind = <V>(value: V): Sql<V> => new Fragment(['', ''], [new Slot(value)]);

/** A quoted identifier. Throws a RangeError for a name Postgres cannot have. */
export const ident = (name: string): Sql => textOnly(quoteIdent(name));

/** A quoted name with its schema. */
export const qualified = (name: QualifiedName): Sql => textOnly(quoteQualified(name));

/**
 * Text that is SQL by its origin, such as a type's name as `format_type` gives it. Never anything that
 * came with a request.
 */
export const trusted = (text: string): Sql => textOnly(text);

/** Composes fragments as they come: the text of the template is SQL, what is between is fragments. */
const compose = <V>(texts: readonly string[], fragments: readonly Sql<V>[]): Sql<V> => {
  const all: string[] = [];
  const slots: Slot<V>[] = [];
  let open = texts[0] as string;
  for (let i = 0; i < fragments.length; i++) {
    const fragment = fragments[i];
    if (!(fragment instanceof Fragment)) {
      throw new TypeError('Only fragments go into SQL: bind(value) a value, ident(name) a name.');
    }
    const last = fragment.texts.length - 1;
    open += fragment.texts[0];
    for (let s = 0; s < last; s++) {
      all.push(open);
      slots.push(fragment.slots[s] as Slot<V>);
      open = fragment.texts[s + 1] as string;
    }
    open += texts[i + 1];
  }
  all.push(open);
  return new Fragment(all, slots);
};

/**
 * Makes a fragment; between the braces stand fragments only.
 *
 * @example
 * const mine = sql`select ${ident('title')} from ${qualified(posts)} where author = ${bind('7')}`;
 * finish(mine); // { text: 'select "title" from "public"."posts" where author = $1', params: ['7'] }
 */
export const sql = <V = never>(texts: TemplateStringsArray, ...fragments: readonly Sql<V>[]): Sql<V> =>
  compose(texts, fragments);

/** Joins fragments; the separator is SQL of the program's own, such as `, ` or ` and `. */
export const join = <V>(fragments: readonly Sql<V>[], separator: string): Sql<V> => {
  if (fragments.length === 0) return nothing as Sql<V>;
  const texts = ['', ...new Array<string>(fragments.length - 1).fill(separator), ''];
  return compose(texts, fragments);
};

/** Whether there is no SQL in it. */
export const isNothing = (fragment: Sql<unknown>): boolean =>
  fragment.slots.length === 0 && fragment.texts[0] === '';

/** Numbers the slots. */
export const finish = <V>(fragment: Sql<V>): SqlStatement<V> => {
  const numbers = new Map<Slot<V>, number>();
  const params: V[] = [];
  const { texts, slots } = fragment;
  let text = texts[0] as string;
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] as Slot<V>;
    let number = numbers.get(slot);
    if (number === undefined) {
      params.push(slot.value);
      number = params.length;
      numbers.set(slot, number);
    }
    text += `$${number}${texts[i + 1]}`;
  }
  return { text, params };
};
