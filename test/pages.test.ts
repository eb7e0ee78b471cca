import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Program, type Ready, startProgram, untilReady } from './setup/program.ts';
import { type Block, readPage } from './setup/read-page.ts';

// Each step starts programs, and other tests keep the machine busy meanwhile.
vi.setConfig({ testTimeout: 90_000 });

const run = promisify(execFile);

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What the shell of a reader would find under these names. */
const prelude = (): string => {
  const curl = new URL('./setup/curl.mjs', import.meta.url).pathname;
  const main = new URL('../src/cli/main.ts', import.meta.url).pathname;
  const node = quote(process.execPath);
  return `curl() { ${node} ${quote(curl)} "$@"; }\nnpx() { shift; ${node} ${quote(main)} "$@"; }\n`;
};

/** Serves a folder of examples/, see scripts/start.mjs. */
const EXAMPLE = 'npm start -- --example ';

/** Pages that lead from an empty folder to an API, and show what comes of each step. */
describe.each([
  'README.md',
  'docs/tutorial/first-api.md',
  'docs/how-to/from-postgrest.md',
  'docs/how-to/from-supabase.md',
])('what %s shows', (page) => {
  let folder: string;
  let program: Program | undefined;
  let ready: Ready | undefined;
  /** Assignments of earlier blocks hold in later ones. */
  let assigned = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'page-'));
  });
  afterAll(async () => {
    await program?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const shell = async (text: string): Promise<string> => {
    const { stdout } = await run('sh', ['-eu', '-c', `${prelude()}${assigned}${text}`], {
      cwd: folder,
      env: { ...process.env, SERVER: ready?.url ?? '' },
    });
    return stdout;
  };

  const start = async (more: string, project = folder): Promise<void> => {
    const words = more.split(' ').filter((word) => word !== '');
    program = startProgram(['dev', project, '--port', '0', '--json', ...words]);
    ready = await untilReady(program);
  };

  const save = async ({ file, text }: Block): Promise<void> => {
    // What has no file is an alternative that is not taken.
    if (file === undefined) return;
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (program === undefined) return;
    await program.said(`applied ${file}`);
    const followed = program.err().indexOf(`applied ${file}`);
    await expect
      .poll(() => program?.err().slice(followed), { timeout: 10_000 })
      .toContain('The API has followed');
  };

  test('is what happens', async () => {
    const blocks = readPage(page);
    const tried: string[] = [];
    let said: string | undefined;
    for (const block of blocks) {
      const { language, text, line } = block;
      const at = `${page}:${line}`;
      if (language === 'sql') await save(block);
      else if (language === 'json') {
        expect({ at, said: JSON.parse(said ?? '') }).toEqual({ at, said: JSON.parse(text) });
        tried.push(at);
      } else if (text.startsWith('npx ashlar dev')) await start(text.slice('npx ashlar dev'.length).trim());
      else if (text.startsWith(EXAMPLE))
        await start('', join(folder, 'examples', text.slice(EXAMPLE.length).trim()));
      else if (text.startsWith('token=')) assigned += text;
      else if (text.startsWith('curl')) said = await shell(text);
    }
    expect(tried.length).toBeGreaterThan(0);
    expect(ready).toBeDefined();
  });
});
