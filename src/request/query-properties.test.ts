import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Condition,
  type Field,
  type Filter,
  type Logic,
  type Operation,
  type OrderTerm,
  parseQuery,
  printQuery,
  type Query,
  type Scoped,
  type SelectNode,
  type Value,
} from './index.ts';

/** A tree without what two spellings of it may differ in. */
const bare = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(bare);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => key !== 'span' && key !== 'shape' && value !== undefined)
      .map(([key, value]) => [key, key === 'values' && Array.isArray(value) ? value : bare(value)]),
  );
};

const span = { parameter: '', start: 0, end: 0 };

const hostile = [
  '',
  ' ',
  'a',
  '*',
  'not',
  'and',
  'or',
  'count',
  'order',
  'left',
  'inner',
  'eq',
  '->',
  '12',
  '-',
];
const hostiler = [
  'a.b',
  'a b',
  ' a',
  'a-b',
  'a--b',
  '"',
  '\\',
  'a"b',
  'a\\"',
  '(a)',
  'a,b',
  'a:b',
  'a::b',
  '&',
  '=',
];
const strange = [
  '&?',
  '&|',
  'a&=',
  '{a}',
  '{',
  ';',
  '+',
  '%',
  '%20',
  '\t',
  '\n',
  'é',
  '漢字',
  '👍🏽',
  '\u0000',
  '\uFEFF',
];
const name = fc.oneof(
  fc.constantFrom(...hostile, ...hostiler, ...strange),
  fc.stringMatching(/^[a-z_]{1,8}$/),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const literal = name;
const identifier = fc.constantFrom('text', 'int4', 'double precision', 'numeric', '');
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });

const field: fc.Arbitrary<Field> = fc.record({
  name,
  path: fc.array(
    fc.record({
      arrow: fc.constantFrom('->', '->>'),
      operand: fc.oneof(
        fc.record({ kind: fc.constant('key'), key: name }),
        fc.record({ kind: fc.constant('index'), index: fc.integer({ min: -20, max: 2 ** 40 }) }),
      ),
    }),
    { maxLength: 2 },
  ),
});

const selectField: fc.Arbitrary<SelectNode> = fc
  .record({
    kind: fc.constant('field' as const),
    field,
    alias: maybe(name),
    cast: maybe(identifier),
    aggregate: maybe(fc.constantFrom('avg', 'count', 'max', 'min', 'sum')),
    aggregateCast: maybe(identifier),
    span: fc.constant(span),
  })
  // A second cast needs a first one, or an aggregate, in front of it.
  .filter(
    (node) => node.aggregateCast === undefined || node.aggregate !== undefined || node.cast !== undefined,
  );

const select = fc.letrec<{ node: SelectNode; list: readonly SelectNode[] }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    selectField,
    fc
      .record({
        kind: fc.constant('embed' as const),
        relation: name,
        alias: maybe(name),
        hint: maybe(name),
        join: maybe(fc.constantFrom('inner', 'left')),
        spread: fc.boolean(),
        select: tie('list'),
        span: fc.constant(span),
      })
      .map((node) => (node.spread ? { ...node, alias: undefined } : node))
      // A relation called count would be the aggregate.
      .filter((node) => node.spread || node.relation !== 'count'),
  ),
  list: fc.array(tie('node'), { maxLength: 3 }),
})).list;

/** Operations that hold their literals themselves, until the whole query numbers its slots. */
type Loose = { readonly operation: (slot: number) => Operation; readonly literal: Value | undefined };

const operation: fc.Arbitrary<Loose> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('eq', 'gte', 'gt', 'lte', 'lt', 'like', 'ilike', 'match', 'imatch'),
      maybe(fc.constantFrom('any', 'all')),
      literal,
    )
    .map(
      ([operator, quantifier, value]): Loose => ({
        operation: (slot) => ({ kind: 'compare', operator, quantifier, value: slot }),
        literal: value,
      }),
    ),
  fc.tuple(fc.constantFrom('neq', 'cs', 'cd', 'ov', 'sl', 'sr', 'nxr', 'nxl', 'adj'), literal).map(
    ([operator, value]): Loose => ({
      operation: (slot) => ({ kind: 'simple', operator, value: slot }),
      literal: value,
    }),
  ),
  fc
    .array(literal, { minLength: 1, maxLength: 3 })
    .map((values): Loose => ({ operation: (slot) => ({ kind: 'in', values: slot }), literal: values })),
  fc
    .constantFrom('null', 'not_null', 'true', 'false', 'unknown')
    .map((value): Loose => ({ operation: () => ({ kind: 'is', value }), literal: undefined })),
  literal.map(
    (value): Loose => ({ operation: (slot) => ({ kind: 'isdistinct', value: slot }), literal: value }),
  ),
  fc.tuple(fc.constantFrom('fts', 'plfts', 'phfts', 'wfts'), maybe(identifier), literal).map(
    ([operator, language, value]): Loose => ({
      operation: (slot) => ({ kind: 'search', operator, language, value: slot }),
      literal: value,
    }),
  ),
);

type LooseFilter = { readonly field: Field; readonly negated: boolean; readonly loose: Loose };
type LooseLogic = {
  readonly operator: 'and' | 'or';
  readonly negated: boolean;
  readonly terms: readonly (LooseFilter | LooseLogic)[];
};

const filter: fc.Arbitrary<LooseFilter> = fc.record({ field, negated: fc.boolean(), loose: operation });

const logic = fc.letrec<{ logic: LooseLogic; term: LooseFilter | LooseLogic }>((tie) => ({
  logic: fc.record({
    operator: fc.constantFrom('and', 'or'),
    negated: fc.boolean(),
    terms: fc.array(tie('term'), { minLength: 1, maxLength: 3 }),
  }),
  term: fc.oneof({ depthSize: 'small', withCrossShrink: true }, filter, tie('logic')),
})).logic;

const orderTerm: fc.Arbitrary<OrderTerm> = fc.record({
  relation: maybe(name),
  field,
  direction: maybe(fc.constantFrom('asc', 'desc')),
  nulls: maybe(fc.constantFrom('first', 'last')),
  span: fc.constant(span),
});

const scoped = <T>(said: fc.Arbitrary<T>): fc.Arbitrary<readonly Scoped<T>[]> =>
  fc.array(
    fc.record({
      path: fc.array(
        name.filter((part) => part !== 'not'),
        { maxLength: 2 },
      ),
      said,
    }),
    { maxLength: 2 },
  );

const query: fc.Arbitrary<Query> = fc
  .record({
    select,
    filters: scoped(filter),
    logic: scoped(logic),
    order: scoped(fc.array(orderTerm, { minLength: 1, maxLength: 3 })),
    limits: scoped(literal),
    offsets: scoped(literal),
    columns: maybe(fc.uniqueArray(name, { minLength: 1, maxLength: 3 })),
    onConflict: maybe(fc.array(name, { minLength: 1, maxLength: 3 })),
  })
  .map((loose) => {
    const values: Value[] = [];
    const keep = (value: Value): number => values.push(value) - 1;
    const tieFilter = ({ field, negated, loose: { operation, literal: value } }: LooseFilter): Filter => ({
      kind: 'filter',
      field,
      negated,
      operation: operation(value === undefined ? -1 : keep(value)),
      span,
    });
    const tieLogic = ({ operator, negated, terms }: LooseLogic): Logic => ({
      kind: 'logic',
      operator,
      negated,
      terms: terms.map((term): Condition => ('terms' in term ? tieLogic(term) : tieFilter(term))),
      span,
    });
    const tie = <T, U>(list: readonly Scoped<T>[], make: (said: T) => U): readonly Scoped<U>[] =>
      list.map(({ path, said }) => ({ path, said: make(said) }));
    return {
      ...loose,
      filters: tie(loose.filters, tieFilter),
      logic: tie(loose.logic, tieLogic),
      limits: tie(loose.limits, keep),
      offsets: tie(loose.offsets, keep),
      undecided: [],
      values,
      shape: '',
    };
  });

const parts = [
  'select=',
  'order=',
  'and=(',
  'or=(',
  'a.or=(',
  'limit=',
  'columns=',
  'on_conflict=',
  'id=',
  'a.b=',
  '%22&%22=',
  'eq.',
  'not.',
  'in.(',
  'is.',
  'null',
  'fts(',
  'like(any).',
  'a',
  'b',
  '*',
  '.',
  '..',
  '...',
  ',',
  '(',
  ')',
  ':',
  '::',
  '->',
  '->>',
  '-',
  '!',
  '!inner',
  'count()',
  '.sum()',
  '0',
  ' ',
  '+',
  '%26',
  '%22',
  '%5C',
  '%',
  '%C3',
  '=',
  '&',
  ';',
  '{',
  '}',
  '.asc',
  '.nullsfirst',
  '1,2',
  '%09',
  'é',
  '%00',
] as const;

/** Soups of what the language is made of: some of them are of it, most are just not. */
const soup = fc.array(fc.constantFrom(...parts), { maxLength: 14 }).map((some) => some.join(''));

/** A query string that is of the language, but for one cut or one insertion. */
const mutilated = fc
  .tuple(query.map(printQuery), fc.nat(), fc.nat(3), fc.constantFrom('', ...parts))
  .map(([text, at, cut, put]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + cut);
  });

const anything = fc.oneof(
  soup,
  mutilated,
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary-ascii' }),
);

describe('any text at all', () => {
  test('is read or refused with PGRST100, never more', () => {
    fc.assert(
      fc.property(anything, fc.boolean(), (text, routine) => {
        const result = parseQuery(text, { routine });
        if (result.ok) return;
        expect(result.problem).toMatchObject({ code: 'PGRST100', hint: null });
        expect(result.problem.message).toMatch(/^"failed to parse [\s\S]+" \(line \d+, column \d+\)$/);
        expect(result.problem.details).toMatch(/^unexpected [\s\S]+/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('printing', () => {
  test('gives back a tree that reads as the same', () => {
    fc.assert(
      fc.property(query, (tree) => {
        const printed = printQuery(tree);
        const result = parseQuery(printed, { routine: false });
        expect(result.ok, printed).toBe(true);
        if (result.ok) expect(bare(result.value)).toEqual(bare(tree));
      }),
      { numRuns: 1000 },
    );
  });

  test('gives back what was read, and is then at rest', () => {
    fc.assert(
      fc.property(fc.oneof(soup, mutilated), fc.boolean(), (text, routine) => {
        const first = parseQuery(text, { routine });
        fc.pre(first.ok);
        if (!first.ok) return;
        const printed = printQuery(first.value);
        const second = parseQuery(printed, { routine });
        expect(second.ok, printed).toBe(true);
        if (!second.ok) return;
        // What was there more than once is printed once.
        expect(bare(second.value)).toEqual(bare({ ...first.value, repeated: undefined }));
        expect(printQuery(second.value)).toBe(printed);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the shape', () => {
  const withoutValues = ({ values: _, ...rest }: Query): unknown => bare(rest);

  test('is the same for trees that differ in literals only', () => {
    fc.assert(
      fc.property(query, fc.array(literal, { minLength: 1 }), (tree, others) => {
        const other = (i: number): string => others[i % others.length] as string;
        const values = tree.values.map((value, i) => (typeof value === 'string' ? other(i) : others));
        const one = parseQuery(printQuery(tree), { routine: false });
        const two = parseQuery(printQuery({ ...tree, values }), { routine: false });
        expect(one.ok && two.ok).toBe(true);
        if (one.ok && two.ok) expect(two.value.shape).toBe(one.value.shape);
      }),
      { numRuns: 500 },
    );
  });

  test('is the same only for trees that differ in literals only', () => {
    const seen = new Map<string, string>();
    let again = 0;
    fc.assert(
      fc.property(fc.oneof(soup, mutilated), fc.boolean(), (text, routine) => {
        const result = parseQuery(text, { routine });
        if (!result.ok) return;
        const tree = JSON.stringify(withoutValues(result.value));
        const known = seen.get(result.value.shape);
        if (known !== undefined && text !== '') again++;
        expect(tree).toBe(known ?? tree);
        seen.set(result.value.shape, tree);
      }),
      { numRuns: 5000 },
    );
    expect(again).toBeGreaterThan(100);
  });
});
