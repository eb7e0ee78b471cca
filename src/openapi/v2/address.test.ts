import { expect, test } from 'vitest';
import { findAddress } from './address.ts';

const listening = { host: '127.0.0.1', port: 4000 };

test('without a proxy clients come to where the server listens', () => {
  expect(findAddress(undefined, listening)).toEqual({ scheme: 'http', host: '127.0.0.1:4000', path: '/' });
  expect(findAddress(undefined, { ...listening, path: '/rest/v1' }).path).toBe('/rest/v1');
});

test.each(['*', '*4', '!4', '*6', '!6'])('%j, which means every address, is said as one', (host) => {
  expect(findAddress(undefined, { host, port: 3000 }).host).toBe('0.0.0.0:3000');
});

test.each([
  ['https://example.com/openapi.json', 'https', 'example.com:443', '/openapi.json'],
  ['http://example.com', 'http', 'example.com:80', '/'],
  ['https://example.com:8443/base', 'https', 'example.com:8443', '/base'],
  ['HTTPS://[::1]:8443/', 'https', '[::1]:8443', '/'],
])('the proxy %s is where clients come to', (proxy, scheme, host, path) => {
  expect(findAddress(proxy, listening)).toEqual({ scheme, host, path });
});

test.each(['example.com', '/path', 'ftp://example.com', ''])('%j is no proxy', (proxy) => {
  expect(findAddress(proxy, listening).host).toBe('127.0.0.1:4000');
});
