import { describe, expect, test } from 'vitest';
import { splitPath } from './find-file.ts';

describe('a path', () => {
  test.each([
    ['/', ['']],
    ['/index.html', ['index.html']],
    ['/assets/app-1a2b.js', ['assets', 'app-1a2b.js']],
    ['/a%20b/%C3%A4.txt', ['a b', 'ä.txt']],
    ['/docs/', ['docs', '']],
    ['/.well-known/security.txt', ['.well-known', 'security.txt']],
    ['/..a/a..b', undefined],
    ['/a..b', ['a..b']],
  ])('is names: %s', (path, names) => {
    expect(splitPath(path)).toEqual(names);
  });

  test.each([
    '/..',
    '/../secret',
    '/a/../../secret',
    '/%2e%2e/secret',
    '/%2E%2E%2Fsecret',
    '/..%2fsecret',
    '/a%2fb',
    '/..%5csecret',
    '/a\\b',
    '/%00',
    '/index.html%00.png',
    '/a%0ab',
    '/.env',
    '/.git/config',
    '/a/.env',
    '/.well-known2/x',
    '//evil.example/',
    '/a//b',
    '/C:/windows',
    '/index.html::$DATA',
    '/index.html.',
    '/index.html%20',
    '/%',
    '/%zz',
    '/%ff',
    'index.html',
    '',
  ])('is refused: %j', (path) => {
    expect(splitPath(path)).toBeUndefined();
  });
});
