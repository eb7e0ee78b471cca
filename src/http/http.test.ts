import { describe, expect, test } from 'vitest';
import { problem } from '../base/index.ts';
import {
  answerPreflight,
  corsHeaders,
  decodeSegment,
  findRoute,
  type HttpRequest,
  parseCookies,
  problemResponse,
  type RequestHeaders,
} from './index.ts';

const request = (method: string, headers: RequestHeaders): HttpRequest => ({
  method,
  path: '/',
  query: '',
  headers,
  body: async () => Buffer.alloc(0),
  signal: new AbortController().signal,
});

const handle = async () => ({ status: 200, headers: [], body: undefined });

describe('routes', () => {
  const routes = ['', '/rest/v1', '/rest'].map((prefix) => ({ prefix, handle }));

  test('the longest prefix takes the request', () => {
    expect(findRoute(routes, '/rest/v1/posts')?.prefix).toBe('/rest/v1');
    expect(findRoute(routes, '/rest/v1')?.prefix).toBe('/rest/v1');
    expect(findRoute(routes, '/rest/other')?.prefix).toBe('/rest');
  });

  test('a prefix ends at a slash, not in the middle of a word', () => {
    expect(findRoute(routes, '/rest/v10/posts')?.prefix).toBe('/rest');
    expect(findRoute(routes, '/restaurant')?.prefix).toBe('');
  });

  test('there may be none', () => {
    expect(findRoute([{ prefix: '/rest', handle }], '/docs')).toBeUndefined();
  });
});

describe('segments', () => {
  test('are percent-decoded', () => expect(decodeSegment('a%20b%2Fc')).toBe('a b/c'));
  test('stay as they are where the encoding is broken', () => expect(decodeSegment('a%2')).toBe('a%2'));
});

describe('cookies', () => {
  test('are pairs, with everything after the first equals sign as the value', () => {
    expect(parseCookies('a=1; b=x=y ;c')).toEqual([
      ['a', '1'],
      ['b', 'x=y'],
      ['c', ''],
    ]);
  });

  test('no header, no cookies', () => expect(parseCookies(undefined)).toEqual([]));
});

describe('CORS', () => {
  const open = { origins: [] };
  const closed = { origins: ['https://a.example'] };
  const preflight = (origin: string) =>
    request('OPTIONS', {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'apikey, prefer',
    });

  test('a preflight is answered with what was asked for', () => {
    const headers = Object.fromEntries(answerPreflight(open, preflight('https://b.example'))?.headers ?? []);
    expect(headers['Access-Control-Allow-Origin']).toBe('*');
    expect(headers['Access-Control-Allow-Headers']).toContain('apikey, prefer');
    expect(headers['Access-Control-Allow-Methods']).toContain('PATCH');
  });

  test('an OPTIONS request without the preflight headers is an ordinary request', () => {
    expect(answerPreflight(open, request('OPTIONS', { origin: 'https://b.example' }))).toBeUndefined();
    expect(answerPreflight(open, request('GET', { origin: 'https://b.example' }))).toBeUndefined();
  });

  test('an origin that is not on the list gets no leave', () => {
    expect(answerPreflight(closed, preflight('https://b.example'))).toBeUndefined();
    expect(corsHeaders(closed, request('GET', { origin: 'https://b.example' }))).toEqual([
      ['Vary', 'Origin'],
    ]);
  });

  test('an origin on the list is named, and may send credentials', () => {
    const headers = Object.fromEntries(corsHeaders(closed, request('GET', { origin: 'https://a.example' })));
    expect(headers['Access-Control-Allow-Origin']).toBe('https://a.example');
    expect(headers['Access-Control-Allow-Credentials']).toBe('true');
  });

  test('a request of no other origin needs nothing', () => {
    expect(corsHeaders(open, request('GET', {}))).toEqual([]);
  });
});

describe('problems', () => {
  test('are told in the body, with who says so beside it', () => {
    const response = problemResponse(
      problem('PGRST116', { details: 'The result contains 2 rows' }),
      'Ashlar',
    );
    expect(response.status).toBe(406);
    expect(Object.fromEntries(response.headers)).toMatchObject({ 'Proxy-Status': 'Ashlar; error=PGRST116' });
    expect(JSON.parse(String(response.body))).toEqual({
      code: 'PGRST116',
      details: 'The result contains 2 rows',
      hint: null,
      message: 'Cannot coerce the result to a single JSON object',
    });
  });
});
