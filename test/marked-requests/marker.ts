import fc, { type GeneratorValue } from 'fast-check';

/** In all that a generated request brings along, and nowhere else. */
export const MARK = /zq[a-z]*\d+qz/g;

/** Ends of names and literals that would do harm where they are not quoted or bound. */
const TAILS = [
  '',
  '',
  '',
  '"',
  "'",
  '""',
  '\\',
  '"; drop table films; --',
  "' or 1=1 --",
  '$1',
  '/*',
  ' é ',
  '%',
  '*',
];

/**
 * Gives names and literals that can be found again: each has a mark of its own, and an end that is hard
 * to quote.
 */
export class Marker {
  readonly #draw: GeneratorValue;
  #count = 0;

  constructor(draw: GeneratorValue) {
    this.#draw = draw;
  }

  /** @param kind said in the mark, for whoever reads a failure */
  mark(kind: string, tails: readonly string[] = TAILS): string {
    return `zq${kind}${++this.#count}qz${this.pick('', ...tails)}`;
  }

  pick<T>(first: T, ...others: readonly T[]): T {
    const at = this.#draw(fc.nat, { max: others.length });
    return at === 0 ? first : (others[at - 1] as T);
  }

  /** True once in so many times. */
  once(inTimes: number): boolean {
    return this.#draw(fc.nat, { max: inTimes - 1 }) === inTimes - 1;
  }

  /** From none to so many. */
  many<T>(max: number, make: () => T): readonly T[] {
    return Array.from({ length: this.#draw(fc.nat, { max }) }, make);
  }
}
