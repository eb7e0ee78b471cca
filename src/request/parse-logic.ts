import { CLOSE, DOT, OPEN, SPACE, TAB } from './character.ts';
import { checkDepth } from './depth.ts';
import { DELIMITER } from './misses.ts';
import { missNot, parseOperation } from './parse-filter.ts';
import { parseField } from './parse-name.ts';
import { MISMATCH, type Scanner } from './scanner.ts';
import type { Condition, Filter, Logic } from './tree.ts';

const NEGATION = 'negation operator (not)';
const LOGIC_OPERATOR = 'logic operator (and, or)';

/**
 * Reads a condition: `id.eq.1`, `or(a.gt.1,not.and(b.is.null,c.in.(1,2)))`.
 *
 * Source: https://docs.postgrest.org/en/stable/references/api/tables_views.html#logical-operators
 */
export const parseCondition = (s: Scanner, depth = 1): Condition => {
  checkDepth(depth, 'logic');
  const from = s.at;
  const negated = s.text.startsWith('not.', from);
  const word = negated ? from + 4 : from;
  const operator = s.text.startsWith('and', word) ? 'and' : s.text.startsWith('or', word) ? 'or' : undefined;
  if (operator !== undefined) {
    const behind = word + operator.length;
    if (isBeforeOpening(s.text, behind)) {
      s.at = behind;
      return parseTerms(s, from, operator, negated, depth);
    }
  }
  if (!s.explaining) return expectFilter(s);
  const filter = s.attempt(expectFilter);
  if (filter !== undefined) return filter;
  missLogic(s);
  throw MISMATCH;
};

/** The whole of `and=` or `or=`, with its operator put before it. */
export const parseLogic = (s: Scanner): Logic => {
  const condition = parseCondition(s);
  if (condition.kind === 'logic') return condition;
  // `and=.eq.1` reads as a filter on a column called "and".
  return { kind: 'logic', operator: 'and', negated: false, terms: [condition], span: condition.span };
};

const isBeforeOpening = (text: string, at: number): boolean => {
  let next = at;
  while (text.charCodeAt(next) === SPACE || text.charCodeAt(next) === TAB) next++;
  return text.charCodeAt(next) === OPEN;
};

/** The parentheses and what is in them; only space stands in front of the opening one. */
const parseTerms = (
  s: Scanner,
  from: number,
  operator: Logic['operator'],
  negated: boolean,
  depth: number,
): Logic => {
  s.skipSpace();
  s.at++;
  s.skipSpace();
  const terms = [parseCondition(s, depth + 1)];
  while (s.passComma()) {
    terms.push(parseCondition(s, depth + 1));
    s.misses = undefined;
  }
  if (s.text.charCodeAt(s.at) !== CLOSE) {
    s.miss('")"');
    throw MISMATCH;
  }
  s.at++;
  const span = s.span(from);
  s.skipSpace();
  return { kind: 'logic', operator, negated, terms, span };
};

const expectFilter = (s: Scanner): Filter => {
  const from = s.at;
  const field = parseField(s);
  if (s.text.charCodeAt(s.at) !== DOT) {
    s.miss(DELIMITER);
    throw MISMATCH;
  }
  s.at++;
  const operation = parseOperation(s, 'in logic');
  if (operation === undefined) throw MISMATCH;
  return {
    kind: 'filter',
    field,
    negated: operation.negated,
    operation: operation.operation,
    span: s.span(from),
  };
};

/** What is missed where a filter was tried and failed, and no logic operator stands either. */
const missLogic = (s: Scanner): void => {
  const seen = s.misses;
  s.misses = undefined;
  if (s.text.startsWith('not.', s.at)) {
    s.at += 4;
    expectLogicOperator(s);
  }
  missNot(s);
  s.relabel(seen, NEGATION);
  expectLogicOperator(s);
};

const expectLogicOperator = (s: Scanner): never => {
  const { text } = s;
  const length = text.startsWith('and', s.at) ? 3 : text.startsWith('or', s.at) ? 2 : 0;
  if (length > 0) {
    s.at += length;
    s.skipSpace();
    s.miss('"("');
    throw MISMATCH;
  }
  const seen = s.misses;
  s.misses = undefined;
  s.missWord('and');
  if (text.startsWith('o', s.at)) {
    s.misses = undefined;
    s.missWord('or');
    throw MISMATCH;
  }
  s.missWord('or');
  s.relabel(seen, LOGIC_OPERATOR);
  throw MISMATCH;
};
