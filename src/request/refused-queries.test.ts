import { expect, test } from 'vitest';
import { parseQuery } from './index.ts';

/**
 * Query strings that are refused: what they were read as, the column (all are of one line) and the
 * details. The words are PostgREST's, since clients and people compare and search them.
 */
const refused: readonly (readonly [query: string, subject: string, column: number, details: string])[] = [
  ['age=5', 'filter (5)', 1, 'unexpected "5" expecting "not" or operator (eq, gt, ...)'],
  ['age=old.5', 'filter (old.5)', 1, 'unexpected "o" expecting "not" or operator (eq, gt, ...)'],
  ['age=eqq.5', 'filter (eqq.5)', 3, 'unexpected "q" expecting operator (eq, gt, ...)'],
  ['age=eq', 'filter (eq)', 3, 'unexpected end of input expecting operator (eq, gt, ...)'],
  ['age=not.5', 'filter (not.5)', 5, 'unexpected "5" expecting operator (eq, gt, ...)'],
  ['age=not.eq(some).5', 'filter (not.eq(some).5)', 8, 'unexpected "s" expecting operator (eq, gt, ...)'],
  ['age=gt(any.5', 'filter (gt(any.5)', 7, 'unexpected "." expecting operator (eq, gt, ...)'],
  ['age=nota.5', 'filter (nota.5)', 4, 'unexpected "a" expecting delimiter (.)'],
  ['age=neq5', 'filter (neq5)', 4, 'unexpected "5" expecting operator (eq, gt, ...)'],
  ['age=in.5', 'filter (in.5)', 4, 'unexpected "5" expecting "("'],
  ['age=in.(5', 'filter (in.(5)', 6, 'unexpected end of input expecting "," or ")"'],
  ['age=in.(5,"6"', 'filter (in.(5,"6")', 10, 'unexpected end of input expecting "," or ")"'],
  ['age=in.', 'filter (in.)', 4, 'unexpected end of input expecting "("'],
  [
    'age=is.none',
    'filter (is.none)',
    6,
    'unexpected "n" expecting isVal: (null, not_null, true, false, unknown)',
  ],
  [
    'age=is.not_nil',
    'filter (is.not_nil)',
    9,
    'unexpected "i" expecting isVal: (null, not_null, true, false, unknown)',
  ],
  [
    'age=is.',
    'filter (is.)',
    4,
    'unexpected end of input expecting isVal: (null, not_null, true, false, unknown)',
  ],
  ['age=fts(english.cat', 'filter (fts(english.cat)', 12, 'unexpected "." expecting operator (eq, gt, ...)'],
  ['age=plfts(de-at).cat', 'filter (plfts(de-at).cat)', 9, 'unexpected "-" expecting operator (eq, gt, ...)'],
  [
    'age=isdistinctfrom.5',
    'filter (isdistinctfrom.5)',
    11,
    'unexpected "f" expecting operator (eq, gt, ...)',
  ],
  [':age=eq.5', 'tree path (:age)', 1, 'unexpected ":" expecting field name (* or [a..z0..9_$])'],
  ['a..b=eq.5', 'tree path (a..b)', 3, 'unexpected "." expecting field name (* or [a..z0..9_$])'],
  ['"a=eq.5', 'tree path ("a)', 3, 'unexpected end of input expecting "\\\\" or "\\""'],
  ['"a\\=eq.5', 'tree path ("a\\)', 4, 'unexpected end of input'],
  [
    'a->=eq.5',
    'tree path (a->)',
    4,
    'unexpected end of input expecting "-", digit or any non reserved character different from: .,>()',
  ],
  ['a->>-x=eq.5', 'tree path (a->>-x)', 6, 'unexpected "x" expecting digit'],
  ['=eq.5', 'tree path ()', 1, 'unexpected end of input expecting field name (* or [a..z0..9_$])'],
  [
    'select=id,',
    'select parameter (id,)',
    4,
    'unexpected end of input expecting "...", field name (* or [a..z0..9_$]), "*" or "count()"',
  ],
  [
    'select=id,,name',
    'select parameter (id,,name)',
    4,
    'unexpected "," expecting "...", field name (* or [a..z0..9_$]), "*" or "count()"',
  ],
  [
    'select=id,.name',
    'select parameter (id,.name)',
    4,
    'unexpected "." expecting "...", field name (* or [a..z0..9_$]), "*" or "count()"',
  ],
  ['select=id;limit=1&order=,', 'order (,)', 1, 'unexpected "," expecting field name (* or [a..z0..9_$])'],
  [
    'select=id!',
    'select parameter (id!)',
    3,
    'unexpected \'!\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
  ],
  [
    'select=name[]',
    'select parameter (name[])',
    5,
    'unexpected \'[\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
  ],
  ['select=id,*!x', 'select parameter (id,*!x)', 5, 'unexpected \'!\' expecting ")", "," or end of input'],
  [
    'select=posts(id',
    'select parameter (posts(id)',
    9,
    'unexpected end of input expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
  ],
  [
    'select=posts(id,name',
    'select parameter (posts(id,name)',
    14,
    'unexpected end of input expecting "," or ")"',
  ],
  ['select=posts(id) x', 'select parameter (posts(id) x)', 11, 'unexpected "x" expecting ","'],
  [
    'select=posts!inner id',
    'select parameter (posts!inner id)',
    6,
    'unexpected \'!\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
  ],
  [
    'select=posts(*,!)',
    'select parameter (posts(*,!))',
    9,
    'unexpected "!" expecting "...", field name (* or [a..z0..9_$]), "*" or "count()"',
  ],
  [
    'select=id,...posts',
    'select parameter (id,...posts)',
    12,
    'unexpected end of input expecting letter, digit, "-", "!" or "("',
  ],
  [
    'select=id:',
    'select parameter (id:)',
    4,
    'unexpected end of input expecting ":" or field name (* or [a..z0..9_$])',
  ],
  ['select=id:name:x', 'select parameter (id:name:x)', 8, 'unexpected "x" expecting "::"'],
  ['select=id::', 'select parameter (id::)', 5, 'unexpected end of input expecting letter or digit'],
  [
    'select=id::text[]',
    'select parameter (id::text[])',
    9,
    'unexpected \'[\' expecting letter, digit, ".", "::", ")", "," or end of input',
  ],
  ['select=price.smu()', 'select parameter (price.smu())', 7, 'unexpected "m" expecting "sum"'],
  [
    'select=price.mean()',
    'select parameter (price.mean())',
    7,
    'unexpected "m" expecting "sum", "avg", "count", "max" or "min"',
  ],
  ['select=price.sum', 'select parameter (price.sum)', 10, 'unexpected end of input expecting "()"'],
  [
    'select=price.max()::',
    'select parameter (price.max()::)',
    14,
    'unexpected end of input expecting letter or digit',
  ],
  [
    'select=a->b->',
    'select parameter (a->b->)',
    7,
    'unexpected end of input expecting "-", digit or any non reserved character different from: .,>()',
  ],
  [
    'select=a->1x,->',
    'select parameter (a->1x,->)',
    7,
    'unexpected "-" expecting "...", field name (* or [a..z0..9_$]), "*" or "count()"',
  ],
  ['select=a-', 'select parameter (a-)', 3, 'unexpected end of input expecting ">", letter or digit'],
  ['select=a->"b', 'select parameter (a->"b)', 6, 'unexpected end of input expecting "\\\\" or "\\""'],
  [
    'select= ',
    'select parameter ( )',
    2,
    'unexpected end of input expecting "*", field name (* or [a..z0..9_$]) or "count()"',
  ],
  [
    'select=count(',
    'select parameter (count()',
    6,
    'unexpected \'(\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
  ],
  [
    'select=total:count()x',
    'select parameter (total:count()x)',
    12,
    'unexpected \'(\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
  ],
  ['order=', 'order ()', 1, 'unexpected end of input expecting field name (* or [a..z0..9_$])'],
  ['order=id,', 'order (id,)', 4, 'unexpected end of input expecting field name (* or [a..z0..9_$])'],
  ['order=id.up', 'order (id.up)', 4, 'unexpected "u" expecting "asc", "desc", "nullsfirst" or "nullslast"'],
  ['order=id.asc.desc', 'order (id.asc.desc)', 8, 'unexpected "d" expecting "nullsfirst" or "nullslast"'],
  [
    'order=id.desc.nulls',
    'order (id.desc.nulls)',
    9,
    'unexpected end of input expecting "nullsfirst" or "nullslast"',
  ],
  [
    'order=posts(id,name)',
    'order (posts(id,name))',
    6,
    'unexpected \'(\' expecting letter, digit, "-", "->>", "->", delimiter (.), "," or end of input',
  ],
  [
    'order=posts(id).up',
    'order (posts(id).up)',
    6,
    'unexpected \'(\' expecting letter, digit, "-", "->>", "->", delimiter (.), "," or end of input',
  ],
  [
    'order=posts(id',
    'order (posts(id)',
    6,
    'unexpected \'(\' expecting letter, digit, "-", "->>", "->", delimiter (.), "," or end of input',
  ],
  [
    'order=id!',
    'order (id!)',
    3,
    'unexpected \'!\' expecting letter, digit, "-", "->>", "->", delimiter (.), "," or end of input',
  ],
  ['order=id.descx', 'order (id.descx)', 8, 'unexpected \'x\' expecting delimiter (.), "," or end of input'],
  ['and=', 'logic tree ()', 4, 'unexpected end of input expecting "("'],
  [
    'and=()',
    'logic tree (())',
    5,
    'unexpected ")" expecting field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)',
  ],
  ['and=(a.eq.1', 'logic tree ((a.eq.1)', 11, 'unexpected end of input expecting "," or ")"'],
  [
    'and=(a.eq.1,',
    'logic tree ((a.eq.1,)',
    12,
    'unexpected end of input expecting field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)',
  ],
  [
    'and=(a)',
    'logic tree ((a))',
    6,
    'unexpected ")" expecting letter, digit, "-", "->>", "->" or delimiter (.)',
  ],
  ['and=(a.b.1)', 'logic tree ((a.b.1))', 7, 'unexpected "b" expecting "not" or operator (eq, gt, ...)'],
  ['and=(a.is.null b)', 'logic tree ((a.is.null b))', 15, 'unexpected "b" expecting ","'],
  ['and=(a.in.1)', 'logic tree ((a.in.1))', 10, 'unexpected "1" expecting "("'],
  ['and=(not.a.1)', 'logic tree ((not.a.1))', 9, 'unexpected "." expecting logic operator (and, or)'],
  [
    'and=(not.nor(a.eq.1))',
    'logic tree ((not.nor(a.eq.1)))',
    9,
    'unexpected "n" expecting logic operator (and, or)',
  ],
  ['and=(ora.x.1)', 'logic tree ((ora.x.1))', 7, 'unexpected "a" expecting "("'],
  [
    'and=(xor(a.eq.1,b.eq.2))',
    'logic tree ((xor(a.eq.1,b.eq.2)))',
    8,
    'unexpected "(" expecting letter, digit, "-", "->>", "->" or delimiter (.)',
  ],
  [
    'or=(a.eq.1,or())',
    'logic tree ((a.eq.1,or()))',
    14,
    'unexpected ")" expecting field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)',
  ],
  ['a..or=(a.eq.1)', 'logic path (a..or)', 3, 'unexpected "." expecting field name (* or [a..z0..9_$])'],
  [
    'x!y.or=(a.eq.1)',
    'logic tree ((a.eq.1))',
    2,
    'unexpected "(" expecting letter, digit, "-", "->>", "->" or delimiter (.)',
  ],
  ['columns=', 'columns parameter ()', 1, 'unexpected end of input expecting field name (* or [a..z0..9_$])'],
  [
    'columns=a,',
    'columns parameter (a,)',
    3,
    'unexpected end of input expecting field name (* or [a..z0..9_$])',
  ],
  ['columns=a,"b', 'columns parameter (a,"b)', 5, 'unexpected end of input expecting "\\\\" or "\\""'],
  [
    'on_conflict=,',
    'on_conflict parameter (,)',
    1,
    'unexpected "," expecting field name (* or [a..z0..9_$])',
  ],
  [
    'a.limit=5&a..limit=5',
    'tree path (a..limit)',
    3,
    'unexpected "." expecting field name (* or [a..z0..9_$])',
  ],
  [
    'age=eq.5&order=id.up&select=id,,x',
    'order (id.up)',
    4,
    'unexpected "u" expecting "asc", "desc", "nullsfirst" or "nullslast"',
  ],
  [
    'age=x&select=id,,x',
    'select parameter (id,,x)',
    4,
    'unexpected "," expecting "...", field name (* or [a..z0..9_$]), "*" or "count()"',
  ],
  ['%C3%A9%C3%A8=%C3%A9', 'filter (é)', 1, 'unexpected "\\233" expecting "not" or operator (eq, gt, ...)'],
  ['age=%22', 'filter (")', 1, 'unexpected "\\"" expecting "not" or operator (eq, gt, ...)'],
  ['age=%27', "filter (')", 1, 'unexpected "\'" expecting "not" or operator (eq, gt, ...)'],
  [
    'select=id,%27',
    "select parameter (id,')",
    4,
    'unexpected "\'" expecting "...", field name (* or [a..z0..9_$]), "*" or "count()"',
  ],
  [
    'select=id%27',
    "select parameter (id')",
    3,
    'unexpected \'\\\'\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
  ],
  [
    'select=id%22',
    'select parameter (id")',
    3,
    'unexpected \'"\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
  ],
  [
    'select=x,%0A%09!',
    'select parameter (x,\n\t!)',
    3,
    'unexpected "\\n" expecting "...", field name (* or [a..z0..9_$]), "*" or "count()"',
  ],
  [
    'select=id!%F0%9F%98%80',
    'select parameter (id!😀)',
    3,
    'unexpected \'!\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
  ],
];

test.each(refused)('refuses %s in the words of PostgREST', (query, subject, column, details) => {
  expect(parseQuery(query, { routine: false })).toEqual({
    ok: false,
    problem: {
      code: 'PGRST100',
      status: 400,
      message: `"failed to parse ${subject}" (line 1, column ${column})`,
      details,
      hint: null,
    },
  });
});

test('counts a line break as a new line and a tab as up to eight columns', () => {
  const lines = parseQuery('select=id,%22a%0Ab%22,!', { routine: false });
  expect(lines).toMatchObject({ problem: { message: expect.stringMatching(/\(line 2, column 4\)$/) } });
  const tabs = parseQuery('select=id,%09%09!', { routine: false });
  expect(tabs).toMatchObject({ problem: { message: expect.stringMatching(/\(line 1, column 17\)$/) } });
});

test('counts characters, not UTF-16 units', () => {
  const emoji = parseQuery('select=%22%F0%9F%98%80%22!', { routine: false });
  expect(emoji).toMatchObject({ problem: { message: expect.stringMatching(/\(line 1, column 4\)$/) } });
});

test('refuses what nests deeper than a hundred levels, however deep', () => {
  const embeds = (depth: number): string => `select=${'a('.repeat(depth)}id${')'.repeat(depth)}`;
  const logic = (depth: number): string => `and=(${'or('.repeat(depth)}a.eq.1${')'.repeat(depth)})`;
  for (const nested of [embeds, logic]) {
    expect(parseQuery(nested(90), { routine: false }).ok).toBe(true);
    for (const depth of [101, 10_000]) {
      expect(parseQuery(nested(depth), { routine: false })).toMatchObject({
        ok: false,
        problem: { code: 'PGRST100', message: expect.stringContaining('nested too deep') },
      });
    }
  }
});
