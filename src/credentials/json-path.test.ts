import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonPath } from './json-path.ts';
import { PathMismatch } from './path-scanner.ts';

const claims = {
  role: 'author',
  app: { roles: ['reader', 'editor', 'owner'], level: 7, é: true },
  "it's": 'quoted',
  'https://example.com/role': [{ value: 'guest' }],
  people: [
    { name: 'Ann', age: 31 },
    { name: 'Bob', age: 29, admin: null },
  ],
};

describe('a JSONPath', () => {
  test.each([
    ['$.role', 'author'],
    ['$ .role', 'author'],
    ["$['role']", 'author'],
    ['$["role"]', 'author'],
    ['$["it\'s"]', 'quoted'],
    ["$['it\\'s']", 'quoted'],
    ["$['\\u0072ole']", 'author'],
    ['$.app.é', true],
    ['$.app.roles[0]', 'reader'],
    ['$.app.roles[-1]', 'owner'],
    ['$.app.roles[1:]', 'editor'],
    ['$.app.roles[:1]', 'reader'],
    ['$.app.roles[::-1]', 'owner'],
    ['$.app.roles[-2:5:2]', 'editor'],
    ['$.app.roles[ 7, 2 ]', 'owner'],
    ['$.app.roles.*', 'reader'],
    ['$.app.roles[*]', 'reader'],
    ['$..value', 'guest'],
    ['$..[1]', 'editor'],
    ['$..*', 'author'],
    ['$["https://example.com/role"][0].value', 'guest'],
    ['$.app.roles[?(@ == "editor")]', 'editor'],
    ["$.app.roles[?@ != 'reader']", 'editor'],
    ['$.app.roles[?@ > "f"]', 'reader'],
    ['$.app.roles[?@ == $.app.roles[2]]', 'owner'],
    ["$.app.roles[?search(@, '^ed')]", 'editor'],
    ["$.app.roles[?!search(@, 'r')]", undefined],
    ['$.people[?@.age < 30].name', 'Bob'],
    ['$.people[?@.age >= 30 && @.name == "Ann"].name', 'Ann'],
    ['$.people[?@.age<=29||@.name=="Nobody"].name', 'Bob'],
    ['$.people[?@.admin].name', 'Bob'],
    ['$.people[?!@.admin].name', 'Ann'],
    ['$.people[?!(@.age == 31)].name', 'Bob'],
    ['$.people[?@.admin == null].name', 'Bob'],
    ['$.people[?@.none == @.nothing].name', 'Ann'],
    ['$.people[?@ == $.people[1]].age', 29],
    ['$.people[?@.age == 2.9e1].name', 'Bob'],
    ['$.app[?@ == 7]', 7],
    ['$.none', undefined],
    ['$.role.none', undefined],
    ['$.role[0]', undefined],
    ['$.app[0]', undefined],
    ['$.app.roles[3]', undefined],
    ['$.app.roles[::0]', undefined],
    ['$.toString', undefined],
  ])('%s finds its first value', (path, found) => {
    expect(parseJsonPath(path)(claims)).toEqual(found);
  });

  test('finds the whole value with $ alone', () => {
    expect(parseJsonPath('$')(claims)).toEqual(claims);
  });

  test.each([
    ['', 'at character 1: expected $, found the end'],
    ['role', 'at character 1: expected $, found "r"'],
    ['$.', 'at character 3: expected a name'],
    ['$.a;b', 'at character 4: expected . or [ or the end, found ";"'],
    ['$.my-role', 'at character 5: expected . or [ or the end, found "-"'],
    ['$.1', 'at character 3: expected a name'],
    ['$[', 'at character 3: expected a name in quotes'],
    ['$[01]', 'at character 4: expected , or ], found "1"'],
    ['$[-0]', 'at character 3: expected a name in quotes'],
    ['$[9007199254740993]', 'expected a smaller number'],
    ["$['a", 'expected a text that ends with the quote it begins with'],
    ["$['\\x']", 'expected a text with the escapes of JSON'],
    ["$['\\ud800']", 'expected a text with the escapes of JSON'],
    ['$[?(@ = 1)]', 'expected )'],
    ['$[?1]', 'expected ==, !=, <, <=, > or >='],
    ['$[?@.* == 1]', 'expected a path to one value'],
    ['$[?@ == ]', 'expected a path, a text in quotes'],
    ['$[?search(@)]', 'expected ,'],
    ["$[?search(@, '(')]", 'expected a regular expression'],
    ['$[?length(@) == 1]', 'expected'],
    ['$ ', 'expected . or ['],
  ])('%j is refused, with the place and what was expected', (path, message) => {
    expect(() => parseJsonPath(path)).toThrow(PathMismatch);
    expect(() => parseJsonPath(path)).toThrow(message);
  });

  test('any text is read or refused, and what is read never throws', () => {
    const piece = fc.constantFrom(
      '$',
      '@',
      '.',
      '..',
      '[',
      ']',
      '*',
      '?',
      '(',
      ')',
      '!',
      '==',
      '<',
      '&&',
      '||',
    );
    const word = fc.constantFrom("'a'", '"b"', 'a', '0', '-1', ':', ',', ' ', 'search(', 'null', '\\', "'");
    const text = fc.array(fc.oneof(piece, word, fc.string({ maxLength: 2 })), { maxLength: 12 });
    fc.assert(
      fc.property(text, fc.jsonValue(), (pieces, value) => {
        const path = `$${pieces.join('')}`;
        try {
          parseJsonPath(path)(value as Parameters<ReturnType<typeof parseJsonPath>>[0]);
        } catch (error) {
          expect(error).toBeInstanceOf(PathMismatch);
        }
      }),
    );
  });

  test('any name is found when it is written in quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const single = `'${JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
        for (const quoted of [JSON.stringify(name), single])
          expect(parseJsonPath(`$[${quoted}]`)({ [name]: 1 })).toBe(1);
      }),
    );
  });
});
