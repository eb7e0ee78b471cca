import { describe, expect, test } from 'vitest';
import { makeTestModel } from '../../../test/models/make-test-model.ts';
import { indexModel } from '../../model/index.ts';
import { typeMembers, visibleType } from './type.ts';

test.each([
  ['text', { type: 'string', format: 'text' }],
  ['character varying', { type: 'string', format: 'character varying' }],
  ['boolean', { type: 'boolean', format: 'boolean' }],
  ['smallint', { type: 'integer', format: 'int32' }],
  ['integer', { type: 'integer', format: 'int32' }],
  ['bigint', { type: 'integer', format: 'int64' }],
  ['numeric', { type: 'number', format: 'numeric' }],
  ['real', { type: 'number', format: 'real' }],
  ['double precision', { type: 'number', format: 'double precision' }],
  ['timestamp without time zone', { type: 'string', format: 'timestamp without time zone' }],
  ['json', { format: 'json' }],
  ['jsonb', { format: 'jsonb' }],
  ['text[]', { type: 'array', format: 'text[]', items: { type: 'string' } }],
  ['bigint[]', { type: 'array', format: 'bigint[]', items: { type: 'integer' } }],
  ['json[]', { type: 'array', format: 'json[]', items: {} }],
])('%s is told as %j', (type, members) => {
  expect(typeMembers(type)).toEqual(members);
});

describe('the name of a type', () => {
  const index = indexModel(
    makeTestModel({
      tables: [{ name: 'items', schema: 'api', columns: [] }],
      types: [
        { schema: 'api', name: 'mood' },
        { schema: 'api', name: 'Odd "Type"' },
        { schema: 'api', name: 'shadowed' },
        { schema: 'first', name: 'shadowed' },
        { schema: 'pg_catalog', name: 'point' },
        { schema: 'api', name: 'point' },
      ],
    }),
  );

  test.each([
    ['api.mood', 'mood'],
    ['api.mood[]', 'mood[]'],
    ['api."Odd ""Type"""', '"Odd ""Type"""'],
    ['api.items', 'items'],
    ['api.items[]', 'items[]'],
    ['first.shadowed', 'shadowed'],
    ['api.shadowed', 'api.shadowed'],
    ['api.point', 'api.point'],
    ['other.mood', 'other.mood'],
    ['integer', 'integer'],
    ['timestamp with time zone', 'timestamp with time zone'],
    ['"char"', '"char"'],
  ])('%s is %s where the search path is first, api', (type, printed) => {
    expect(visibleType(index, type, ['first', 'api'])).toBe(printed);
  });

  test('has its schema where nothing is searched', () => {
    expect(visibleType(index, 'api.mood', [])).toBe('api.mood');
  });
});
