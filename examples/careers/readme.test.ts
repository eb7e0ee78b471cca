import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Program, type Ready, startProgram, untilReady } from '../../test/setup/program.ts';
import { readPage } from '../../test/setup/read-page.ts';

const run = promisify(execFile);

const requests = readPage(join(import.meta.dirname, 'README.md')).filter(({ text }) => text.includes('curl'));

describe('what the README asks', () => {
  let folder: string;
  let program: Program;
  let ready: Ready;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'careers-readme-'));
    cpSync(import.meta.dirname, folder, {
      recursive: true,
      filter: (path) => !/\.ashlar|node_modules/.test(path),
    });
    program = startProgram(['dev', folder, '--port', '0', '--json']);
    ready = await untilReady(program);
  });
  afterAll(async () => {
    await program?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is answered, each request of it', async () => {
    expect(requests.length).toBeGreaterThan(3);
    const curl = new URL('../../test/setup/curl.mjs', import.meta.url).pathname;
    for (const { text, line } of requests) {
      const script = [
        `curl() { '${process.execPath}' '${curl}' "$@"; echo; }`,
        `service_key='${ready.serviceKey}'`,
        text.replace(/^api=.*$/m, ''),
      ].join('\n');
      const { stdout } = await run('sh', ['-eu', '-c', script], {
        env: { ...process.env, SERVER: ready.url, api: ready.rest },
      });
      expect([line, stdout]).toEqual([line, expect.not.stringMatching(/"code":|^\[\]$/m)]);
    }
    // The last of them asks what the one before it taught.
    const answer = await fetch(`${ready.rest}/rpc/ask?question=What+does+a+code+monkey+earn%3F`);
    expect(await answer.json()).toMatchObject({ pay: [{ role_id: 'junior-developer', typical: 105060 }] });
  });
});
