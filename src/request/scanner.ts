import { COMMA, SPACE, TAB } from './character.ts';
import { type Misses, mergeMisses, printMisses, printPosition, showCharacter, showText } from './misses.ts';
import type { Slot, Span, Value } from './tree.ts';

/** Thrown where a text is not of the language; the scanner's misses tell why. */
export const MISMATCH = Symbol('not of the query language');

/** What a parameter's text is read as, in the words of the error message. */
export type Subject =
  | 'select parameter'
  | 'columns parameter'
  | 'on_conflict parameter'
  | 'tree path'
  | 'logic path'
  | 'logic tree'
  | 'filter'
  | 'order';

/**
 * A reader's place in one parameter's text, and what has been gathered of the whole query string so
 * far: the literals and the shape. The parsers move `at`; one that finds nothing returns undefined
 * and leaves `at` alone, one that stops midway throws `MISMATCH`.
 */
export class Scanner {
  text = '';
  at = 0;
  /** Whether misses are kept: only on the second reading of a query string that was refused. */
  readonly explaining: boolean;
  misses: Misses | undefined = undefined;
  readonly values: Value[] = [];
  shape = '';

  #parameter = '';
  #subject: Subject = 'filter';
  #said = '';
  /** Length of what was put before the parameter's own text. */
  #prefix = 0;
  /** Up to where the text has gone into the shape. */
  #shaped = 0;
  #escaping = false;

  constructor(explaining: boolean) {
    this.explaining = explaining;
  }

  /** Turns to another text. `prefix` is read before it as if it stood there. */
  begin(parameter: string, subject: Subject, said: string, prefix = ''): void {
    this.#parameter = parameter;
    this.#subject = subject;
    this.#said = said;
    this.#prefix = prefix.length;
    this.text = prefix === '' ? said : prefix + said;
    this.at = 0;
    this.misses = undefined;
    this.#shaped = 0;
    this.#escaping = this.text.includes('&');
  }

  /** The part of the parameter from `start` to here. */
  span(start: number): Span {
    const before = Math.max(0, start - this.#prefix);
    return { parameter: this.#parameter, start: before, end: this.at - this.#prefix };
  }

  /** Lays a literal that stands from `start` to here into a slot, and leaves it out of the shape. */
  slot(value: Value, start: number): Slot {
    this.#shapeUpTo(start);
    this.shape += '&?';
    this.#shaped = this.at;
    return this.keep(value);
  }

  /** Lays a literal into a slot that the shape knows already. */
  keep(value: Value): Slot {
    return this.values.push(value) - 1;
  }

  /** Puts the rest of the text into the shape, and a mark that tells what it was. */
  finish(mark: '&=' | '&:' | '&|'): void {
    this.#shapeUpTo(this.text.length);
    this.shape += mark;
  }

  /** Marks of the shape are `&` and one more character, so an `&` of the text itself is doubled. */
  #shapeUpTo(end: number): void {
    if (this.#shaped === end) return;
    const piece = this.text.slice(this.#shaped, end);
    this.shape += this.#escaping ? piece.replaceAll('&', '&&') : piece;
  }

  skipSpace(): void {
    let code = this.text.charCodeAt(this.at);
    while (code === SPACE || code === TAB) code = this.text.charCodeAt(++this.at);
    if (this.explaining) this.miss('');
  }

  /** Moves behind a comma and the space around it; false if none stands here. */
  passComma(): boolean {
    const start = this.at;
    this.skipSpace();
    if (this.text.charCodeAt(this.at) === COMMA) {
      this.at++;
      this.skipSpace();
      return true;
    }
    this.miss('","');
    if (this.at !== start) throw MISMATCH;
    return false;
  }

  /** Notes that `expected` does not stand here. */
  miss(expected: string): void {
    if (this.explaining) this.#note(this.at, this.#show(this.at), [], expected);
  }

  /** Notes that this word does not stand here; what is shown is the first character that differs. */
  missWord(word: string): void {
    if (!this.explaining) return;
    let same = 0;
    while (same < word.length && word.charCodeAt(same) === this.text.charCodeAt(this.at + same)) same++;
    this.#note(this.at, this.#show(this.at + same), [], `"${word}"`);
  }

  /** Notes that the character here must not stand here; Parsec has read it by then. */
  missAbsence(): void {
    if (!this.explaining) return;
    const code = this.text.codePointAt(this.at) as number;
    this.#note(this.at + (code > 0xffff ? 2 : 1), '', [showCharacter(code)], '');
  }

  /** Notes that the text does not end here (or, if it does, that it could). */
  missEnd(): void {
    if (!this.explaining) return;
    const code = this.text.codePointAt(this.at);
    this.#note(this.at, '', code === undefined ? [] : [showCharacter(code)], 'end of input');
  }

  /** Runs a parser; if it stops midway, goes back to where it began and gives undefined. */
  attempt<T>(parse: (s: Scanner) => T): T | undefined {
    const start = this.at;
    const seen = this.misses;
    try {
      return parse(this);
    } catch (error) {
      if (error !== MISMATCH) throw error;
      this.rewind(start, seen);
      return undefined;
    }
  }

  /** Goes back to `start`, where `seen` was missed before; what has been missed since stays known. */
  rewind(start: number, seen: Misses | undefined): void {
    if (this.explaining) {
      const before = seen?.since === start ? seen : undefined;
      const merged = mergeMisses(before, this.misses);
      this.misses = merged && { ...merged, since: start };
    }
    this.at = start;
  }

  /** Says `label` for all that was expected since `seen`. */
  relabel(seen: Misses | undefined, label: string): void {
    if (!this.explaining || this.misses === undefined) return;
    const before = seen?.since === this.at ? seen : undefined;
    this.misses = mergeMisses(before, { ...this.misses, expected: [label] });
  }

  /** The message and details of the mismatch. */
  explain(): { readonly message: string; readonly details: string } {
    const misses = this.misses ?? { since: 0, at: this.at, found: '', forbidden: [], expected: [] };
    const place = printPosition(this.text, misses.at);
    return {
      message: `"failed to parse ${this.#subject} (${this.#said})" ${place}`,
      details: printMisses(misses),
    };
  }

  #show(at: number): string {
    const code = this.text.codePointAt(at);
    return code === undefined ? '' : showText(code);
  }

  #note(at: number, found: string, forbidden: readonly string[], expected: string): void {
    const before = this.misses?.since === this.at ? this.misses : undefined;
    this.misses = mergeMisses(before, { since: this.at, at, found, forbidden, expected: [expected] });
  }
}
