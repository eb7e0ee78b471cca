import type { Json } from '../base/index.ts';
import { PathScanner } from './path-scanner.ts';

/** What a path finds below a value; filters may also look at the root. */
type Select = (value: Json, root: Json) => readonly Json[];
type Test = (value: Json, root: Json) => boolean;
/** One value, or undefined for none. */
type Operand = (value: Json, root: Json) => Json | undefined;

type Query = {
  readonly select: Select;
  /** Whether it can find one value at most, which comparisons require. */
  readonly singular: boolean;
};

type Literal = string | number | boolean | null;

const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !isArray(value);

const childrenOf = (value: Json): readonly Json[] => {
  if (isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
};

/** The value and all below it, from the outside in. */
const descend = (value: Json): readonly Json[] => [value, ...childrenOf(value).flatMap(descend)];

const selectName =
  (name: string): Select =>
  (value) => {
    const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return found === undefined ? [] : [found];
  };

const selectIndex =
  (index: number): Select =>
  (value) => {
    const found = isArray(value) ? value.at(index) : undefined;
    return found === undefined ? [] : [found];
  };

const selectSlice =
  (start: number | undefined, end: number | undefined, step: number): Select =>
  (value) => {
    if (!isArray(value) || step === 0) return [];
    const { length } = value;
    const place = (index: number): number => (index < 0 ? length + index : index);
    const found: Json[] = [];
    const take = (index: number): void => {
      const one = value[index];
      if (one !== undefined) found.push(one);
    };
    if (step > 0) {
      const upper = Math.min(place(end ?? length), length);
      for (let i = Math.max(place(start ?? 0), 0); i < upper; i += step) take(i);
    } else {
      const lower = end === undefined ? -1 : Math.max(place(end), -1);
      for (let i = Math.min(place(start ?? length - 1), length - 1); i > lower; i += step) take(i);
    }
    return found;
  };

const selectWhere =
  (test: Test): Select =>
  (value, root) =>
    childrenOf(value).filter((child) => test(child, root));

const isSame = (a: Json | undefined, b: Json | undefined): boolean => {
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((one, i) => isSame(one, b[i]));
  if (!isObject(a)) return a === b;
  if (!isObject(b) || isArray(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  );
};

/** Numbers, and texts by code point; nothing else has an order. */
const isLess = (a: Json | undefined, b: Json | undefined): boolean => {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  return typeof a === 'string' && typeof b === 'string' && Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
};

const COMPARISONS = {
  '==': isSame,
  '!=': (a, b) => !isSame(a, b),
  '<=': (a, b) => isLess(a, b) || isSame(a, b),
  '>=': (a, b) => isLess(b, a) || isSame(a, b),
  '<': isLess,
  '>': (a, b) => isLess(b, a),
} satisfies Record<string, (a: Json | undefined, b: Json | undefined) => boolean>;

const OPERATORS = Object.keys(COMPARISONS) as (keyof typeof COMPARISONS)[];

const NAME = /[A-Za-z_\u{80}-\u{10ffff}][0-9A-Za-z_\u{80}-\u{10ffff}]*/uy;
const INTEGER = /0|-?[1-9][0-9]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

class PathParser {
  readonly #scan: PathScanner;

  constructor(path: string) {
    this.#scan = new PathScanner(path);
  }

  parse(): Select {
    if (!this.#scan.pass('$')) throw this.#scan.expected('$');
    const { select } = this.#segments('$');
    if (!this.#scan.isAtEnd()) throw this.#scan.expected('. or [ or the end');
    return select;
  }

  #segments(from: '$' | '@'): Query {
    const steps: Select[] = [];
    let singular = true;
    for (;;) {
      const start = this.#scan.at;
      this.#scan.skipSpace();
      const segment = this.#segment();
      if (segment === undefined) {
        this.#scan.at = start;
        break;
      }
      steps.push(segment.select);
      singular &&= segment.singular;
    }
    const select: Select = (value, root) => {
      let found: readonly Json[] = [from === '$' ? root : value];
      for (const step of steps) found = found.flatMap((one) => step(one, root));
      return found;
    };
    return { select, singular };
  }

  #segment(): Query | undefined {
    if (this.#scan.pass('..')) {
      const { select } = this.#scan.pass('[') ? this.#selectors() : this.#shorthand();
      return {
        select: (value, root) => descend(value).flatMap((one) => select(one, root)),
        singular: false,
      };
    }
    if (this.#scan.pass('[')) return this.#selectors();
    return this.#scan.pass('.') ? this.#shorthand() : undefined;
  }

  #shorthand(): Query {
    if (this.#scan.pass('*')) return { select: childrenOf, singular: false };
    const name = this.#scan.match(NAME);
    if (name === undefined) throw this.#scan.expected("a name; one with other characters is written ['so']");
    return { select: selectName(name), singular: true };
  }

  #selectors(): Query {
    const selectors: Query[] = [];
    do {
      this.#scan.skipSpace();
      selectors.push(this.#selector());
      this.#scan.skipSpace();
    } while (this.#scan.pass(','));
    if (!this.#scan.pass(']')) throw this.#scan.expected(', or ]');
    const [first, ...others] = selectors;
    if (first !== undefined && others.length === 0) return first;
    return {
      select: (value, root) => selectors.flatMap(({ select }) => select(value, root)),
      singular: false,
    };
  }

  #selector(): Query {
    if (this.#scan.pass('*')) return { select: childrenOf, singular: false };
    if (this.#scan.pass('?')) {
      this.#scan.skipSpace();
      return { select: selectWhere(this.#either()), singular: false };
    }
    const name = this.#scan.quoted();
    if (name !== undefined) return { select: selectName(name), singular: true };
    const start = this.#integer();
    this.#scan.skipSpace();
    if (this.#scan.pass(':')) return { select: this.#slice(start), singular: false };
    if (start === undefined) throw this.#scan.expected('a name in quotes, a number, a slice, * or ?');
    return { select: selectIndex(start), singular: true };
  }

  #slice(start: number | undefined): Select {
    this.#scan.skipSpace();
    const end = this.#integer();
    this.#scan.skipSpace();
    if (!this.#scan.pass(':')) return selectSlice(start, end, 1);
    this.#scan.skipSpace();
    return selectSlice(start, end, this.#integer() ?? 1);
  }

  #integer(): number | undefined {
    const digits = this.#scan.match(INTEGER);
    if (digits === undefined) return undefined;
    const number = Number(digits);
    if (!Number.isSafeInteger(number)) throw this.#scan.expected('a smaller number');
    return number;
  }

  #either(): Test {
    const tests = [this.#both()];
    while (this.#passBetween('||')) tests.push(this.#both());
    return (value, root) => tests.some((test) => test(value, root));
  }

  #both(): Test {
    const tests = [this.#condition()];
    while (this.#passBetween('&&')) tests.push(this.#condition());
    return (value, root) => tests.every((test) => test(value, root));
  }

  #passBetween(operator: string): boolean {
    const start = this.#scan.at;
    this.#scan.skipSpace();
    if (this.#scan.pass(operator)) {
      this.#scan.skipSpace();
      return true;
    }
    this.#scan.at = start;
    return false;
  }

  #condition(): Test {
    if (this.#scan.pass('!')) {
      this.#scan.skipSpace();
      const test = this.#group() ?? this.#search() ?? this.#exists();
      return (value, root) => !test(value, root);
    }
    return this.#group() ?? this.#search() ?? this.#comparison();
  }

  #group(): Test | undefined {
    if (!this.#scan.pass('(')) return undefined;
    this.#scan.skipSpace();
    const test = this.#either();
    this.#scan.skipSpace();
    if (!this.#scan.pass(')')) throw this.#scan.expected(')');
    return test;
  }

  #exists(): Test {
    const query = this.#query();
    if (query === undefined) throw this.#scan.expected('a path that begins with @ or $');
    return (value, root) => query.select(value, root).length > 0;
  }

  #comparison(): Test {
    const start = this.#scan.at;
    const query = this.#query();
    const end = this.#scan.at;
    this.#scan.skipSpace();
    if (query !== undefined && OPERATORS.every((operator) => !this.#scan.sees(operator))) {
      this.#scan.at = end;
      return (value, root) => query.select(value, root).length > 0;
    }
    this.#scan.at = start;
    const left = this.#comparable();
    this.#scan.skipSpace();
    const operator = OPERATORS.find((one) => this.#scan.pass(one));
    if (operator === undefined) throw this.#scan.expected('==, !=, <, <=, > or >=');
    this.#scan.skipSpace();
    const right = this.#comparable();
    const compare = COMPARISONS[operator];
    return (value, root) => compare(left(value, root), right(value, root));
  }

  #comparable(): Operand {
    const start = this.#scan.at;
    const query = this.#query();
    if (query === undefined) {
      const literal = this.#literal();
      if (literal === undefined)
        throw this.#scan.expected('a path, a text in quotes, a number, true, false or null');
      return () => literal;
    }
    if (!query.singular) {
      this.#scan.at = start;
      throw this.#scan.expected('a path to one value');
    }
    return (value, root) => query.select(value, root)[0];
  }

  #query(): Query | undefined {
    if (this.#scan.pass('@')) return this.#segments('@');
    return this.#scan.pass('$') ? this.#segments('$') : undefined;
  }

  #literal(): Literal | undefined {
    const text = this.#scan.quoted();
    if (text !== undefined) return text;
    const number = this.#scan.match(NUMBER);
    if (number !== undefined) return Number(number);
    if (this.#scan.pass('true')) return true;
    if (this.#scan.pass('false')) return false;
    return this.#scan.pass('null') ? null : undefined;
  }

  /** `search(text, pattern)`: whether the pattern is found in the text (RFC 9535 section 2.4.7). */
  #search(): Test | undefined {
    if (!this.#scan.pass('search(')) return undefined;
    const text = this.#argument();
    if (!this.#scan.pass(',')) throw this.#scan.expected(',');
    const start = this.#scan.at;
    const pattern = this.#argument();
    if (!this.#scan.pass(')')) throw this.#scan.expected(')');
    if (typeof pattern === 'string' && toPattern(pattern) === undefined) {
      this.#scan.at = start;
      throw this.#scan.expected('a regular expression');
    }
    return (value, root) => {
      const within = readArgument(text, value, root);
      const wanted = readArgument(pattern, value, root);
      if (typeof within !== 'string' || typeof wanted !== 'string') return false;
      return toPattern(wanted)?.test(within) ?? false;
    };
  }

  #argument(): Literal | Query {
    this.#scan.skipSpace();
    const argument = this.#query() ?? this.#literal();
    if (argument === undefined) throw this.#scan.expected('a path or a text in quotes');
    this.#scan.skipSpace();
    return argument;
  }
}

const readArgument = (argument: Literal | Query, value: Json, root: Json): Json | undefined => {
  if (typeof argument !== 'object' || argument === null) return argument;
  const found = argument.select(value, root);
  return found.length === 1 ? found[0] : undefined;
};

const toPattern = (text: string): RegExp | undefined => {
  try {
    return new RegExp(text, 'u');
  } catch {
    return undefined;
  }
};

/**
 * Reads a JSONPath (RFC 9535; of the functions, `search`) and gives what finds the first value at it.
 *
 * @throws PathMismatch where the text is no such path
 * @example parseJsonPath('$.roles[0]')({ roles: ['author'] }) // 'author'
 */
export const parseJsonPath = (path: string): ((root: Json) => Json | undefined) => {
  const select = new PathParser(path).parse();
  return (root) => select(root, root)[0];
};
