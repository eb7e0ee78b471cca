/** One statement of a file. */
export type FileStatement = {
  /** Offset of its first character: after blanks and comments. */
  readonly start: number;
  /** Without the semicolon. */
  readonly text: string;
  /** Its first words and quoted names, words in upper case: `CREATE`, `EXTENSION`, `"uuid-ossp"`. */
  readonly head: readonly string[];
  /** Offset of the literal that is quoted with dollars first in it, as the body of DO; undefined: none. */
  readonly dollarQuote: number | undefined;
};

/** A comment that is meant for us: `-- ashlar:no-transaction`. */
export type Directive = {
  readonly name: string;
  /** What follows the name on the line. */
  readonly text: string;
  readonly offset: number;
};

/** Text that is for psql, not for Postgres. */
export type ForPsql = {
  readonly kind: 'meta-command' | 'copy-from-stdin';
  readonly offset: number;
  /** The command with its backslash; for COPY the statement. */
  readonly text: string;
};

export type SplitFile = {
  readonly statements: readonly FileStatement[];
  readonly directives: readonly Directive[];
  /** The first thing that only psql can do. The statements end before it. */
  readonly forPsql: ForPsql | undefined;
};

/** So many words of a statement's beginning tell what it is. */
const headLength = 8;

/** Postgres takes every character beyond ASCII for a letter. */
const word = /[A-Za-z_\u{80}-\u{10ffff}][\w$\u{80}-\u{10ffff}]*/uy;
const dollarTag = /\$(?:[A-Za-z_\u{80}-\u{10ffff}][\w\u{80}-\u{10ffff}]*)?\$/uy;
/** A literal goes on after a line break: `'a'\n'b'`. */
const continuation = /[ \t\f\v]*[\r\n]\s*'/y;
const directive = /^--[ \t]*ashlar:([\w-]*)[ \t]*(.*)$/;
/** What pg_dump brackets its output with since August 2025; it protects psql and is nothing to Postgres. */
const harmlessCommand = /^\\(?:un)?restrict\b/;

/**
 * Splits a file into its statements, by the rules that psql has: a semicolon ends a statement outside of
 * quotes, comments, parentheses and the body of a function in standard SQL (`BEGIN ATOMIC … END`).
 * What is not terminated runs to the end of the file, and Postgres will say so.
 *
 * Source: Postgres, "Lexical Structure", and psql's scanner.
 *
 * @example splitStatements("select ';'; select 2").statements.map(({ text }) => text) // ["select ';'", 'select 2']
 */
export const splitStatements = (source: string): SplitFile => {
  const statements: FileStatement[] = [];
  const directives: Directive[] = [];
  let start = -1;
  let head: string[] = [];
  let dollarQuote: number | undefined;
  let parentheses = 0;
  /** Nesting of `BEGIN ATOMIC`, `CASE` … `END`. */
  let blocks = 0;
  let previousWord = '';
  let at = source.startsWith('\uFEFF') ? 1 : 0;

  const finish = (end: number): void => {
    if (start >= 0) {
      statements.push({ start, text: source.slice(start, end).trimEnd(), head, dollarQuote });
    }
    start = -1;
    head = [];
    dollarQuote = undefined;
    parentheses = 0;
    blocks = 0;
    previousWord = '';
  };
  const match = (pattern: RegExp, from: number): string | undefined => {
    pattern.lastIndex = from;
    return pattern.exec(source)?.[0];
  };
  const keep = (token: string): void => {
    if (head.length < headLength) head.push(token);
  };

  while (at < source.length) {
    const char = source[at] as string;
    if (char <= ' ') {
      at++;
      continue;
    }
    if (char === '-' && source[at + 1] === '-') {
      const newline = source.indexOf('\n', at);
      const end = newline < 0 ? source.length : newline;
      const [, name, text] = directive.exec(source.slice(at, end).trimEnd()) ?? [];
      if (name !== undefined) directives.push({ name, text: text ?? '', offset: at });
      at = end;
      continue;
    }
    if (char === '/' && source[at + 1] === '*') {
      at = skipComment(source, at);
      continue;
    }
    if (char === '\\') {
      const newline = source.indexOf('\n', at);
      const end = newline < 0 ? source.length : newline;
      const text = source.slice(at, end).trimEnd();
      if (!harmlessCommand.test(text)) {
        return { statements, directives, forPsql: { kind: 'meta-command', offset: at, text } };
      }
      at = end;
      continue;
    }
    if (char === ';' && parentheses === 0 && blocks === 0) {
      if (isCopyFromStdin(head, start < 0 ? '' : source.slice(start, at))) {
        const text = source.slice(start, at);
        return { statements, directives, forPsql: { kind: 'copy-from-stdin', offset: start, text } };
      }
      finish(at);
      at++;
      continue;
    }
    if (start < 0) start = at;
    if (char === "'") {
      const escapes = previousWord === 'E' && /e/i.test(source[at - 1] ?? '');
      at = skipLiteral(source, at, escapes, (from) => match(continuation, from));
    } else if (char === '"') {
      const end = skipQuoted(source, at, '"');
      keep(source.slice(at, end));
      at = end;
      previousWord = '';
    } else if (char === '$') {
      const tag = match(dollarTag, at);
      if (tag) {
        dollarQuote ??= at;
        const end = source.indexOf(tag, at + tag.length);
        at = end < 0 ? source.length : end + tag.length;
      } else at++;
    } else if (char >= '0' && char <= '9') {
      // Letters that end a number are not a word of their own: 1e'…' is no literal with escapes.
      at++;
      while (/[\w.]/.test(source[at] ?? '')) at++;
      previousWord = '';
    } else {
      const found = match(word, at);
      if (found) {
        const upper = found.toUpperCase();
        keep(upper);
        if (parentheses === 0) {
          if (blocks > 0 && upper === 'CASE') blocks++;
          else if (blocks > 0 && upper === 'END') blocks--;
          else if (upper === 'ATOMIC' && previousWord === 'BEGIN' && isCreateRoutine(head)) blocks++;
        }
        previousWord = upper;
        at += found.length;
      } else {
        if (char === '(') parentheses++;
        else if (char === ')') parentheses = Math.max(0, parentheses - 1);
        previousWord = '';
        at++;
      }
    }
  }
  finish(source.length);
  return { statements, directives, forPsql: undefined };
};

const isCreateRoutine = (head: readonly string[]): boolean =>
  head[0] === 'CREATE' &&
  ['FUNCTION', 'PROCEDURE'].includes((head[1] === 'OR' ? head[3] : head[1]) as string);

const isCopyFromStdin = (head: readonly string[], text: string): boolean =>
  head[0] === 'COPY' && /\bfrom\s+stdin\b/i.test(text);

/** Comments nest. */
const skipComment = (source: string, from: number): number => {
  let depth = 0;
  for (let at = from; at < source.length; ) {
    if (source.startsWith('/*', at)) {
      depth++;
      at += 2;
    } else if (source.startsWith('*/', at)) {
      depth--;
      at += 2;
      if (depth === 0) return at;
    } else at++;
  }
  return source.length;
};

/** To after the closing quote; a doubled one stands for itself. */
const skipQuoted = (source: string, from: number, quote: string): number => {
  for (let at = from + 1; ; at += 2) {
    at = source.indexOf(quote, at);
    if (at < 0) return source.length;
    if (source[at + 1] !== quote) return at + 1;
  }
};

const skipLiteral = (
  source: string,
  from: number,
  escapes: boolean,
  goesOn: (from: number) => string | undefined,
): number => {
  if (!escapes) return skipQuoted(source, from, "'");
  let at = from + 1;
  while (at < source.length) {
    if (source[at] === '\\') at += 2;
    else if (source[at] !== "'") at++;
    else if (source[at + 1] === "'") at += 2;
    else {
      const more = goesOn(at + 1);
      if (!more) return at + 1;
      at += 1 + more.length;
    }
  }
  return source.length;
};
