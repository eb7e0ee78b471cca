import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startProgram } from './setup/program.ts';

// Each step starts a Postgres of its own.
vi.setConfig({ testTimeout: 90_000 });

const findBrowser = (): string | undefined =>
  ['chromium', 'chromium-browser', 'google-chrome'].find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });

describe('ashlar access', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'access-'));
    cpSync('examples/blog', folder, { recursive: true, filter: (path) => !path.includes('.ashlar') });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = async (...words: string[]) => {
    const program = startProgram(['access', folder, ...words]);
    const { code } = await program.exited;
    return { code, out: program.out(), err: program.err() };
  };
  const file = (name: string): string => join(folder, name);

  test('prints a table for each role, and leaves nothing in the folder', async () => {
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out).toMatch(/^anon\n {13}select {5}insert {2}update {2}delete\n {2}authors {4}all rows/);
    expect(out).toMatch(
      / {2}comments {3}some rows {2}own rows: post_id, body {2}own rows: body {2}own rows\n/,
    );
    expect(out).toContain('service_role is BYPASSRLS: no policy stops it, only grants do.');
    expect(existsSync(file('.ashlar'))).toBe(false);
  });

  test('finds the example as it is written down', async () => {
    const { code, out } = await run('--expect', file('access.json'));
    expect(out).toBe(`The permissions are those of ${file('access.json')}.\n`);
    expect(code).toBe(0);
  });

  test('tells what has opened and closed, and fails, until that is written down', async () => {
    writeFileSync(
      file('migrations/0005_change.sql'),
      `alter table posts add email text;
       drop policy "tags are public" on tags;
       grant delete on comments to anon;
       create policy careless on comments for delete to anon using (true);`,
    );
    const expected = ['--expect', file('access.json')];
    const found = await run(...expected);
    expect(found.code).toBe(1);
    const [opened, closed] = found.out.split('\nclosed\n');
    expect(opened?.split('\n')).toEqual([
      'opened',
      '  anon: delete comments none → all rows',
      '  anon: select posts.email none → some rows',
      '  authenticated: select posts.email none → some rows',
      '  service_role: select posts.email none → all rows',
      '  service_role: insert posts.email none → all rows',
      '  service_role: update posts.email none → all rows',
    ]);
    expect(closed).toMatch(/^ {2}anon: select tags \(id, name\) all rows → none\n/);
    const json = JSON.parse((await run(...expected, '--json')).out) as { changes: readonly unknown[] };
    expect(json.changes).toContainEqual({
      role: 'anon',
      relation: 'public.posts',
      verb: 'select',
      column: 'email',
      before: 'none',
      after: 'some',
      direction: 'opened',
    });
    const before = readFileSync(file('access.json'), 'utf8');
    expect((await run(...expected, '--update')).code).toBe(0);
    expect(readFileSync(file('access.json'), 'utf8')).not.toBe(before);
    expect((await run(...expected)).code).toBe(0);
  });

  test('says what to do where nothing is written down, or something else', async () => {
    const missing = await run('--expect', file('none.json'));
    expect(missing).toMatchObject({ code: 1, out: '' });
    expect(missing.err).toContain(`--expect ${file('none.json')} --update`);
    writeFileSync(file('other.json'), '{"version": 1, "roles": {"anon": {"t": {"select": "everything"}}}}');
    expect((await run('--expect', file('other.json'))).err).toContain('is not what "ashlar access" writes');
    expect((await run('--update')).code).toBe(2);
    expect((await run('--roles', 'nobody')).err).toContain('There is no role "nobody"');
  });

  test('writes a page that a browser opens without complaint', async (ctx) => {
    const browser = findBrowser();
    if (browser === undefined) return ctx.skip('no chromium');
    const page = file('access.html');
    expect((await run('--html', page)).code).toBe(0);
    const text = readFileSync(page, 'utf8');
    expect(text).not.toMatch(/(src|href)="(?!data:|#)/);
    // The cell "authenticated: delete comments", opened.
    writeFileSync(
      page,
      text.replace(
        '</body>',
        `<script>document.querySelector('button[data-at="1.1.3"]').click(); filterFor = () => { search.value = 'tag'; filter(); }; filterFor();</script></body>`,
      ),
    );
    const dom = execFileSync(
      browser,
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        `--user-data-dir=${file('profile')}`,
        '--dump-dom',
        `file://${page}`,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    expect(dom).toMatch(/<dialog [^>]*open/);
    expect(dom).toContain('authenticated: delete public.comments');
    expect(dom).toContain('create policy "users delete their own comments" on public.comments');
    expect(dom).toMatch(/<tr data-name="posts"[^>]* hidden/);
    expect(dom).not.toMatch(/<tr data-name="post_tags"[^>]* hidden/);
  });
});

describe('ashlar access --why', () => {
  const user = 'df08c348-17f6-f30f-6b9f-9e744d75d08b';
  const ask = async (...words: string[]) => {
    const program = startProgram(['access', 'examples/blog', ...words]);
    const { code } = await program.exited;
    return { code, out: program.out(), err: program.err() };
  };

  test('tells expression by expression what decides about a row, and what would change that', async () => {
    const other = '5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1';
    const { code, out } = await ask(
      '--why',
      'update comments 34',
      '--as',
      'authenticated',
      '--claims',
      JSON.stringify({ sub: other }),
    );
    expect(code).toBe(0);
    expect(out).toContain('authenticated cannot update public.comments 34.\n');
    expect(out).toContain('grant update (body) on public.comments to authenticated');
    expect(out).toContain(
      `  ✗ policy "users edit their own comments" for update, using
      ✗ user_id = ( SELECT auth.uid() AS uid)
          user_id is '${user}'
          ( SELECT auth.uid() AS uid) is '${other}'
`,
    );
    expect(out).toContain(`on public.comments for update to authenticated using (id = '34');`);
  });

  test('takes the words without quotes, and tells of a missing grant and a missing policy at once', async () => {
    const { out } = await ask('--why', 'delete', 'posts', '1', '--json');
    const why = JSON.parse(out);
    expect(why).toMatchObject({ role: 'anon', verb: 'delete', relation: 'public.posts', allowed: false });
    expect(why.change).toEqual([
      'grant delete on public.posts to anon;',
      `create policy "anon may delete" on public.posts for delete to anon using (id = '1');`,
    ]);
  });

  test('explains rows that are not there yet', async () => {
    const { out } = await ask(
      '--why',
      'insert comments {"post_id": 52, "body": "x"}',
      '--as',
      'authenticated',
      '--claims',
      JSON.stringify({ sub: user }),
    );
    expect(out).toMatch(/ {6}✗ all of\n {8}✓ user_id = .*\n.*\n.*\n {8}✗ EXISTS \(/);
  });

  test('says what it does not understand', async () => {
    expect((await ask('--why', 'eat posts 1')).code).toBe(2);
    expect((await ask('--why', 'select posts 4711')).err).toContain(
      'There is no row of public.posts with id = 4711.',
    );
    expect((await ask('--why', 'select postss 1')).err).toContain('There is no table "postss".');
    expect((await ask('--as', 'anon')).code).toBe(2);
  });
});
