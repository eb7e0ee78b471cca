/** A condition as the parts that it is made of. */
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly text: string; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly text: string; readonly parts: readonly [Condition] }
  /** `operands` are what it compares, as far as these are not constants. */
  | { readonly kind: 'leaf'; readonly text: string; readonly operands: readonly string[] };

/** A word or operator that stands outside of all parentheses, strings and CASE … END. */
type Mark = { readonly word: string; readonly start: number; readonly end: number };

const WORD = /[A-Za-z_][\w$]*/y;
const OPERATOR = /[-+*/<>=~!@#%^&|`?]+/y;

/** Where a constant or quoted name that begins at `start` ends. */
const skipQuoted = (text: string, start: number): number => {
  const quote = text[start] as string;
  const escapes = quote === "'" && text[start - 1] === 'E';
  for (let i = start + 1; i < text.length; i++) {
    if (escapes && text[i] === '\\') i++;
    else if (text[i] === quote) {
      if (text[i + 1] !== quote) return i + 1;
      i++;
    }
  }
  return text.length;
};

const marksIn = (text: string): readonly Mark[] => {
  const marks: Mark[] = [];
  let depth = 0;
  for (let i = 0; i < text.length; ) {
    const character = text[i] as string;
    if (character === "'" || character === '"') {
      i = skipQuoted(text, i);
      continue;
    }
    if (character === '(' || character === '[') depth++;
    if (character === ')' || character === ']') depth--;
    for (const pattern of [WORD, OPERATOR]) {
      pattern.lastIndex = i;
      const word = pattern.exec(text)?.[0];
      if (word === undefined) continue;
      if (word === 'CASE') depth++;
      if (depth === 0) marks.push({ word, start: i, end: i + word.length });
      if (word === 'END') depth--;
      i += word.length - 1;
      break;
    }
    i++;
  }
  return marks;
};

/** Takes the parentheses off that enclose the whole. */
const strip = (text: string): string => {
  let inner = text.trim();
  while (inner.startsWith('(') && inner.endsWith(')')) {
    let depth = 0;
    let i = 0;
    for (; i < inner.length; i++) {
      const character = inner[i];
      if (character === "'" || character === '"') i = skipQuoted(inner, i) - 1;
      else if (character === '(') depth++;
      else if (character === ')' && --depth === 0) break;
    }
    if (i < inner.length - 1) return inner;
    const next = inner.slice(1, -1).trim();
    // `( SELECT …)` needs its parentheses.
    if (/^(SELECT|WITH|VALUES)\b/.test(next)) return inner;
    inner = next;
  }
  return inner;
};

const splitAt = (text: string, marks: readonly Mark[]): readonly string[] => {
  const cuts = [{ start: 0, end: 0 }, ...marks, { start: text.length, end: text.length }];
  return cuts.slice(1).map((cut, i) => text.slice(cuts[i]?.end, cut.start).trim());
};

const isConstant = (text: string): boolean =>
  /^(?:'(?:[^']|'')*'(?:::[\w ."]+)?|-?[\d.]+(?:::[\w ."]+)?|true|false|NULL(?:::[\w ."]+)?)$/.test(
    strip(text),
  );

/** What stands on both sides of the operator, or before IS. What cannot stand alone (`ANY (…)`) is left out. */
const operandsOf = (text: string, marks: readonly Mark[]): readonly string[] => {
  const operator = marks.find(
    ({ word, start }) => word === 'IS' || (/^[^\w]/.test(word) && text[start - 1] === ' '),
  );
  if (operator === undefined) return [];
  const sides = [
    text.slice(0, operator.start),
    ...(operator.word === 'IS' ? [] : [text.slice(operator.end)]),
  ];
  return sides
    .map((side) => side.trim())
    .filter((side) => side !== '' && !/^(ANY|ALL)\b/.test(side) && !isConstant(side));
};

/**
 * Splits a condition as `pg_get_expr` prints it: there every operator and every AND and OR stands in parentheses of
 * its own, so that AND and OR outside of all parentheses are the outermost.
 *
 * @example
 * splitExpression('((a = 1) AND (NOT b))')
 * // all: [leaf a = 1, not: leaf b]
 */
export const splitExpression = (expression: string): Condition => {
  const text = strip(expression);
  const marks = marksIn(text);
  for (const [word, kind] of [
    ['OR', 'any'],
    ['AND', 'all'],
  ] as const) {
    const cuts = marks.filter((mark) => mark.word === word);
    if (cuts.length > 0) return { kind, text, parts: splitAt(text, cuts).map(splitExpression) };
  }
  if (marks[0]?.word === 'NOT' && marks[0].start === 0)
    return { kind: 'not', text, parts: [splitExpression(text.slice(3))] };
  return { kind: 'leaf', text, operands: operandsOf(text, marks) };
};
