import type { SqlParser } from './parser.ts';
import type { Call } from './read-expression.ts';

/** The place behind a call's closing parenthesis, in bytes. */
const endOfCall = (
  tokens: readonly { start: number; end: number; text: string }[],
  start: number,
): number => {
  let depth = 0;
  for (const token of tokens) {
    if (token.start < start) continue;
    if (token.text === '(') depth++;
    else if (token.text === ')') {
      depth--;
      if (depth === 0) return token.end;
    }
  }
  return start;
};

/**
 * Puts calls into subqueries of their own, so that they are asked once and not for each row.
 *
 * @example wrapCalls(parser, '(user_id = auth.uid())', calls) // (user_id = (select auth.uid()))
 */
export const wrapCalls = (parser: SqlParser, text: string, calls: readonly Call[]): string => {
  const tokens = parser.scan(text);
  const places = calls.map(({ start }) => ({ start, end: endOfCall(tokens, start) }));
  const outermost = places.filter(
    ({ start, end }) => !places.some((other) => other.start < start && end <= other.end),
  );
  let bytes = Buffer.from(text);
  for (const { start, end } of outermost.sort((a, b) => b.start - a.start)) {
    bytes = Buffer.concat([
      bytes.subarray(0, start),
      Buffer.from('(select '),
      bytes.subarray(start, end),
      Buffer.from(')'),
      bytes.subarray(end),
    ]);
  }
  return bytes.toString();
};
