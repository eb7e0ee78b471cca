import { ConfigError } from './config-error.ts';
import type { ConfigValue } from './config-value.ts';

/** A file of settings, by their full names: `db-uri`, `app.settings.secret`. */
export type ConfigFile = ReadonlyMap<string, ConfigValue>;

/** Finds what `$(NAME)` stands for where no earlier setting of the file is called so. */
export type FindVariable = (name: string) => string | undefined;

/**
 * Reads the text of a `postgrest.conf`: lines of `name = value`, where a value is text in double quotes, a
 * number, `true`/`on` or `false`/`off`, and `#` begins a comment. `app { settings { a = "b" } }` is the same
 * as `app.settings.a = "b"`. In text, `$(NAME)` is replaced by the setting or the environment variable of
 * that name, and `$$` stands for one `$`.
 *
 * @param path as a person is told of it
 * @throws ConfigError with line and column
 * @example parseConfigFile('db-schemas = "public, tenant"', 'postgrest.conf', () => undefined)
 */
export const parseConfigFile = (text: string, path: string, findVariable: FindVariable): ConfigFile =>
  new Reader(text, path, findVariable).readAll();

const nameStart = /[\p{L}_]/u;
const namePart = /[\p{L}\p{N}_.-]/u;
const escapes: { readonly [char: string]: string } = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
const words: { readonly [word: string]: boolean } = { true: true, on: true, false: false, off: false };

class Reader {
  readonly #text: string;
  readonly #path: string;
  readonly #findVariable: FindVariable;
  readonly #settings = new Map<string, ConfigValue>();
  #at = 0;

  constructor(text: string, path: string, findVariable: FindVariable) {
    this.#text = text.replace(/^\uFEFF/, '');
    this.#path = path;
    this.#findVariable = findVariable;
  }

  readAll(): ConfigFile {
    this.#readBlock('');
    if (this.#at < this.#text.length) this.#fail('There is a } without its {.');
    return this.#settings;
  }

  #readBlock(prefix: string): void {
    for (this.#skip(); this.#at < this.#text.length && this.#char !== '}'; this.#skip()) {
      const start = this.#at;
      const name = this.#readName();
      this.#skip();
      if (this.#char === '{') {
        this.#at++;
        this.#readBlock(`${prefix}${name}.`);
        this.#readClosing(start);
      } else if (this.#char === '=') {
        this.#at++;
        this.#skip();
        this.#settings.set(`${prefix}${name}`, this.#readValue());
      } else if (name === 'import') {
        this.#fail('Files cannot import others. Put all settings into one.', start);
      } else {
        this.#fail(`After a name comes "=" and a value, as in: ${name} = "…"`);
      }
    }
  }

  #readClosing(start: number): void {
    if (this.#char !== '}') this.#fail('The } of this block is missing.', start);
    this.#at++;
  }

  get #char(): string {
    return this.#text[this.#at] ?? '';
  }

  /** Over blanks and comments. */
  #skip(): void {
    for (;;) {
      if (/\s/.test(this.#char)) this.#at++;
      else if (this.#char === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#text.length : end;
      } else return;
    }
  }

  #readName(): string {
    const start = this.#at;
    if (nameStart.test(this.#char)) this.#at++;
    while (this.#at > start && namePart.test(this.#char)) this.#at++;
    return this.#at > start
      ? this.#text.slice(start, this.#at)
      : this.#fail('The name of a setting was expected.');
  }

  #readValue(): ConfigValue {
    if (this.#char === '"') return this.#readText();
    const start = this.#at;
    const word = /^[\p{L}\p{N}+.-]+/u.exec(this.#text.slice(start))?.[0] ?? '';
    this.#at += word.length;
    const known = words[word];
    if (known !== undefined) return known;
    if (/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(word)) return Number(word);
    return this.#fail('A value is text in double quotes, a number, true or false.', start);
  }

  #readText(): string {
    const start = this.#at++;
    let text = '';
    while (this.#char !== '"') {
      if (this.#at >= this.#text.length) this.#fail('The closing quote of this text is missing.', start);
      if (this.#char === '\\') text += this.#readEscape();
      else if (this.#char === '$') text += this.#readVariable();
      else text += this.#text[this.#at++];
    }
    this.#at++;
    return text;
  }

  #readEscape(): string {
    const start = this.#at;
    const letter = this.#text[start + 1] ?? '';
    const code = /^[0-9a-fA-F]{4}/.exec(this.#text.slice(start + 2))?.[0];
    if (letter === 'u' && code !== undefined) {
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    this.#at += 2;
    return escapes[letter] ?? this.#fail('After a backslash comes one of n, r, t, ", \\ or uXXXX.', start);
  }

  #readVariable(): string {
    const start = this.#at;
    if (this.#text[start + 1] === '$') {
      this.#at += 2;
      return '$';
    }
    const end = this.#text.indexOf(')', start);
    if (this.#text[start + 1] !== '(' || end < 0)
      this.#fail('A $ stands for a variable, as in $(NAME). Write $$ for the sign itself.', start);
    const name = this.#text.slice(start + 2, end);
    this.#at = end + 1;
    const value = this.#settings.get(name) ?? this.#findVariable(name);
    if (value === undefined)
      this.#fail(`There is neither a setting nor an environment variable ${name}.`, start);
    return String(value);
  }

  #fail(reason: string, at = this.#at): never {
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    throw new ConfigError(`${this.#path}:${line}:${column}: ${reason}`);
  }
}
