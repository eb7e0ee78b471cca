import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExactJson, printExactJson, Refusal } from '../base/index.ts';
import { applyOperations } from './json-patch.ts';
import { applyToRow } from './patch.ts';

const apply = (document: unknown, operations: unknown, budget = 1e6): unknown =>
  applyOperations(structuredClone(document), operations, budget);

/** The code with which operations are refused. */
const refusal = (document: unknown, operations: unknown, budget?: number): string => {
  try {
    apply(document, operations, budget);
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
  return 'none';
};

/** Names that objects inherit or that mean something in JavaScript, and some that do not. */
const name = fc.constantFrom(
  'a',
  'b',
  '',
  '0',
  '-',
  'a/b',
  'm~n',
  '~1',
  '__proto__',
  'constructor',
  'toString',
  'length',
);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 0, 1, -1.5, '', 'x', 'é'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;
const pointer = fc
  .array(fc.oneof(name, fc.constantFrom('1', '2', '01')), { maxLength: 3 })
  .map((names) => names.map((one) => `/${one.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
const operation = fc.record({
  op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
  path: pointer,
  from: pointer,
  value,
});

/** The same by other means: documents are trees of Maps, every step makes a new tree. */
type Tree = Map<string, Tree> | readonly Tree[] | string;
const grow = (json: unknown): Tree => {
  if (Array.isArray(json)) return json.map(grow);
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  return new Map(Object.entries(json).map(([key, item]) => [key, grow(item)]));
};
const isList = (tree: Tree | undefined): tree is readonly Tree[] => Array.isArray(tree);
const at = (tree: Tree | undefined, names: readonly string[]): Tree | undefined =>
  names.reduce<Tree | undefined>((parent, one) => {
    if (isList(parent)) return String(Number(one)) === one ? parent[Number(one)] : undefined;
    return parent instanceof Map ? parent.get(one) : undefined;
  }, tree);
/** A tree in which the container at a place is another; undefined: there is none. */
const change = (
  tree: Tree,
  names: readonly string[],
  make: (parent: Tree, last: string) => Tree | undefined,
): Tree | undefined => {
  const [first = '', ...rest] = names;
  if (rest.length === 0) return make(tree, first);
  const child = at(tree, [first]);
  const changed = child === undefined ? undefined : change(child, rest, make);
  if (changed === undefined) return undefined;
  if (isList(tree)) return tree.with(Number(first), changed);
  return new Map([...(tree as Map<string, Tree>), [first, changed]]);
};
const without = (tree: Tree, names: readonly string[]): Tree | undefined =>
  names.length === 0 || at(tree, names) === undefined
    ? undefined
    : change(tree, names, (parent, last) =>
        isList(parent)
          ? parent.toSpliced(Number(last), 1)
          : new Map([...(parent as Map<string, Tree>)].filter(([key]) => key !== last)),
      );
const within = (tree: Tree, names: readonly string[], item: Tree | undefined): Tree | undefined => {
  if (item === undefined || names.length === 0) return item;
  return change(tree, names, (parent, last) => {
    if (parent instanceof Map) return new Map([...parent, [last, item]]);
    if (!isList(parent)) return undefined;
    if (last === '-') return [...parent, item];
    return String(Number(last)) === last && Number(last) >= 0 && Number(last) <= parent.length
      ? parent.toSpliced(Number(last), 0, item)
      : undefined;
  });
};
const show = (tree: Tree | undefined): unknown =>
  tree instanceof Map
    ? { members: [...tree].map(([key, item]) => [key, show(item)]).sort() }
    : isList(tree)
      ? tree.map(show)
      : tree;
const split = (text: string): readonly string[] =>
  text
    .split('/')
    .slice(1)
    .map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~'));
const naive = (
  tree: Tree,
  { op, path, from, value: item }: { op: string; path: string; from: string; value: unknown },
): Tree | undefined => {
  const names = split(path);
  const origin = split(from);
  const there = at(tree, names) !== undefined;
  switch (op) {
    case 'add':
      return within(tree, names, grow(item));
    case 'remove':
      return without(tree, names);
    case 'replace': {
      if (!there) return undefined;
      if (names.length === 0) return grow(item);
      return change(tree, names, (parent, last) =>
        isList(parent)
          ? parent.with(Number(last), grow(item))
          : new Map([...(parent as Map<string, Tree>), [last, grow(item)]]),
      );
    }
    case 'copy':
      return within(tree, names, at(tree, origin));
    case 'move': {
      const moved = at(tree, origin);
      if (moved === undefined || path.startsWith(`${from}/`)) return undefined;
      if (path === from) return tree;
      const left = without(tree, origin);
      return left === undefined ? undefined : within(left, names, moved);
    }
    default:
      return there && JSON.stringify(show(at(tree, names))) === JSON.stringify(show(grow(item)))
        ? tree
        : undefined;
  }
};

describe('the operations of a JSON Patch', () => {
  test.each<[string, unknown, unknown, unknown]>([
    ['add a member', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['add an element', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['remove a member', { a: 1, b: 2 }, [{ op: 'remove', path: '/b' }], { a: 1 }],
    ['remove an element', { a: [1, 2, 3] }, [{ op: 'remove', path: '/a/1' }], { a: [1, 3] }],
    ['replace a value', { a: 1, b: 2 }, [{ op: 'replace', path: '/a', value: [3] }], { a: [3], b: 2 }],
    [
      'move a value',
      { a: { b: 1, c: 2 }, d: {} },
      [{ op: 'move', from: '/a/b', path: '/d/e' }],
      { a: { c: 2 }, d: { e: 1 } },
    ],
    [
      'move an element',
      { a: [1, 2, 3, 4] },
      [{ op: 'move', from: '/a/1', path: '/a/3' }],
      { a: [1, 3, 4, 2] },
    ],
    [
      'test a value',
      { a: 'x', b: [1, 'y'] },
      [{ op: 'test', path: '/b/1', value: 'y' }],
      { a: 'x', b: [1, 'y'] },
    ],
    [
      'add an object into an object',
      { a: 1 },
      [{ op: 'add', path: '/b', value: { c: {} } }],
      { a: 1, b: { c: {} } },
    ],
    [
      'heed no members that they do not know',
      { a: 1 },
      [{ op: 'add', path: '/b', value: 2, color: 3 }],
      { a: 1, b: 2 },
    ],
    [
      'tell ~0 and ~1 apart',
      { '/': 1, '~1': 2 },
      [{ op: 'test', path: '/~01', value: 2 }],
      { '/': 1, '~1': 2 },
    ],
    [
      'add an array as one element',
      { a: [1] },
      [{ op: 'add', path: '/a/-', value: [2, 3] }],
      { a: [1, [2, 3]] },
    ],
    ['add null', { a: 1 }, [{ op: 'add', path: '/b', value: null }], { a: 1, b: null }],
    ['replace the whole document', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    [
      'know names that are empty',
      { '': { '': 1 } },
      [{ op: 'replace', path: '//', value: 2 }],
      { '': { '': 2 } },
    ],
  ])('%s', (_what, before, operations, after) => {
    expect(apply(before, operations)).toEqual(after);
  });

  test.each<[string, unknown, unknown, string]>([
    ['a parent that is not there', { a: 1 }, [{ op: 'add', path: '/b/c', value: 1 }], 'ASH102'],
    ['an index behind the end', { a: [1] }, [{ op: 'add', path: '/a/2', value: 1 }], 'ASH102'],
    ['an index with a zero before it', { a: [1, 2] }, [{ op: 'remove', path: '/a/01' }], 'ASH102'],
    ['an index that is none', { a: [1, 2] }, [{ op: 'replace', path: '/a/1e0', value: 1 }], 'ASH102'],
    ['what is behind the last element', { a: [1] }, [{ op: 'replace', path: '/a/-', value: 1 }], 'ASH102'],
    [
      'the length of an array',
      { a: [1] },
      [{ op: 'replace', path: '/a/length', value: 80_000_000 }],
      'ASH102',
    ],
    ['the length of a text', { a: 'x' }, [{ op: 'copy', from: '/a/length', path: '/b' }], 'ASH102'],
    [
      'a member of a function that all objects have',
      {},
      [{ op: 'add', path: '/toString/call', value: 1 }],
      'ASH102',
    ],
    ['a member of the prototype', {}, [{ op: 'add', path: '/__proto__/leak', value: 1 }], 'ASH102'],
    [
      'a member of the constructor',
      {},
      [{ op: 'add', path: '/constructor/prototype/leak', value: 1 }],
      'ASH102',
    ],
    [
      'a number as if it were an object',
      parseExactJson('{"a":1.10}'),
      [{ op: 'copy', from: '/a/rawJSON', path: '/b' }],
      'ASH102',
    ],
    ['moving into itself', { a: { b: 1 } }, [{ op: 'move', from: '/a', path: '/a/b' }], 'ASH102'],
    ['the removal of the document', { a: 1 }, [{ op: 'remove', path: '' }], 'ASH102'],
    ['a pointer without a slash', { a: 1 }, [{ op: 'remove', path: 'a' }], 'ASH102'],
    ['a pointer with a tilde that says nothing', { '~2': 1 }, [{ op: 'remove', path: '/~2' }], 'ASH102'],
    ['a path that is a number', { a: 1 }, parseExactJson('[{"op":"remove","path":1.10}]'), 'ASH102'],
    ['no op', { a: 1 }, [{ path: '/a' }], 'ASH102'],
    ['no from', { a: 1 }, [{ op: 'move', path: '/a' }], 'ASH102'],
    ['a test of what is not so', { a: 1 }, [{ op: 'test', path: '/a', value: '1' }], 'ASH103'],
    ['a test of what is not there', { a: 1 }, [{ op: 'test', path: '/b', value: null }], 'ASH103'],
    ['a test of what is inherited', {}, [{ op: 'test', path: '/__proto__', value: {} }], 'ASH103'],
    ['more than 1,000 of them', {}, new Array(1001).fill({ op: 'test', path: '', value: {} }), 'ASH104'],
  ])('are refused for %s', (_what, before, operations, code) => {
    // Documents of exact numbers are not cloned: they are refused before they are changed.
    expect(() => applyOperations(before, operations, 1e6)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code }) }),
    );
  });

  test('do what a naive evaluator does', () => {
    fc.assert(
      fc.property(value, fc.array(operation, { minLength: 1, maxLength: 6 }), (document, operations) => {
        let tree: Tree | undefined = grow(document);
        let done: unknown = document;
        for (const one of operations) {
          const next: Tree | undefined = naive(tree, one);
          const code = refusal(done, [one]);
          expect(code !== 'none').toBe(next === undefined);
          if (next === undefined) continue;
          tree = next;
          done = apply(done, [one]);
          expect(show(grow(done))).toEqual(show(tree));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('change no prototype, and neither their own text', () => {
    const inherited = () =>
      JSON.stringify(
        [Object.prototype, Array.prototype, Function.prototype, String.prototype, Number.prototype].map(
          (one) => [one, Object.prototype.toString, Object.prototype.valueOf, Object].map(Reflect.ownKeys),
        ),
        (_key, item) => (typeof item === 'symbol' ? String(item) : item),
      );
    const before = inherited();
    const call = Object.prototype.toString.call;
    fc.assert(
      fc.property(value, fc.array(operation, { maxLength: 6 }), (document, operations) => {
        const text = JSON.stringify(operations);
        refusal(document, operations);
        expect(JSON.stringify(operations)).toBe(text);
        expect(inherited()).toBe(before);
        expect(Object.prototype.toString.call).toBe(call);
      }),
    );
  });

  test('that add and then remove a member leave what was there', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value), name, value, (document, key, item) => {
        fc.pre(!Object.hasOwn(document, key));
        const path = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        const added = apply(document, [
          { op: 'add', path, value: item },
          { op: 'test', path, value: item },
          { op: 'test', path, value: item },
        ]);
        expect(Object.hasOwn(added as object, key)).toBe(true);
        expect(show(grow(apply(added, [{ op: 'remove', path }])))).toEqual(show(grow(document)));
      }),
    );
  });

  test('copy values, so that one can be changed without the other', () => {
    const operations = [
      { op: 'add', path: '/b', value: [1] },
      { op: 'copy', from: '/b', path: '/c' },
      { op: 'add', path: '/c/-', value: 2 },
    ];
    expect(apply({}, operations)).toEqual({ b: [1], c: [1, 2] });
    expect(apply({}, operations)).toEqual({ b: [1], c: [1, 2] });
  });

  test('count before they copy, also what they remove again', () => {
    const double = { op: 'copy', from: '/a', path: '/a/-' };
    expect(refusal({ a: ['x'] }, new Array(40).fill(double))).toBe('ASH104');
    const again = new Array(40).fill([
      { op: 'copy', from: '/a', path: '/b' },
      { op: 'remove', path: '/b' },
    ]);
    expect(refusal({ a: 'x'.repeat(100) }, again.flat(), 1000)).toBe('ASH104');
  });

  test('never cost more than their text where they only say values', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const body = `[{"op":"add","path":"/a","value":${text}}]`;
        expect(refusal({}, parseExactJson(body), body.length)).toBe('none');
      }),
    );
  });

  test('nest at most 100 levels deep, by whatever way', () => {
    const nest = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    expect(refusal({}, [{ op: 'add', path: '/a', value: nest(99) }])).toBe('none');
    expect(refusal({}, [{ op: 'add', path: '/a', value: nest(100) }])).toBe('ASH104');
    const into = { op: 'move', from: '/b', path: `/a${'/0'.repeat(60)}` };
    expect(refusal({ a: nest(61), b: nest(39) }, [into])).toBe('none');
    expect(refusal({ a: nest(61), b: nest(40) }, [into])).toBe('ASH104');
  });

  test('compare numbers by what they are, not by how they are written', () => {
    const row = '{"a":1.10,"b":12345678901234567890,"c":-0,"d":1e400}';
    const with_ = (path: string, text: string) => () =>
      applyToRow(row, `[{"op":"test","path":"${path}","value":${text}}]`, 'operations');
    expect(with_('/a', '1.1')).not.toThrow();
    expect(with_('/a', '11e-1')).not.toThrow();
    expect(with_('/b', '1.2345678901234567890E+19')).not.toThrow();
    expect(with_('/c', '0.0')).not.toThrow();
    expect(with_('/d', '10e399')).not.toThrow();
    expect(with_('/b', '12345678901234567891')).toThrow();
    expect(with_('/a', '"1.10"')).toThrow();
    expect(with_('/a', '{"rawJSON":"1.10"}')).toThrow();
  });

  test('keep numbers as they are written, and tell them so', () => {
    const patched = applyToRow(
      '{"a":1.10,"b":null}',
      '[{"op":"copy","from":"/a","path":"/b"}]',
      'operations',
    );
    expect(patched.body).toBe('{"b":1.10}');
    const wrong = parseExactJson('[{"op":"add","path":"/x/y","value":1.10}]');
    try {
      apply({}, wrong);
    } catch (error) {
      expect((error as Refusal).problem.details).toBe(
        'Operation 0 of the patch, {"op":"add","path":"/x/y","value":1.10}: nothing is called "x".',
      );
    }
    expect(printExactJson(wrong)).toContain('1.10');
    expect.assertions(3);
  });
});
