import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Program, type Ready, startProgram, untilReady } from './setup/program.ts';

describe('a project with a page', () => {
  let folder: string;
  let program: Program;
  let ready: Ready;

  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'with-page-'));
    write(
      'migrations/001_notes.sql',
      `create table notes (id int primary key);
       alter table notes enable row level security;
       create policy "notes are public" on notes for select using (true);
       grant select on notes to anon;`,
    );
    write('web/index.html', '<!doctype html><title>Mine</title>');
    write('web/rest/v1/notes', 'not the API');
    write('web/docs/index.html', 'not the docs');
    write('public/index.html', 'another page');
    write(
      'ashlar.config.ts',
      "import { defineConfig } from 'ashlar';\nexport default defineConfig({ publicFolder: 'web' });\n",
    );
    program = startProgram(['dev', folder, '--port', '0', '--json']);
    ready = await untilReady(program);
  });
  afterAll(async () => {
    await program?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sends a path as it is: `fetch` would tidy it up before. */
  const sendRaw = (target: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(ready.url).port), '127.0.0.1');
      let text = '';
      socket.setEncoding('latin1');
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
      socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    });

  test('serves it from the folder that its settings name', async () => {
    const answer = await fetch(ready.url);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Mine');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
    // Nobody else's script reads a page.
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('keeps its API and its documentation, whatever files are called', async () => {
    expect(await (await fetch(`${ready.rest}/notes`)).json()).toEqual([]);
    expect(await (await fetch(ready.docs)).text()).toContain('<h2>Ask</h2>');
    expect((await fetch(`${ready.url}/health/ready`)).status).toBe(200);
  });

  test('answers a path that is nothing with a problem, and the route of a page with the page', async () => {
    const nothing = await fetch(`${ready.url}/compare`);
    expect(nothing.status).toBe(404);
    expect(await nothing.json()).toMatchObject({ code: 'PGRST125' });
    const route = await fetch(`${ready.url}/compare`, { headers: { accept: 'text/html' } });
    expect(await route.text()).toContain('Mine');
  });

  test.each([
    '/../ashlar.config.ts',
    '/..%2fashlar.config.ts',
    '/%2e%2e/ashlar.config.ts',
    '/%2e%2e%2fashlar.config.ts',
    '/rest/../../ashlar.config.ts',
    '/..\\ashlar.config.ts',
    '//../ashlar.config.ts',
    '/./../ashlar.config.ts',
    'http://127.0.0.1/../ashlar.config.ts',
    '/../.ashlar/secret.json',
    '/.ashlar/secret.json',
    '/%00/../ashlar.config.ts',
    '/../migrations/001_notes.sql',
  ])('shows nothing outside of the folder: %s', async (target) => {
    const text = await sendRaw(target);
    expect(text).toMatch(/^HTTP\/1.1 40[04] /);
    expect(text).not.toMatch(/defineConfig|jwtSecret|create table/);
  });

  test.each(['.', '..', '/'])('is not served whole: %s', async (named) => {
    const other = startProgram(['dev', folder, '--port', '0', '--public-folder', named, '--json']);
    const { code } = await other.exited;
    expect(code).toBe(1);
    expect(other.err()).toContain('which has the project itself in it');
  });

  test('is served by ashlar start as well, which explains no requests', async () => {
    await program.stop();
    program = startProgram(['start', folder, '--port', '0', '--log-format', 'json']);
    await program.said(/"event":"app.listening"/);
    const [, url] = /"url":"([^"]+)"/.exec(program.out() + program.err()) ?? [];
    await expect.poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 20_000 }).toBe(200);
    const page = await fetch(`${url}/some/route`, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('Mine');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
    const explained = await fetch(`${url}/dev/explain`, {
      method: 'POST',
      body: '{"target":"/rest/v1/notes"}',
    });
    expect(explained.status).toBe(404);
  });
});
