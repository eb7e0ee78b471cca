import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '../base/index.ts';
import { shapeKey } from '../engine/index.ts';
import {
  APPLICATION_JSON,
  type Ask,
  parseAccept,
  parsePreferences,
  parseQuery,
  TAKEN,
  takeValues,
} from '../request/index.ts';
import { canonicalQuery } from './canonical-query.ts';
import { type AskedRead, KnownReads } from './known-reads.ts';
import { readPage } from './page.ts';

/** Understands a query string without remembering anything. */
const parse = (queryString: string): AskedRead => {
  const parsed = parseQuery(queryString, { routine: false });
  if (!parsed.ok) throw new Refusal(parsed.problem);
  const page = readPage(parsed.value, undefined, undefined);
  const ask: Ask = {
    verb: 'read',
    headersOnly: false,
    schema: 'public',
    target: { kind: 'collection', name: 'posts' },
    query: parsed.value,
    preferences: parsePreferences(undefined, { allowTxOverride: false }),
    accept: parseAccept(undefined),
    contentType: APPLICATION_JSON,
    payload: undefined,
    page: page.served,
  };
  return { ask, page };
};

/** Places in the text are of the request that was parsed; nothing that is answered tells them. */
const withoutSpans = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(withoutSpans);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== 'span')
      .map(([key, value]) => [key, withoutSpans(value)]),
  );
};

/** What comes of a query string, or why it is refused. */
const tell = (read: () => AskedRead, queryString: string): unknown => {
  try {
    const { ask, page, canonicalQuery: told } = read();
    const { shapeKey: known, ...others } = ask;
    return {
      ask: withoutSpans(others),
      page,
      shape: known ?? shapeKey(others),
      canonical: told ?? canonicalQuery(queryString),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problem;
  }
};

const text = fc.oneof(
  fc.constantFrom(
    '5',
    '',
    'a',
    'null',
    'eq.5',
    '(1,2)',
    '"a,b"',
    '{a}',
    'a b',
    'ä',
    '💙',
    '*',
    'not.eq.1',
    '1.5',
  ),
  fc.string({ unit: 'binary' }),
);
const encoded = fc.oneof(
  { weight: 4, arbitrary: text.map(encodeURIComponent) },
  fc.constantFrom('a+b', '100%', '%zz', '%E4', '%00', 'value0of0a0read0x', 'a=b', 'a%2Bb'),
);
const name = fc.constantFrom(
  'id',
  'author.id',
  'a->>b',
  'na%6De',
  'a+b',
  'select',
  'order',
  'or',
  'x.limit',
  '',
  'id%3D',
);
const operator = fc.constantFrom(
  'eq.',
  'neq.',
  'gt.',
  'gte.',
  'lt.',
  'lte.',
  'not.eq.',
  'like.',
  'in.',
  'eq(any).',
  'eq',
  'is.',
  '',
);
const fixed = fc.constantFrom(
  'select=id,title,author:authors(name)',
  'select=',
  'order=id.desc',
  'limit=20',
  'limit=x',
  'offset=3',
  'or=(id.eq.5,id.eq.6)',
  'authors.limit=1',
  'title',
  '',
);
/** A parameter whose value differs from one request to the next. */
const filter = fc.record({ name, operator, values: fc.tuple(encoded, encoded, encoded, encoded) });
const parameter = fc.oneof({ weight: 3, arbitrary: filter }, fixed);
const separator = fc.constantFrom('&', '&', '&', ';', '&&');

test('what is known of a read is what parsing it gives', () => {
  fc.assert(
    fc.property(fc.array(parameter, { maxLength: 5 }), separator, (parameters, between) => {
      const known = new KnownReads();
      for (const round of [0, 1, 2, 3] as const) {
        const queryString = parameters
          .map((one) => (typeof one === 'string' ? one : `${one.name}=${one.operator}${one.values[round]}`))
          .join(between);
        expect(tell(() => known.read('', queryString, parse), queryString)).toEqual(
          tell(() => parse(queryString), queryString),
        );
      }
    }),
    { numRuns: 3000 },
  );
});

test('a read is not parsed once it is known', () => {
  const known = new KnownReads();
  const parsed: string[] = [];
  const read = (head: string, queryString: string): AskedRead =>
    known.read(head, queryString, (query) => {
      parsed.push(query);
      return parse(query);
    });
  read('', 'id=eq.1&name=gte.a');
  read('', 'id=eq.2&name=gte.b');
  expect(parsed).toHaveLength(3);
  expect(read('', 'id=eq.3&name=gte.%C3%A4').ask.query.values).toEqual(['3', 'ä']);
  expect(parsed).toHaveLength(3);
  read('other headers', 'id=eq.3&name=gte.c');
  expect(parsed).toHaveLength(4);
});

test('what came once, and many others since, is forgotten', () => {
  const known = new KnownReads();
  const parsed: string[] = [];
  const read = (queryString: string): AskedRead =>
    known.read('', queryString, (query) => {
      parsed.push(query);
      return parse(query);
    });
  for (let i = 0; i < 5000; i++) read(`select=a${i}&id=eq.1`);
  expect(parsed).toHaveLength(5000);
  read('select=a0&id=eq.1');
  expect(parsed).toHaveLength(5001);
});

test('those that are long take no more room than many that are short', () => {
  const known = new KnownReads();
  for (let i = 0; i < 2_000; i++) known.read('', `select=a${i},${'b'.repeat(1_500)}&id=eq.1`, parse);
  expect(known.size).toBeLessThan(150);
});

test.each([
  ['id=eq.5&select=title', `id=eq.${TAKEN}&select=title`, ['5']],
  ['a=eq.1&b=lt.2', `a=eq.${TAKEN}&b=lt.${TAKEN}`, ['1', '2']],
  ['a.b=eq.x%20y', `a.b=eq.${TAKEN}`, ['x y']],
  ['select=eq.5&order=eq.a&limit=eq.1', 'select=eq.5&order=eq.a&limit=eq.1', []],
  ['id=in.(1,2)&a=not.eq.5', 'id=in.(1,2)&a=not.eq.5', []],
  ['id=eq', 'id=eq', []],
  ['', '', []],
])('of %j the values are taken out', (queryString, left, values) => {
  expect(takeValues(queryString)).toEqual({ text: left, values });
});
