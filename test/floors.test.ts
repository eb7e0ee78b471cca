import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkSources } from './floors/checkSources.ts';
import { checkTable } from './floors/checkTable.ts';
import { readFloors } from './floors/readFloors.ts';
import { readImports } from './floors/readImports.ts';

describe('the sources', () => {
  const rooms = readFloors(readFileSync('ARCHITECTURE.md', 'utf8'));
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const packages = Object.keys({ ...dependencies, ...optionalDependencies });

  test('keep to the table of rooms in ARCHITECTURE.md', () => {
    const paths = globSync('src/**/*.ts').map((path) => path.replaceAll('\\', '/'));
    expect(paths).toContain('src/base/index.ts');
    const sources = new Map(paths.sort().map((path) => [path, readFileSync(path, 'utf8')]));
    expect(checkSources({ rooms, packages }, sources)).toEqual([]);
  });
});

const table = `
| floor | room | in charge of | may import |
|---|---|---|---|
| 0 | \`base\` | words | nothing |
| 1 | \`model\` | what is | base |
| 2 | \`contract\` | what was promised | base, model |
| 2 | \`plan\` | how | base, model, contract |
| 5 | \`rest\` | a face | every lower floor |
| 5 | \`graphql\` | a face | every lower floor |
| – | \`packages/client\` | outside | nothing |
`;

/** Checks files written for the occasion; every room gets a proper door unless one is given. */
function check(files: Record<string, string>, packages: readonly string[] = []) {
  const sources = new Map<string, string>();
  for (const path of Object.keys(files))
    sources.set(path.replace(/^(src\/[^/]+)\/.*$/, '$1/index.ts'), '// A room.');
  for (const [path, text] of Object.entries(files)) sources.set(path, text);
  return checkSources({ rooms: readFloors(table), packages }, sources);
}

describe('the check of the sources', () => {
  test('accepts an import of an allowed room through its door', () => {
    const read =
      "import { x } from '../model/index.ts'; import type { B } from '../base/index.ts'; import 'node:fs';";
    expect(check({ 'src/plan/read.ts': read })).toEqual([]);
  });

  test('accepts a room on the same floor that the table names', () => {
    expect(check({ 'src/plan/read.ts': "import '../contract/index.ts';" })).toEqual([]);
  });

  test.each([
    ['an import', "import { x } from '../plan/index.ts';"],
    ['an import for its effect', "import '../plan/index.ts';"],
    ['an import of types', "import type { X } from '../plan/index.ts';"],
    ['an import of one type', "import { type X } from '../plan/index.ts';"],
    ['a re-export', "export { x } from '../plan/index.ts';"],
    ['a re-export of everything', "export * from '../plan/index.ts';"],
    ['a re-export of types', "export type * from '../plan/index.ts';"],
    ['a dynamic import', "const load = () => import('../plan/index.ts');"],
    ['the type of an import', "type X = import('../plan/index.ts').X;"],
  ])('refuses %s up a floor', (_, text) => {
    expect(check({ 'src/model/table.ts': text })).toEqual([
      'src/model/table.ts:1 imports plan, which model may not',
    ]);
  });

  test('refuses a room on the same floor that the table does not name', () => {
    expect(check({ 'src/contract/diff.ts': "\nimport '../plan/index.ts';" })).toEqual([
      'src/contract/diff.ts:2 imports plan, which contract may not',
    ]);
  });

  test('refuses a face that imports a face', () => {
    expect(check({ 'src/rest/get.ts': "import '../graphql/index.ts';" })).toEqual([
      'src/rest/get.ts:1 imports graphql, which rest may not',
    ]);
  });

  test('refuses a way past the door', () => {
    expect(check({ 'src/plan/read.ts': "import '../model/table.ts';" })).toEqual([
      'src/plan/read.ts:1 imports src/model/table.ts past the door of model',
    ]);
  });

  test('accepts the door of a part of a room', () => {
    expect(check({ 'src/plan/read.ts': "import '../model/keys/index.ts';" })).toEqual([]);
  });

  test('holds folders inside a room and its tests to the same rules', () => {
    const files = {
      'src/model/keys/foreign.ts': "import '../../plan/index.ts';",
      'src/model/table.test.ts': "import '../plan/index.ts';",
    };
    expect(check(files)).toEqual([
      'src/model/keys/foreign.ts:1 imports plan, which model may not',
      'src/model/table.test.ts:1 imports plan, which model may not',
    ]);
  });

  test('lets only tests import from the test folder', () => {
    const text = "import '../../test/postgres.ts';";
    expect(check({ 'src/model/a.test.ts': text, 'src/model/b.ts': text })).toEqual([
      'src/model/b.ts:1 imports test/postgres.ts, which is outside of src',
    ]);
  });

  test('refuses a package that is not among the dependencies, except in tests', () => {
    const text = "import '@scope/known/deep'; import 'unknown/deep';";
    expect(check({ 'src/model/a.ts': text, 'src/model/a.test.ts': text }, ['@scope/known'])).toEqual([
      'src/model/a.ts:1 imports unknown, which is not among the dependencies',
    ]);
  });

  test('refuses an import whose name is computed', () => {
    expect(check({ 'src/model/a.ts': 'const load = (name: string) => import(name);' })).toEqual([
      'src/model/a.ts:1 imports a module whose name is computed',
    ]);
  });

  test('refuses files of one room that import each other, types included', () => {
    const files = {
      'src/model/a.ts': "import type { B } from './b.ts';",
      'src/model/b.ts': "export * from './c.ts';",
      'src/model/c.ts': "import './a.ts';",
    };
    expect(check(files)).toEqual([
      'files of model import each other: src/model/a.ts → src/model/b.ts → src/model/c.ts → src/model/a.ts',
    ]);
  });

  test('refuses a file that imports the door of its own room', () => {
    const files = {
      'src/model/index.ts': "// A room.\nexport * from './a.ts';",
      'src/model/a.ts': "import './index.ts';",
    };
    expect(check(files)).toHaveLength(1);
  });

  test('refuses a room that the table does not know', () => {
    expect(check({ 'src/helpers/index.ts': '// Things.' })).toEqual([
      'src/helpers is not in the table of rooms',
    ]);
  });

  test('refuses a file outside of all rooms', () => {
    expect(check({ 'src/main.ts': '' })).toContain('src/main.ts is in no room');
  });

  test('refuses a room without a door', () => {
    const house = { rooms: readFloors(table), packages: [] };
    expect(checkSources(house, new Map([['src/model/a.ts', '']]))).toEqual([
      'src/model has no door (index.ts)',
    ]);
  });

  test.each([
    ['no comment', 'export const x = 1;'],
    ['a comment further down', 'export const x = 1;\n// The model.'],
    ['an empty comment', '/** */\nexport const x = 1;'],
  ])('refuses a door with %s', (_, text) => {
    expect(check({ 'src/model/index.ts': text })).toEqual([
      'src/model/index.ts does not open with a comment on what the room is in charge of',
    ]);
  });

  test('does not pass over a file that it cannot parse', () => {
    expect(() => check({ 'src/model/a.ts': 'import {a from' })).toThrow('src/model/a.ts does not parse');
  });
});

describe('the check of the table', () => {
  const rows = (...lines: string[]) => checkTable(readFloors(lines.join('\n')));

  test.each([
    ['upwards', ['| 1 | `a` | x | b |', '| 2 | `b` | x | nothing |'], 'a (floor 1) may import b (floor 2)'],
    [
      'forwards',
      ['| 1 | `a` | x | b |', '| 1 | `b` | x | nothing |'],
      'a may import b, which does not stand below it',
    ],
    [
      'a face',
      ['| 5 | `a` | x | nothing |', '| 5 | `b` | x | a |'],
      'b may import a, which does not stand below it',
    ],
    ['itself', ['| 1 | `a` | x | a |'], 'a may import a, which does not stand below it'],
    ['nowhere', ['| 1 | `a` | x | b |'], 'a may import b, which is not in the table'],
    [
      'a room twice',
      ['| 1 | `a` | x | nothing |', '| 2 | `a` | x | nothing |'],
      'a stands twice in the table',
    ],
  ])('refuses a row that points %s', (_, lines, sentence) => {
    expect(rows(...lines)).toEqual([sentence]);
  });

  test('refuses rows that cannot be read', () => {
    expect(() => rows('| 1 | a | x | nothing |')).toThrow('whose room is "a"');
    expect(() => rows('| 1 | `a` | x | b and c |')).toThrow('lets "a" import "b and c"');
    expect(() => rows('no table')).toThrow('no table of rooms');
  });
});

describe('the reader of imports', () => {
  test('is not misled by strings and comments', () => {
    const text = "const s = \"import './a.ts'\"; // import './b.ts'\n/* export * from './c.ts' */";
    expect(readImports('x.ts', text).references).toEqual([]);
  });
});
