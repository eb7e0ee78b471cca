import { describe, expect, test } from 'vitest';
import { parseQuery, type Query } from './index.ts';

const read = (queryString: string, routine = false): Query => {
  const result = parseQuery(queryString, { routine });
  if (!result.ok) throw new Error(`${result.problem.message}: ${JSON.stringify(result.problem.details)}`);
  return result.value;
};

/** What toMatchObject needs of a plain column. */
const column = (name: string) => ({ kind: 'field', field: { name, path: [] } });

describe('select', () => {
  test('asks for all columns where it is absent, and for none where it is empty', () => {
    expect(read('').select).toMatchObject([column('*')]);
    expect(read('select=').select).toEqual([]);
  });

  test('counts the first time only, even without a value', () => {
    expect(read('select=a&select=b').select).toMatchObject([column('a')]);
    expect(read('select&select=b').select).toMatchObject([column('*')]);
  });

  test('names columns, renamed and cast', () => {
    const [plain, renamed, both] = read('select=id, full:name,price:cost::text').select;
    expect(plain).toMatchObject(column('id'));
    expect(renamed).toMatchObject({ ...column('name'), alias: 'full', cast: undefined });
    expect(both).toMatchObject({ ...column('cost'), alias: 'price', cast: 'text' });
  });

  test('takes names with spaces and dashes, letters of any script, and anything in quotes', () => {
    const query = read('select=first name,last-name,%C3%A5r,%22a.b,%5C%22c%5C%22%22');
    expect(query.select).toMatchObject(['first name', 'last-name', 'år', 'a.b,"c"'].map(column));
  });

  test('follows paths into JSON by key and by index', () => {
    expect(read('select=data->a->>b,data->0->>-1,data->"0",d->>!@%23$').select).toMatchObject([
      {
        field: {
          name: 'data',
          path: [
            { arrow: '->', operand: { kind: 'key', key: 'a' } },
            { arrow: '->>', operand: { kind: 'key', key: 'b' } },
          ],
        },
      },
      {
        field: {
          path: [
            { arrow: '->', operand: { kind: 'index', index: 0 } },
            { arrow: '->>', operand: { kind: 'index', index: -1 } },
          ],
        },
      },
      { field: { path: [{ operand: { kind: 'key', key: '0' } }] } },
      { field: { path: [{ operand: { kind: 'key', key: '!@#$' } }] } },
    ]);
  });

  test('takes a number for an index inside of parentheses too', () => {
    expect(read('select=posts(tags->0)').select).toMatchObject([
      { select: [{ field: { name: 'tags', path: [{ operand: { kind: 'index', index: 0 } }] } }] },
    ]);
  });

  test('aggregates, with a cast before and after', () => {
    expect(
      read('select=count(),n:count()::text,price.sum(),t:price::int.avg()::text,id.count()').select,
    ).toMatchObject([
      { ...column('*'), aggregate: 'count' },
      { ...column('*'), alias: 'n', aggregate: 'count', aggregateCast: 'text' },
      { ...column('price'), aggregate: 'sum', cast: undefined },
      { ...column('price'), alias: 't', cast: 'int', aggregate: 'avg', aggregateCast: 'text' },
      { ...column('id'), aggregate: 'count' },
    ]);
  });

  test('knows a column called count from the aggregate', () => {
    expect(read('select=count,count::text').select).toMatchObject([
      { ...column('count'), aggregate: undefined },
      { ...column('count'), cast: 'text' },
    ]);
  });

  test('embeds relations, with a hint and a join in either order', () => {
    expect(
      read('select=posts(id,author:users!posts_author_fkey!inner(name),tags!left!post_tags())').select,
    ).toMatchObject([
      {
        kind: 'embed',
        relation: 'posts',
        alias: undefined,
        hint: undefined,
        join: undefined,
        spread: false,
        select: [
          column('id'),
          {
            relation: 'users',
            alias: 'author',
            hint: 'posts_author_fkey',
            join: 'inner',
            select: [column('name')],
          },
          { relation: 'tags', hint: 'post_tags', join: 'left', select: [] },
        ],
      },
    ]);
  });

  test('spreads a relation into its parent', () => {
    expect(read('select=title,...directors!inner(name)').select).toMatchObject([
      column('title'),
      { kind: 'embed', relation: 'directors', spread: true, join: 'inner', select: [column('name')] },
    ]);
  });
});

describe('filters', () => {
  const operation = (queryString: string) => read(queryString).filters[0]?.said;

  test('have an operator and a value, which lies in a slot', () => {
    const query = read('age=gte.18&name=not.like.*a*');
    expect(query.filters.map(({ said }) => said)).toMatchObject([
      { field: { name: 'age' }, negated: false, operation: { kind: 'compare', operator: 'gte', value: 0 } },
      { field: { name: 'name' }, negated: true, operation: { kind: 'compare', operator: 'like', value: 1 } },
    ]);
    expect(query.values).toEqual(['18', '*a*']);
  });

  test.each(['eq', 'gte', 'gt', 'lte', 'lt', 'like', 'ilike', 'match', 'imatch'])(
    '%s compares with one value, with any or with all of several',
    (operator) => {
      for (const [written, quantifier] of [
        ['', undefined],
        ['(any)', 'any'],
        ['(all)', 'all'],
      ]) {
        expect(operation(`a=${operator}${written}.{1,2}`)).toMatchObject({
          operation: { kind: 'compare', operator, quantifier },
        });
      }
    },
  );

  test.each(['neq', 'cs', 'cd', 'ov', 'sl', 'sr', 'nxr', 'nxl', 'adj'])('%s takes one value', (operator) => {
    expect(operation(`a=${operator}.x`)).toMatchObject({ operation: { kind: 'simple', operator, value: 0 } });
    expect(parseQuery(`a=${operator}(any).x`, { routine: false }).ok).toBe(false);
  });

  test.each(['fts', 'plfts', 'phfts', 'wfts'])('%s searches, perhaps in a language', (operator) => {
    expect(operation(`a=${operator}.cat`)).toMatchObject({
      operation: { kind: 'search', operator, language: undefined },
    });
    expect(operation(`a=not.${operator}(french).chat`)).toMatchObject({
      negated: true,
      operation: { kind: 'search', operator, language: 'french' },
    });
  });

  test('isdistinct takes one value', () => {
    expect(operation('a=isdistinct.5')).toMatchObject({ operation: { kind: 'isdistinct', value: 0 } });
  });

  test('is takes five words, in any case', () => {
    for (const word of ['null', 'not_null', 'true', 'false', 'unknown'] as const) {
      expect(operation(`a=is.${word}`)?.operation).toEqual({ kind: 'is', value: word });
      expect(operation(`a=is.${word.toUpperCase()}`)?.operation).toEqual({ kind: 'is', value: word });
    }
  });

  test('in takes a list, whose items may stand in quotes', () => {
    expect(read('a=in.(1,2)').values).toEqual([['1', '2']]);
    expect(read('a=in.()').values).toEqual([['']]);
    expect(read('a=in.("b,c","d\\"e\\\\",f"g,"h"i, j )').values).toEqual([
      ['b,c', 'd"e\\', 'f"g', '"h"i', ' j '],
    ]);
  });

  test('take the whole rest as their value, whatever is in it', () => {
    expect(read('a=eq.&b=eq."x"&c=eq.1.2,(3)=4').values).toEqual(['', '"x"', '1.2,(3)=4']);
  });

  test('reach into embeds and into JSON', () => {
    expect(read('posts.comments.meta->>lang=eq.en').filters).toMatchObject([
      {
        path: ['posts', 'comments'],
        said: { field: { name: 'meta', path: [{ arrow: '->>', operand: { key: 'lang' } }] } },
      },
    ]);
    expect(read('%22a.b%22.%22c.d%22=eq.1').filters).toMatchObject([
      { path: ['a.b'], said: { field: { name: 'c.d' } } },
    ]);
  });

  test('all count, also on the same column', () => {
    expect(read('a=gt.1&a=lt.5').filters).toHaveLength(2);
  });

  test('may be on columns whose names are reserved, if quoted or embedded', () => {
    expect(read('%22order%22=eq.1&posts.select=eq.2').filters).toMatchObject([
      { path: [], said: { field: { name: 'order' } } },
      { path: ['posts'], said: { field: { name: 'select' } } },
    ]);
  });

  test('are no filters without a value', () => {
    expect(read('a&b&&').filters).toEqual([]);
  });
});

describe('logic', () => {
  test('joins conditions with and and or, nested and negated', () => {
    const query = read('or=(a.eq.1,not.and(b.gt.2,c.not.is.null),d.in.(3,"4"))');
    expect(query.logic).toMatchObject([
      {
        path: [],
        said: {
          operator: 'or',
          negated: false,
          terms: [
            { kind: 'filter', field: { name: 'a' } },
            {
              kind: 'logic',
              operator: 'and',
              negated: true,
              terms: [
                { field: { name: 'b' } },
                { field: { name: 'c' }, negated: true, operation: { kind: 'is', value: 'null' } },
              ],
            },
            { field: { name: 'd' }, operation: { kind: 'in' } },
          ],
        },
      },
    ]);
    expect(query.values).toEqual(['1', '2', ['3', '4']]);
  });

  test('is negated and scoped by its parameter name', () => {
    expect(read('not.and=(a.eq.1)&posts.or=(a.eq.1)&posts.tags.not.or=(a.eq.1)').logic).toMatchObject([
      { path: [], said: { operator: 'and', negated: true } },
      { path: ['posts'], said: { operator: 'or', negated: false } },
      { path: ['posts', 'tags'], said: { operator: 'or', negated: true } },
    ]);
  });

  test('allows space around conditions', () => {
    const query = read('and=( a.eq.1 , or ( b.in.( 2 ) , c.gt.3 ) )');
    expect(query.logic[0]?.said).toMatchObject({ terms: [{ field: { name: 'a' } }, { operator: 'or' }] });
  });

  test('takes values in quotes, arrays in braces, and else all up to the next comma or parenthesis', () => {
    expect(read('and=(a.eq."b,)\\"",c.cs.{1,2},d.eq.{e,f.eq."g"h)').values).toEqual([
      'b,)"',
      '{1,2}',
      '{e',
      '"g"h',
    ]);
  });

  test('takes columns called and, or and not', () => {
    expect(read('and=(and.eq.1,or.gt.2,not.lt.3,order.is.null)').logic[0]?.said.terms).toMatchObject(
      ['and', 'or', 'not', 'order'].map((name) => ({ kind: 'filter', field: { name } })),
    );
  });
});

describe('order, limit, offset, columns and on_conflict', () => {
  test('order has terms with a direction and a place for nulls', () => {
    expect(read('order=a,b.desc,c.asc.nullslast,d.nullsfirst,e->f->>0.desc').order).toMatchObject([
      {
        path: [],
        said: [
          { field: { name: 'a' }, relation: undefined, direction: undefined, nulls: undefined },
          { direction: 'desc' },
          { direction: 'asc', nulls: 'last' },
          { direction: undefined, nulls: 'first' },
          { field: { path: [{ operand: { key: 'f' } }, { operand: { index: 0 } }] }, direction: 'desc' },
        ],
      },
    ]);
  });

  test('order may go by a column of an embedded relation, and be of one', () => {
    expect(read('order=author(name).desc&posts.order=id').order).toMatchObject([
      { path: [], said: [{ relation: 'author', field: { name: 'name' }, direction: 'desc' }] },
      { path: ['posts'], said: [{ field: { name: 'id' } }] },
    ]);
  });

  test('limit and offset keep their text, each for its path', () => {
    const query = read('limit=10&offset=x&posts.limit=-5&posts.tags.offset=');
    expect(query.limits).toEqual([
      { path: [], said: 0 },
      { path: ['posts'], said: 2 },
    ]);
    expect(query.offsets).toEqual([
      { path: [], said: 1 },
      { path: ['posts', 'tags'], said: 3 },
    ]);
    expect(query.values).toEqual(['10', 'x', '-5', '']);
  });

  test('columns are a set, on_conflict is a list', () => {
    const query = read('columns=a , "b,c" ,a');
    expect(query.columns).toEqual(['a', 'b,c']);
    expect(query.onConflict).toBeUndefined();
    expect(read('on_conflict=b,a').onConflict).toEqual(['b', 'a']);
    expect(read('columns').columns).toBeUndefined();
  });
});

describe('a GET on a routine', () => {
  test('leaves open what is an argument and what a filter', () => {
    const query = read('a=5&b=eq.5&select=id&limit=1', true);
    expect(query.filters).toEqual([]);
    expect(query.undecided).toMatchObject([
      { name: 'a', value: 0, filter: undefined },
      {
        name: 'b',
        value: 2,
        filter: { path: [], said: { field: { name: 'b' }, operation: { operator: 'eq', value: 1 } } },
      },
    ]);
    expect(query.values).toEqual(['5', '5', 'eq.5', '1']);
  });

  test('refuses a value that begins like a filter and goes on like none', () => {
    expect(parseQuery('a=in.5', { routine: true }).ok).toBe(false);
    expect(parseQuery('a=not.5', { routine: true }).ok).toBe(false);
    expect(parseQuery('a=eqx', { routine: true }).ok).toBe(true);
  });
});

describe('spans', () => {
  const spell = (queryString: string): string[] => {
    const query = read(queryString);
    const text = new URLSearchParams(queryString);
    const nodes = [
      ...query.select,
      ...query.filters.map(({ said }) => said),
      ...query.logic.flatMap(({ said }) => [said, ...said.terms]),
      ...query.order.flatMap(({ said }) => said),
    ];
    return nodes.map(({ span }) => text.get(span.parameter)?.slice(span.start, span.end) ?? '');
  };

  test('cover the text of each node in its parameter', () => {
    expect(spell('select=id, a:b->c::int,x!y(z)')).toEqual(['id', 'a:b->c::int', 'x!y(z)']);
    expect(spell('select=id&a=not.in.(1,2)')).toEqual(['id', 'not.in.(1,2)']);
    expect(spell('select=id&or=(a.eq.1,not.and(b.is.null))')).toEqual([
      'id',
      '(a.eq.1,not.and(b.is.null))',
      'a.eq.1',
      'not.and(b.is.null)',
    ]);
    expect(spell('select=id&order=a.desc, b(c).asc')).toEqual(['id', 'a.desc', 'b(c).asc']);
  });
});

describe('the shape', () => {
  const shape = (queryString: string, routine = false): string => read(queryString, routine).shape;

  test('is the same where literals differ', () => {
    expect(shape('id=eq.1&limit=5')).toBe(shape('id=eq.%26%3F&limit=ten'));
    expect(shape('id=in.(1)')).toBe(shape('id=in.("a,b",2,3)'));
    expect(shape('or=(a.eq.1,b.cs.{1,2})')).toBe(shape('or=(a.eq."x,y)",b.cs.)'));
    expect(shape('a=1', true)).toBe(shape('a=two', true));
    expect(shape('a=eq.1', true)).toBe(shape('a=eq.two', true));
  });

  test.each([
    ['a=eq.1', 'b=eq.1'],
    ['a=eq.1', 'a=gt.1'],
    ['a=eq.1', 'a=not.eq.1'],
    ['a=like(any).1', 'a=like(all).1'],
    ['a=is.null', 'a=is.true'],
    ['a=fts.x', 'a=fts(english).x'],
    ['a.b=eq.1', '%22a.b%22=eq.1'],
    ['a->b=eq.1', 'a->>b=eq.1'],
    ['select=a->1', 'select=a->%221%22'],
    ['select=a', 'select=b:a'],
    ['select=a(b)', 'select=a!inner(b)'],
    ['limit=1', 'offset=1'],
    ['and=(a.eq.1)', 'or=(a.eq.1)'],
    ['or=(a.eq.1)', 'or=(a.eq.1,a.eq.1)'],
  ])('differs between %s and %s', (one, other) => {
    expect(shape(one)).not.toBe(shape(other));
  });

  test('differs between an argument and a filter', () => {
    expect(shape('a=1', true)).not.toBe(shape('a=eq.1', true));
    expect(shape('a=eq.1', true)).not.toBe(shape('a=eq.1', false));
  });

  test('keeps names apart that hold its own marks', () => {
    expect(shape('select=%22a%26%3D%22')).not.toBe(shape('select=%22a%22'));
    expect(shape('%22a%26%3Deq.%26%3F%22=eq.1')).not.toBe(shape('a=eq.1&b=eq.1'));
    expect(shape('select=%22a%26%22')).not.toBe(shape('select=%22a%26%26%22'));
  });
});
