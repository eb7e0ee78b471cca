/** A piece of SQL as Postgres' lexer tells them apart, as far as we write SQL. */
export type SqlToken = {
  readonly kind: 'identifier' | 'literal' | 'parameter' | 'word' | 'number' | 'symbol' | 'space';
  readonly text: string;
};

const PATTERN = new RegExp(
  [
    '(?<identifier>"(?:[^"]|"")+")',
    // E'…' before words, or its E would be one.
    String.raw`(?<literal>[eE]'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*')`,
    String.raw`(?<parameter>\$\d+)`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_$]*)`,
    String.raw`(?<number>\d+(?:\.\d+)?)`,
    String.raw`(?<symbol>[()[\],;.]|::|:=|[-+*/<>=~!@#%^&|?:]+)`,
    String.raw`(?<space>\s+)`,
  ].join('|'),
  'uy',
);

/**
 * Takes a statement apart ("Lexical Structure"); all tokens together are the statement.
 *
 * @throws Error for what is no token: an open quote, a comment, a character of no meaning
 * @example readTokens(`"a" = $1`).map(({ kind }) => kind) // identifier, space, symbol, space, parameter
 */
export const readTokens = (sql: string): readonly SqlToken[] => {
  const tokens: SqlToken[] = [];
  PATTERN.lastIndex = 0;
  for (let at = 0; at < sql.length; at = PATTERN.lastIndex) {
    const found = PATTERN.exec(sql);
    const [kind] = Object.entries(found?.groups ?? {}).find(([, text]) => text !== undefined) ?? [];
    if (found === null || kind === undefined) throw new Error(`No token of SQL at ${at}: ${sql.slice(at)}`);
    if (kind === 'symbol' && /--|\/\*/.test(found[0])) throw new Error(`A comment in SQL at ${at}: ${sql}`);
    tokens.push({ kind: kind as SqlToken['kind'], text: found[0] });
  }
  return tokens;
};

/** The name that a quoted identifier stands for. */
export const nameOf = (identifier: string): string => identifier.slice(1, -1).replaceAll('""', '"');
