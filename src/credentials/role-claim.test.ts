import { describe, expect, test } from 'vitest';
import { readRoleClaim } from './role-claim.ts';
import { UnusableSetting } from './unusable-setting.ts';

const claims = {
  role: 'author',
  app: { roles: ['reader', 'team-editor', 'owner'], $id: 3, 'a b': { c: 'deep' } },
  list: [{ role: 'object' }, 5, 'text'],
};

describe('the path to the role', () => {
  test('is a JSONPath', () => {
    const { legacy, select } = readRoleClaim('$.app.roles[2]');
    expect(legacy).toBe(false);
    expect(select(claims)).toBe('owner');
  });

  test.each([
    ['.role', 'author'],
    ['."role"', 'author'],
    ['.app.roles[0]', 'reader'],
    ['.app."a b".c', 'deep'],
    ['.app.$id', 3],
    ['.app.roles[?(@ == "owner")]', 'owner'],
    ['.app.roles[?(@ != "reader")]', 'team-editor'],
    ['.app.roles[?(@ ^== "team-")]', 'team-editor'],
    ['.app.roles[?(@ ==^ "er")]', 'reader'],
    ['.app.roles[?(@ *== "wn")]', 'owner'],
    ['.app.roles[?(@=="owner")]', 'owner'],
    ['.list[?(@ != "none")]', 'text'],
    ['.list[0].role', 'object'],
    ['.app.roles[3]', undefined],
    ['.role.name', undefined],
    ['.role[0]', undefined],
    ['.app[?(@ == "x")]', undefined],
    ['.constructor', undefined],
  ])('is %s in the older syntax', (path, found) => {
    const { legacy, select } = readRoleClaim(path);
    expect(legacy).toBe(true);
    expect(select(claims)).toEqual(found);
  });

  test.each([
    'role.other',
    '.role##',
    '$.my_role;;domain',
    '.my_role;;domain',
    '@@.role.other',
    '1234',
    '.role[?(@ =)]',
    '.role[?(@ == "a")].b',
    '.role[?(@ ~ "a")]',
    '.role[x]',
    '.',
    '',
  ])('cannot be %j', (path) => {
    expect(() => readRoleClaim(path)).toThrow(UnusableSetting);
    expect(() => readRoleClaim(path)).toThrow(`failed to parse role-claim-key value (${path})`);
  });
});
