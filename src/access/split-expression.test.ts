import { describe, expect, test } from 'vitest';
import { type Condition, splitExpression } from './split-expression.ts';

/** `all(a, any(b, not(c)))`, with what leaves compare in braces. */
const print = (condition: Condition): string =>
  condition.kind === 'leaf'
    ? `${condition.text}${condition.operands.length > 0 ? `{${condition.operands.join(' ; ')}}` : ''}`
    : `${condition.kind}(${condition.parts.map(print).join(', ')})`;

describe('a condition is split', () => {
  test.each([
    ['true', 'true'],
    ['published', 'published'],
    [
      '(( SELECT auth.uid() AS uid) = user_id)',
      '( SELECT auth.uid() AS uid) = user_id{( SELECT auth.uid() AS uid) ; user_id}',
    ],
    ['((a = 1) AND (b OR (NOT c)))', 'all(a = 1{a}, any(b, not(c)))'],
    [
      "(status = ANY (ARRAY['x AND y'::text, 'z'::text]))",
      "status = ANY (ARRAY['x AND y'::text, 'z'::text]){status}",
    ],
    [
      '(EXISTS ( SELECT 1\n   FROM posts\n  WHERE ((posts.id = x) AND posts.open)))',
      'EXISTS ( SELECT 1\n   FROM posts\n  WHERE ((posts.id = x) AND posts.open))',
    ],
    ['(("a OR b" IS NOT NULL) OR (c IS NULL))', 'any("a OR b" IS NOT NULL{"a OR b"}, c IS NULL{c})'],
    [
      '(CASE\n    WHEN (a AND b) THEN c\n    ELSE d\nEND AND e)',
      'all(CASE\n    WHEN (a AND b) THEN c\n    ELSE d\nEND, e)',
    ],
    ["(name ~~ E'it''s \\'(OR'::text)", "name ~~ E'it''s \\'(OR'::text{name ; E'it''s \\'(OR'::text}"],
    [
      "((auth.jwt() ->> 'role'::text) = 'admin'::text)",
      "(auth.jwt() ->> 'role'::text) = 'admin'::text{(auth.jwt() ->> 'role'::text)}",
    ],
    ['public.is_member(id)', 'public.is_member(id)'],
    ['((a AND b) AND (c AND d))', 'all(all(a, b), all(c, d))'],
  ])('%s', (expression, parts) => {
    expect(print(splitExpression(expression))).toBe(parts);
  });
});
