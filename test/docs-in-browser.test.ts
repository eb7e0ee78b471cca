import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Program, type Ready, startProgram, untilReady } from './setup/program.ts';

const run = promisify(execFile);

const findBrowser = (): string | undefined => {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return name;
    } catch {
      // The next one, then.
    }
  }
  return undefined;
};

describe('in a browser, the documentation page', () => {
  const browser = findBrowser();
  let folder: string;
  let program: Program | undefined;
  let ready: Ready;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'browser-'));
    if (browser === undefined) return;
    const project = join(folder, 'blog');
    cpSync('examples/blog', project, { recursive: true, filter: (path) => !path.includes('.ashlar') });
    program = startProgram(['dev', project, '--port', '0', '--json']);
    ready = await untilReady(program);
  });
  afterAll(async () => {
    await program?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the browser makes of a page, and what it complains about. */
  const open = async (
    name: string,
    url: string,
  ): Promise<{ readonly dom: string; readonly said: string }> => {
    const args = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      `--user-data-dir=${join(folder, 'profile')}`,
      '--enable-logging=stderr',
      '--dump-dom',
      url,
    ];
    const { stdout, stderr } = await run(name, args, { maxBuffer: 1 << 26, timeout: 60_000 });
    const said = stderr.split('\n').filter((line) => line.includes(':CONSOLE'));
    return { dom: stdout, said: said.join('\n') };
  };

  test('is shown with its style, and breaks none of its own rules', async (context) => {
    const name = browser ?? context.skip('no chromium');
    const { dom, said } = await open(name, ready.docs);
    expect(dom).toContain('What the authors have written.');
    expect(said).toBe('');
  }, 90_000);

  test('would be heard if it broke them', async (context) => {
    const name = browser ?? context.skip('no chromium');
    const page = await (await fetch(ready.docs)).text();
    const server = createServer((_, response) => {
      response.setHeader('Content-Security-Policy', "default-src 'none'");
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(page);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { said } = await open(name, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      expect(said).toContain('Content Security Policy');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }, 90_000);
});
