import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readViewRule } from './view-rule.ts';

/** As Postgres writes a name into a tree (outfuncs.c, outToken). */
const token = (name: string): string => name.replace(/^[<"\d+-]/, '\\$&').replace(/[ \n\t(){}\\]/g, '\\$&');

const entry = (
  number: number,
  name: string,
  relation: number,
  column: number,
  expression = '{VAR :varno 1}',
) =>
  `{TARGETENTRY :expr ${expression} :resno ${number} :resname ${token(name)} :ressortgroupref 0 ` +
  `:resorigtbl ${relation} :resorigcol ${column} :resjunk false}`;

const query = (entries: readonly string[], before = '<>', after = '<>') =>
  `({QUERY :commandType 1 :cteList <> :rtable ${before} :jointree {FROMEXPR :fromlist <> :quals <>} ` +
  `:targetList (${entries.join(' ')}) :override 0 :groupClause <> :groupingSets <> :havingQual ${after}})`;

const origins = (rule: string) => [...readViewRule(rule).origins];

describe('a rule', () => {
  test('tells the origins of columns', () => {
    expect(origins(query([entry(1, 'a', 16384, 2), entry(2, 'b', 16390, 1)]))).toEqual([
      [1, { relation: 16384, column: 2 }],
      [2, { relation: 16390, column: 1 }],
    ]);
  });

  test.each([
    ['an expression', 0, 0],
    ['a whole row', 16384, 0],
    ['a system column', 16384, -1],
  ])('tells no origin of %s', (_, relation, column) => {
    expect(origins(query([entry(1, 'a', relation, column)]))).toEqual([]);
  });

  test('is read by its outermost target list alone', () => {
    const inner = query([entry(1, 'x', 1, 1)]);
    const subquery = `({RANGETBLENTRY :subquery ${inner} :eref <>})`;
    const sublink = `{SUBLINK :subselect ${inner}}`;
    expect(origins(query([entry(7, 'a', 5, 6, sublink)], subquery, sublink))).toEqual([
      [7, { relation: 5, column: 6 }],
    ]);
  });

  test('is read whatever the columns are called', () => {
    const hostile = fc
      .array(
        fc.constantFrom(
          '{',
          '}',
          '(',
          ')',
          '\\',
          ' ',
          ':resno',
          ':targetList (',
          ':resorigtbl 9',
          'a',
          '"',
          '<>',
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.string()), { maxLength: 5 }), (names) => {
        const entries = names.map((name, i) => entry(i + 1, name || 'x', 100 + i, i + 1));
        const aliases = names
          .map((name) => `{ALIAS :aliasname ${token(name || 'x')} :colnames <>}`)
          .join(' ');
        expect(origins(query(entries, `(${aliases})`))).toEqual(
          names.map((_, i) => [i + 1, { relation: 100 + i, column: i + 1 }]),
        );
      }),
    );
  });
});

describe('a rule adds nulls', () => {
  test.each([
    ['an inner join', ':jointype 0 ', false],
    ['a left join', ':jointype 1 ', true],
    ['a full join', ':jointype 2 ', true],
    ['a right join', ':jointype 3 ', true],
  ])('or not by %s', (_, join, expected) => {
    const rule = query([entry(1, 'a', 5, 6)], `({JOINEXPR ${join}:rtindex 3})`);
    expect(readViewRule(rule).addsNulls).toBe(expected);
  });

  test('by grouping sets', () => {
    const rule = query([entry(1, 'a', 5, 6)]).replace(
      ':groupingSets <>',
      ':groupingSets ({GROUPINGSET :kind 4})',
    );
    expect(readViewRule(rule).addsNulls).toBe(true);
  });
});
