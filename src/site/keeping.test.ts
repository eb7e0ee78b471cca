import { expect, test } from 'vitest';
import { cacheControl } from './keeping.ts';

test.each([
  'assets/index-DkQ3x9Zw.js',
  'assets/index-Bx_-91aa.css',
  'assets/app.1f3870be.css',
  'assets/fonts/serif-C0ffee12.woff2',
  '_app/immutable/chunks/entry.B7kk2a90.js',
])('%s is kept forever', (path) => {
  expect(cacheControl(path)).toBe('public, max-age=31536000, immutable');
});

test.each([
  'index.html',
  'index-DkQ3x9Zw.js',
  'assets/logo.svg',
  'assets/date-picker-component.js',
  'assets/my-dashboard.css',
  'robots.txt',
])('%s is asked for again', (path) => {
  expect(cacheControl(path)).toBe('no-cache');
});
