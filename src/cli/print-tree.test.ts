import { expect, test } from 'vitest';
import { printTree } from './print-tree.ts';

const print = (value: unknown): string => printTree(value).join('\n');

test('a tree is printed with two blanks a level, and what is small on one line', () => {
  expect(
    print({
      verb: 'read',
      target: { kind: 'collection', name: 'posts' },
      select: [
        { kind: 'field', field: { name: 'title' } },
        { kind: 'embed', relation: 'authors', select: [{ kind: 'star' }] },
      ],
      columns: [['author_id', 'id']],
      text: 'two words',
    }),
  ).toBe(`verb: read
target: { kind: collection, name: posts }
select:
  - kind: field
    field: { name: title }
  - kind: embed
    relation: authors
    select:
      - { kind: star }
columns: [[author_id, id]]
text: "two words"`);
});

test('what says nothing is left out: empty, false, undefined, and places in the request', () => {
  expect(print({ a: 0, b: false, c: undefined, d: [], e: {}, f: { g: null }, span: [1, 2], h: '' })).toBe(
    'a: 0\nh: ""',
  );
});
