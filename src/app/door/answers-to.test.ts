import { expect, test } from 'vitest';
import { answersTo } from './answers-to.ts';

const good = [
  'localhost',
  'LOCALHOST:4000',
  'blog.localhost:80',
  '127.0.0.1:4000',
  '[::1]:4000',
  '192.168.0.7:4000',
  'api.example',
  'API.example:8080',
  'a.b.test',
];
const bad = [
  'evil.example',
  'localhost.evil.example:4000',
  '127.0.0.1.evil.example',
  'notlocalhost',
  'sub.api.example',
  'test',
  'nottest',
  '',
];

test('a server answers to the names that are listed, to localhost and to addresses', () => {
  const is = answersTo(['Api.Example', '.test']);
  expect(good.filter((name) => is?.(name) !== true)).toEqual([]);
  expect(bad.filter((name) => is?.(name) !== false)).toEqual([]);
});

test('where none is listed it answers to all', () => {
  expect(answersTo([])).toBeUndefined();
});
