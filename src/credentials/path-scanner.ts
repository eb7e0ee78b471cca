/** A path is not of the language; the message tells what was expected, and where. */
export class PathMismatch extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PathMismatch';
  }
}

const SPACE = /[ \t\n\r]*/y;
const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/suy;

/** A text in single quotes, as it is written in JSON. */
const toJson = (quoted: string): string =>
  `"${quoted.slice(1, -1).replace(/\\.|"/gsu, (part) => (part === "\\'" ? "'" : part === '"' ? '\\"' : part))}"`;

const parseText = (json: string): string | undefined => {
  try {
    const text: unknown = JSON.parse(json);
    return typeof text === 'string' && text.isWellFormed() ? text : undefined;
  } catch {
    return undefined;
  }
};

/** A reader's place in a path. */
export class PathScanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  sees(piece: string): boolean {
    return this.text.startsWith(piece, this.at);
  }

  /** Moves behind the piece, if it stands here. */
  pass(piece: string): boolean {
    if (!this.sees(piece)) return false;
    this.at += piece.length;
    return true;
  }

  /** Moves behind what the sticky pattern matches here, and gives it. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  skipSpace(): void {
    this.match(SPACE);
  }

  /** A text in single or double quotes, with the escapes of JSON and of its own quote. */
  quoted(): string | undefined {
    if (!this.sees("'") && !this.sees('"')) return undefined;
    const start = this.at;
    const found = this.match(QUOTED);
    if (found === undefined) throw this.expected('a text that ends with the quote it begins with');
    const text = parseText(found.startsWith("'") ? toJson(found) : found);
    if (text !== undefined) return text;
    this.at = start;
    throw this.expected('a text with the escapes of JSON');
  }

  expected(what: string): PathMismatch {
    const found = this.isAtEnd()
      ? 'the end'
      : JSON.stringify(String.fromCodePoint(this.text.codePointAt(this.at) ?? 0));
    return new PathMismatch(`at character ${this.at + 1}: expected ${what}, found ${found}`);
  }
}
