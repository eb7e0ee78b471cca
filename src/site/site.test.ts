import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpResponse, RequestHeaders } from '../http/index.ts';
import { openSite, type Site } from './index.ts';

const script = `console.log(${JSON.stringify('a script '.repeat(500))});`;
const long = Buffer.alloc(5 << 20, 'a film');
let folder: string;
let root: string;
let site: Site;

const write = (path: string, content: string | Buffer): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
};

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'site-')));
  root = join(folder, 'public');
  write('index.html', '<!doctype html><title>The page</title>');
  write('assets/app-DkQ3x9Zw.js', script);
  write('assets/picture.png', Buffer.from([0x89, 0x50]));
  write('about/index.html', 'About');
  write('film.mp4', long);
  write('ä b.txt', 'text');
  write('.env', 'SECRET=1');
  write('.well-known/security.txt', 'Contact: mailto:a@b.example');
  write('empty.txt', '');
  write('noending', 'x');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'));
  symlinkSync(folder, join(root, 'up'));
  symlinkSync(join(root, 'index.html'), join(root, 'inside.html'));
  site = openSite({ folder: root });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readBody = async ({ body }: HttpResponse): Promise<Buffer> => {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  await body.pump((chunk) => void chunks.push(chunk));
  return Buffer.concat(chunks);
};

const ask = async (target: string, headers: RequestHeaders = {}, method = 'GET') => {
  const [path = '', query = ''] = target.split('?');
  const response = await site.answer({
    method,
    path,
    query,
    headers,
    body: async () => Buffer.alloc(0),
    signal: new AbortController().signal,
  });
  if (response === undefined) return undefined;
  const head = Object.fromEntries(response.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const bytes = await readBody(response);
  if (method !== 'HEAD' && response.status !== 304) expect(head['content-length']).toBe(String(bytes.length));
  return { status: response.status, headers: head, bytes, text: bytes.toString() };
};

const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('files', () => {
  test('are sent with their type', async () => {
    expect(await ask('/')).toMatchObject({
      status: 200,
      text: '<!doctype html><title>The page</title>',
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    });
    expect((await ask('/assets/app-DkQ3x9Zw.js'))?.headers['content-type']).toBe(
      'text/javascript; charset=utf-8',
    );
    expect((await ask('/assets/picture.png'))?.headers['content-type']).toBe('image/png');
    expect((await ask('/%C3%A4%20b.txt'))?.text).toBe('text');
    expect((await ask('/noending'))?.headers['content-type']).toBe('application/octet-stream');
    expect((await ask('/empty.txt'))?.text).toBe('');
    expect((await ask('/.well-known/security.txt'))?.text).toContain('Contact');
  });

  test('are kept forever by browsers where their name has a hash', async () => {
    expect((await ask('/assets/app-DkQ3x9Zw.js'))?.headers['cache-control']).toBe(
      'public, max-age=31536000, immutable',
    );
  });

  test('run nothing that stands in their own text, and nothing of others', async () => {
    const { headers } = (await ask('/'))!;
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test('of a folder are its index', async () => {
    expect((await ask('/about/'))?.text).toBe('About');
    expect(await ask('/about?x=1')).toMatchObject({ status: 308, headers: { location: '/about/?x=1' } });
  });

  test('are not written, whatever the method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect(await ask('/index.html', {}, method)).toBeUndefined();
  });

  test('are told about without a body', async () => {
    const { headers, bytes } = (await ask('/film.mp4', {}, 'HEAD'))!;
    expect(bytes).toHaveLength(0);
    expect(headers['content-length']).toBe(String(long.length));
  });
});

describe('compression', () => {
  const path = '/assets/app-DkQ3x9Zw.js';

  test('is what the client likes best', async () => {
    const br = (await ask(path, { 'accept-encoding': 'gzip, br' }))!;
    expect(br.headers).toMatchObject({ 'content-encoding': 'br', vary: 'Accept-Encoding' });
    expect(brotliDecompressSync(br.bytes).toString()).toBe(script);
    const gzip = (await ask(path, { 'accept-encoding': 'gzip' }))!;
    expect(gunzipSync(gzip.bytes).toString()).toBe(script);
    expect((await ask(path))!.text).toBe(script);
  });

  test('makes another entity, with a tag of its own', async () => {
    const tags = await Promise.all(
      [{}, { 'accept-encoding': 'gzip' }, { 'accept-encoding': 'br' }].map(
        async (headers) => (await ask(path, headers))?.headers.etag,
      ),
    );
    expect(new Set(tags).size).toBe(3);
  });

  test('is left out where it gains nothing', async () => {
    for (const target of ['/', '/assets/picture.png', '/film.mp4'])
      expect((await ask(target, { 'accept-encoding': 'br' }))?.headers).not.toHaveProperty(
        'content-encoding',
      );
  });
});

describe('a reader who has a copy', () => {
  test('is told that it is current', async () => {
    const { etag } = (await ask('/'))!.headers;
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = (await ask('/', { 'if-none-match': tag }))!;
      expect(answer.status).toBe(304);
      expect(answer.bytes).toHaveLength(0);
      expect(answer.headers).toMatchObject({ etag, 'cache-control': 'no-cache' });
      expect(answer.headers).not.toHaveProperty('content-length');
    }
    expect((await ask('/', { 'if-none-match': '"other"' }))?.status).toBe(200);
  });

  test('gets the new one after a change, also one within the same length', async () => {
    write('changing.txt', 'one');
    const before = (await ask('/changing.txt'))!;
    write('changing.txt', 'two');
    utimesSync(join(root, 'changing.txt'), 1, 1);
    const after = (await ask('/changing.txt', { 'if-none-match': before.headers.etag }))!;
    expect([before.text, after.status, after.text]).toEqual(['one', 200, 'two']);
    rmSync(join(root, 'changing.txt'));
    expect(await ask('/changing.txt')).toBeUndefined();
  });
});

describe('a part of a file', () => {
  test.each(['/film.mp4', '/noending'])('of %s is sent by itself', async (path) => {
    const all = (await ask(path))!.bytes;
    expect(await ask(path, { range: 'bytes=0-0' })).toMatchObject({
      status: 206,
      bytes: all.subarray(0, 1),
      headers: { 'content-range': `bytes 0-0/${all.length}` },
    });
    expect(await ask(path, { range: `bytes=${all.length}-` })).toMatchObject({
      status: 416,
      headers: { 'content-range': `bytes */${all.length}` },
    });
  });

  test('crosses what is read at once', async () => {
    const answer = (await ask('/film.mp4', { range: 'bytes=65530-200000' }))!;
    expect(answer.bytes.equals(long.subarray(65_530, 200_001))).toBe(true);
  });

  test('is sent only of the file that the client began with', async () => {
    const { etag } = (await ask('/film.mp4'))!.headers;
    expect((await ask('/film.mp4', { range: 'bytes=0-9', 'if-range': etag }))?.status).toBe(206);
    expect((await ask('/film.mp4', { range: 'bytes=0-9', 'if-range': '"old"' }))?.status).toBe(200);
  });
});

describe("a page's own routes", () => {
  test.each(['/compare', '/a/b/c', '/compare?a=1&b=2'])('lead to the page: %s', async (target) => {
    expect(await ask(target, page)).toMatchObject({
      status: 200,
      text: '<!doctype html><title>The page</title>',
      headers: { 'cache-control': 'no-cache' },
    });
  });

  test('are for browsers, not for scripts that ask for data', async () => {
    expect(await ask('/compare', { accept: 'application/json' })).toBeUndefined();
    expect(await ask('/compare', { accept: '*/*' })).toBeUndefined();
    expect(await ask('/compare')).toBeUndefined();
  });

  test('do not hide that a file is missing', async () => {
    expect(await ask('/assets/missing.js', page)).toBeUndefined();
  });
});

describe('what is outside', () => {
  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/..\\secret.txt',
    '/..%5csecret.txt',
    '//etc/passwd',
    '/%2fetc/passwd',
    '/link.txt',
    '/up/secret.txt',
    '/up/public/index.html',
    '/inside.html',
    '/.env',
    '/%2eenv',
    '/assets/../.env',
    '/index.html%00',
    '/index.html%00.png',
    '/index.html/',
    '/index.html/x.txt',
    '/assets',
    `/${'a'.repeat(5000)}.txt`,
    `/${'a/'.repeat(3000)}x.txt`,
    '/%',
  ])('stays there: %s', async (path) => {
    expect(await ask(path)).toBeUndefined();
    const answer = await ask(path, page);
    // A browser may be shown the page, which is no secret.
    expect(answer?.text ?? '').not.toContain('secret');
    expect(answer?.text ?? '').not.toContain('SECRET');
  });
});

test('a folder that is not there yet is empty until it is', async () => {
  const late = openSite({ folder: join(folder, 'late') });
  const request = { method: 'GET', path: '/', query: '', headers: {}, body: async () => Buffer.alloc(0) };
  const signal = new AbortController().signal;
  expect(await late.answer({ ...request, signal })).toBeUndefined();
  expect(await late.hasHome()).toBe(false);
  mkdirSync(join(folder, 'late'));
  writeFileSync(join(folder, 'late/index.html'), 'Late');
  expect((await late.answer({ ...request, signal }))?.status).toBe(200);
  expect(await late.hasHome()).toBe(true);
});
