import { expect, test } from 'vitest';
import { findUnknownTables, projectTableSettings } from './project-tables.ts';

const tables = [
  { schema: 'public', name: 'posts' },
  { schema: 'api', name: 'posts' },
  { schema: 'api', name: 'tags.old' },
];
const schemas = ['api', 'public'];

test('a table of the settings is that of the default schema, unless it names another one', () => {
  const said = projectTableSettings({
    cache: { posts: 'a', 'public.posts': 'b', 'tags.old': 'c' },
    requireMatch: ['posts'],
    schemas,
  });
  expect([...(said.cache ?? [])]).toEqual([
    ['api.posts', 'a'],
    ['public.posts', 'b'],
    ['api.tags.old', 'c'],
  ]);
  expect([...(said.requireMatch ?? [])]).toEqual(['api.posts']);
});

test('names that no table has are told, with the one that was probably meant', () => {
  const cache = { posts: 'a', 'public.posts': 'b', 'tags.old': 'c' };
  expect(findUnknownTables({ cache, requireMatch: ['posts'], schemas }, tables)).toEqual([]);
  expect(findUnknownTables({ cache: { pots: 'a' }, requireMatch: ['zzz'], schemas }, tables)).toMatchObject([
    {
      id: 'unknown-table',
      subject: 'cache',
      message: 'The setting cache names pots, and there is no such table or view in the schemas api, public.',
      remedy: 'cache probably means posts',
    },
    { subject: 'requireMatch', remedy: 'take zzz out of requireMatch, or write it as schema.name' },
  ]);
});
