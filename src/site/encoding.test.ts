import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { chooseEncoding, compress } from './encoding.ts';

test.each([
  [undefined, undefined],
  ['', undefined],
  ['gzip', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, br;q=0.9', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0, gzip;q=0', undefined],
  ['*', 'br'],
  ['*;q=0', undefined],
  ['br;q=0, *', 'gzip'],
  ['GZIP', 'gzip'],
  ['identity', undefined],
  ['br;q=nonsense', undefined],
  ['deflate', undefined],
])('a client that accepts %j gets %s', (header, encoding) => {
  expect(chooseEncoding(header)).toBe(encoding);
});

test('what is compressed is the same again', async () => {
  const bytes = Buffer.from('a page '.repeat(1000));
  expect(gunzipSync(await compress(bytes, 'gzip'))).toEqual(bytes);
  expect(brotliDecompressSync(await compress(bytes, 'br'))).toEqual(bytes);
});
