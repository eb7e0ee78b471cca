import { readTokens, type SqlToken } from './sql-tokens.ts';

/** Clauses that begin a line; with the word that has to follow, or may not stand before. */
const CLAUSES: ReadonlyMap<string, { readonly next?: RegExp; readonly notAfter?: RegExp }> = new Map([
  ['FROM', { notAfter: /^DISTINCT$/ }],
  ['WHERE', {}],
  ['GROUP', { next: /^BY$/ }],
  ['ORDER', { next: /^BY$/ }],
  ['LIMIT', {}],
  ['OFFSET', {}],
  ['LEFT', { next: /^JOIN$/ }],
  ['INNER', { next: /^JOIN$/ }],
  ['RETURNING', {}],
  ['SET', { notAfter: /^UPDATE$/ }],
  ['ON', { next: /^CONFLICT$/ }],
  ['SELECT', { notAfter: /^\($/ }],
]);

const QUERY = /^(?:SELECT|WITH|INSERT|UPDATE|DELETE)$/;

/** The nearest token that is no space. */
const find = (tokens: readonly SqlToken[], from: number, step: 1 | -1): string => {
  let at = from + step;
  while (tokens[at]?.kind === 'space') at += step;
  return tokens[at]?.text ?? '';
};

const beginsClause = (tokens: readonly SqlToken[], at: number): boolean => {
  const token = tokens[at] as SqlToken;
  const clause = token.kind === 'word' ? CLAUSES.get(token.text) : undefined;
  if (clause === undefined || at === 0) return false;
  const { next, notAfter } = clause;
  return (
    (next === undefined || next.test(find(tokens, at, 1))) &&
    (notAfter === undefined || !notAfter.test(find(tokens, at, -1)))
  );
};

/**
 * Breaks a statement into lines: one for each clause, subqueries indented. Only white space changes.
 *
 * @example formatSql('SELECT a FROM (SELECT 1 AS a) AS b') // SELECT a\nFROM (\n  SELECT 1 AS a\n) AS b
 */
export const formatSql = (sql: string): string => {
  const tokens = readTokens(sql);
  // For each open parenthesis, whether it holds a query; the statement itself does.
  const queries: boolean[] = [true];
  const indent = (): string => '  '.repeat(queries.filter(Boolean).length - 1);
  let text = '';
  for (const [at, token] of tokens.entries()) {
    if (token.text === '(' && token.kind === 'symbol') {
      const query = QUERY.test(find(tokens, at, 1));
      queries.push(query);
      text += query ? `(\n${indent()}` : '(';
    } else if (token.text === ')' && token.kind === 'symbol') {
      const query = queries.pop();
      text += query ? `\n${indent()})` : ')';
    } else if (queries.at(-1) && beginsClause(tokens, at)) {
      text = `${text.trimEnd()}\n${indent()}${token.text}`;
    } else {
      text += token.text;
    }
  }
  return text;
};
