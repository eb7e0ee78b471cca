import { describe, expect, test } from 'vitest';
import { attempt } from '../base/index.ts';
import { parseAction, parsePath, parseProfile } from './resource.ts';

const code = (stage: () => unknown) => {
  const result = attempt(stage);
  return result.ok ? undefined : result.problem.code;
};

describe('paths', () => {
  test('name the root, a table or a function', () => {
    expect(parsePath('', false)).toEqual({ kind: 'root' });
    expect(parsePath('/', false)).toEqual({ kind: 'root' });
    expect(parsePath('/my%20posts', false)).toEqual({ kind: 'collection', name: 'my posts' });
    expect(parsePath('/rpc/search', false)).toEqual({ kind: 'routine', name: 'search' });
  });

  test('of any other form are not found', () => {
    expect(code(() => parsePath('/posts/1', false))).toBe('PGRST125');
    expect(code(() => parsePath('/rpc/a/b', false))).toBe('PGRST125');
  });

  test('name a row, or what is related to it, where rows have addresses', () => {
    expect(parsePath('/posts/1', true)).toEqual({ kind: 'item', name: 'posts', key: ['1'] });
    expect(parsePath('/order_lines/7,a~2Fb', true)).toEqual({
      kind: 'item',
      name: 'order_lines',
      key: ['7', 'a/b'],
    });
    const step = { kind: 'related', name: 'posts', key: ['1'] };
    expect(parsePath('/posts/1/comments', true)).toEqual({ ...step, relation: 'comments', hint: undefined });
    expect(parsePath('/posts/1/comments!by', true)).toEqual({ ...step, relation: 'comments', hint: 'by' });
  });

  test('cannot be taken for one another: keys may be called as they like', () => {
    expect(parsePath('/posts/rpc', true)).toMatchObject({ kind: 'item', key: ['rpc'] });
    expect(parsePath('/posts/$1', true)).toMatchObject({ kind: 'item', key: ['$1'] });
    expect(parsePath('/rpc/search', true)).toEqual({ kind: 'routine', name: 'search' });
    for (const path of ['/posts/', '/posts//', '/posts/1/', '/posts/1/comments/2', '/rpc/a/b'])
      expect(
        code(() => parsePath(path, true)),
        path,
      ).toBe('PGRST125');
  });

  test('a table may be called rpc', () => {
    expect(parsePath('/rpc', false)).toEqual({ kind: 'collection', name: 'rpc' });
  });
});

describe('methods', () => {
  const table = { kind: 'collection', name: 'posts' } as const;
  const routine = { kind: 'routine', name: 'search' } as const;

  test('of a table', () => {
    expect(
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((m) => parseAction(table, m).verb),
    ).toEqual(['read', 'create', 'replace', 'update', 'delete', 'info']);
    expect(parseAction(table, 'HEAD')).toEqual({ verb: 'read', headersOnly: true });
  });

  test('of a function: GET may not write, POST may', () => {
    expect(parseAction(routine, 'GET').verb).toBe('call-safe');
    expect(parseAction(routine, 'POST').verb).toBe('call');
    expect(code(() => parseAction(routine, 'PATCH'))).toBe('PGRST101');
  });

  test('that nothing has are refused', () => {
    expect(code(() => parseAction(table, 'TRACE'))).toBe('PGRST117');
    expect(code(() => parseAction({ kind: 'root' }, 'POST'))).toBe('PGRST117');
  });
});

describe('profiles', () => {
  const schemas = ['v1', 'v2', 'schön'];

  test('the first schema is meant if none is named', () => {
    expect(parseProfile('GET', {}, schemas)).toEqual({ schema: 'v1', negotiated: true });
    expect(parseProfile('GET', {}, ['v1'])).toEqual({ schema: 'v1', negotiated: false });
  });

  test('reads name it by Accept-Profile, writes by Content-Profile', () => {
    const headers = { 'accept-profile': 'v1', 'content-profile': 'v2' };
    expect(parseProfile('GET', headers, schemas).schema).toBe('v1');
    expect(parseProfile('POST', headers, schemas).schema).toBe('v2');
  });

  test('names are UTF-8', () => {
    const latin1 = Buffer.from('schön').toString('latin1');
    expect(parseProfile('GET', { 'accept-profile': latin1 }, schemas).schema).toBe('schön');
  });

  test('a schema that is not served is refused', () => {
    expect(code(() => parseProfile('GET', { 'accept-profile': 'secret' }, schemas))).toBe('PGRST106');
  });
});
