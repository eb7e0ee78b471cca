import { describe, expect, test } from 'vitest';
import { attempt } from '../base/index.ts';
import { checkQuery } from './check-query.ts';
import { parseQuery } from './parse-query.ts';

/** What a query is refused for; undefined: nothing. */
const refusal = (text: string, routine = false) => {
  const parsed = parseQuery(text, { routine, strict: true });
  if (!parsed.ok) return parsed.problem;
  const checked = attempt(() => checkQuery(parsed.value, { filters: 5, embeds: 2 }));
  return checked.ok ? undefined : checked.problem;
};

describe('what can only hold once', () => {
  test.each([
    ['limit=1&limit=2', 'limit'],
    ['order=a&order=b', 'order'],
    ['offset=1&limit=1&offset=2', 'offset'],
    ['select=a&select=b', 'select'],
    ['select=a&select', 'select'],
    ['columns=a&columns=b', 'columns'],
    ['on_conflict=a&on_conflict=b', 'on_conflict'],
    ['select=b(c)&b.limit=1&limit=1&b.limit=2', 'b.limit'],
    ['b.order=x&b.order=y', 'b.order'],
  ])('is refused where it is there twice: %s', (text, name) => {
    expect(refusal(text)).toMatchObject({
      code: 'PGRST100',
      status: 400,
      message: `The parameter ${name} is there more than once`,
    });
  });

  test.each(['limit=1&b.limit=1', 'order=a,b', 'a=gt.1&a=lt.5', 'or=(a.eq.1,b.eq.2)&or=(c.eq.1,d.eq.2)'])(
    'is fine once, and conditions may be many: %s',
    (text) => {
      expect(refusal(text)).toBeUndefined();
    },
  );

  test('makes another shape, so that no plan of the one is found for the other', () => {
    const shape = (text: string) => {
      const parsed = parseQuery(text, { routine: false });
      return parsed.ok ? parsed.value.shape : undefined;
    };
    expect(shape('select=a')).not.toBe(shape('select=a&select=a'));
  });
});

describe('conditions are counted', () => {
  test.each([
    ['a=eq.1&b=eq.1&c=eq.1&d=eq.1&e=eq.1', false],
    ['a=eq.1&b=eq.1&c=eq.1&d=eq.1&e=eq.1&f=eq.1', false, 6],
    ['or=(a.eq.1,and(b.eq.1,c.eq.1,not.or(d.eq.1,e.eq.1)))', false],
    ['or=(a.eq.1,and(b.eq.1,c.eq.1,not.or(d.eq.1,e.eq.1)))&f=eq.1', false, 6],
    ['a=1&b=1&c=1&d=1&e=1&f=1', true, 6],
    ['a=in.(1,2,3,4,5,6,7,8)', false],
  ])('%s', (text, routine, count?: number) => {
    expect(refusal(text, routine)).toEqual(
      count === undefined
        ? undefined
        : expect.objectContaining({ code: 'PGRST100', details: `There are ${count}; the limit is 5.` }),
    );
  });
});

describe('levels of embeds are counted', () => {
  test.each([
    ['select=a(b(c))', undefined],
    ['select=a(b(c(d)))', 3],
    ['select=x,a(b),...y(z(w(v)))', 3],
  ])('%s', (text, levels) => {
    expect(refusal(text)).toEqual(
      levels === undefined
        ? undefined
        : expect.objectContaining({ details: `It embeds ${levels} levels deep; the limit is 2.` }),
    );
  });
});

describe('embeds are counted at all levels together', () => {
  const embeds = (count: number) =>
    `select=${Array.from({ length: count / 2 }, (_, n) => `a${n}:a(b(c))`).join(',')}`;
  test.each([
    [100, undefined],
    [102, 'It embeds 102 times; the limit is 100.'],
  ])('%i', (count, details) => {
    expect(refusal(embeds(count))).toEqual(
      details === undefined ? undefined : expect.objectContaining({ code: 'PGRST100', details }),
    );
  });
});

test.each([
  ['a=eq.%C3%A4', undefined],
  ['a=eq.%E4', 'bytes that are not UTF-8'],
  ['%ff=eq.1', 'bytes that are not UTF-8'],
  ['a=eq.%F0%9F%A6%80', undefined],
  ['a=eq.%ED%A0%80', 'bytes that are not UTF-8'],
  ['a=eq.%C3%28', 'bytes that are not UTF-8'],
  ['a=like.100%25', undefined],
  ['a=like.100%', 'a percent sign that does not begin an encoded byte'],
  ['a=like.%zz', 'a percent sign that does not begin an encoded byte'],
  ['%4=eq.1', 'a percent sign that does not begin an encoded byte'],
])('what is no percent-encoded UTF-8 is refused: %s', (text, fault) => {
  const message = fault === undefined ? undefined : `The query string has ${fault}`;
  expect(refusal(text)?.message).toBe(message);
});

test("in PostgREST's place a percent sign that encodes nothing stands for itself", () => {
  const parsed = parseQuery('a=like.100%', { routine: false });
  expect(parsed.ok && parsed.value.values).toEqual(['100%']);
});
