import { expect, test } from 'vitest';
import { answeredObservation, nameParameters, showPath } from './answered-observation.ts';

test.each([
  ['/', '/'],
  ['/health/ready', '/health/ready'],
  ['/rest/v1/', '/rest/v1/'],
  ['/rest/v1/people', '/rest/v1/people'],
  ['/rest/v1/people/ann@example.com', '/rest/v1/people/*'],
  ['/rest/v1/rpc/sign_in', '/rest/v1/rpc/sign_in'],
  ['/rest/v1/rpc/sign_in/secret', '/rest/v1/rpc/sign_in/*'],
  ['/reset/eyJhbGciOi', '/reset/*'],
])('the path %s is logged as %s', (path, shown) => {
  expect(showPath(path)).toBe(shown);
});

test.each([
  ['id=eq.7&select=name', ['id', 'select']],
  ['id=gt.1&id=lt.9', ['id']],
  ['eyJhbGciOi', []],
  ['', []],
])('of the query %s the names are logged', (query, names) => {
  expect(nameParameters(query)).toEqual(names);
});

test('nothing of a request is logged that could be a value', () => {
  const observation = answeredObservation({
    id: 'r1',
    method: 'GET',
    target: '/rest/v1/people/SECRET?name=eq.SECRET&SECRET',
    httpVersion: '1.1',
    headers: { authorization: 'Bearer SECRET', cookie: 'SECRET', apikey: 'SECRET' },
    remoteAddress: '::ffff:10.0.0.1',
    status: 200,
    length: 2,
    milliseconds: 1.23,
    role: 'anon',
  });
  expect(JSON.stringify(observation)).not.toContain('SECRET');
  expect(observation).toEqual({
    level: 'info',
    name: 'http.answered',
    message: 'GET /rest/v1/people/* 200',
    fields: {
      request: 'r1',
      method: 'GET',
      path: '/rest/v1/people/*',
      parameters: ['name'],
      status: 200,
      milliseconds: 1.2,
      bytes: 2,
      role: 'anon',
      client: '10.0.0.1',
    },
  });
});

test.each([
  ['23514', '23514'],
  ['PGRST301', 'PGRST301'],
  ['ASH503', 'ASH503'],
  ['ann@example.com', undefined],
])('of the error %s the log has the code %s', (code, logged) => {
  const { fields } = answeredObservation({
    id: undefined,
    method: 'POST',
    target: '/rest/v1/people',
    httpVersion: '1.1',
    headers: {},
    remoteAddress: undefined,
    status: 400,
    code,
    length: 2,
    milliseconds: 1,
    role: 'anon',
  });
  expect(fields?.code).toBe(logged);
});
