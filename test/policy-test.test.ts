import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { as, given, useProject } from '../src/app/policy-test/index.ts';
import { startProgram } from './setup/program.ts';

const run = promisify(execFile);
useProject('examples/blog');

const message = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error ? `${error.name}: ${error.message}` : 'it was fulfilled';
};

describe('a policy test', () => {
  const [alice, bob, anon] = [as('alice'), as('bob'), as('anon')];

  beforeAll(async () => {
    await given({
      authors: [{ id: 1001, name: 'An author' }],
      posts: [{ id: 1001, author_id: 1001, title: 'Out', body: '…', published: true }],
      comments: [
        { id: 1001, post_id: 1001, user_id: alice.id, body: "Alice's" },
        { id: 1002, post_id: 1001, user_id: bob.id, body: "Bob's" },
      ],
    });
  });

  test('has users whose id is always the same, and roles that are no users', () => {
    expect(alice.id).toBe(as('alice').id);
    expect(alice.id).not.toBe(bob.id);
    expect(alice.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([alice.role, anon.role, as('eve', { role: 'editor' }).role]).toEqual([
      'authenticated',
      'anon',
      'editor',
    ]);
  });

  test('fails where something cannot be done that should, and says why', async () => {
    expect(await message(alice.can('update', 'comments', { id: 1002 }))).toBe(
      'AssertionError: alice cannot update comments {"id":1002}: no policy lets the row through.',
    );
    expect(await message(anon.can('delete', 'comments', { id: 1001 }))).toContain(
      'permission denied for table comments',
    );
    expect(await message(alice.can('delete', 'comments', { post_id: 1001 }))).toContain(
      'for 1 of the 2 rows only',
    );
    expect(await message(alice.can('insert', 'comments', { post_id: 1001, body: '' }))).toContain(
      'it failed for another reason than rights: new row for relation "comments" violates check constraint',
    );
  });

  test('fails where something can be done that should not', async () => {
    expect(await message(alice.cannot('delete', 'comments', { id: 1001 }))).toBe(
      'AssertionError: alice can delete comments {"id":1001}, and should not.',
    );
    expect(await message(alice.cannot('insert', 'comments', { post_id: 1001, body: 'x' }))).toContain(
      'and should not',
    );
    expect(await message(anon.cannot('execute', 'count_posts_by_tag'))).toContain('and should not');
  });

  test('fails where nothing would be proved', async () => {
    expect(await message(alice.cannot('update', 'comments', { id: 4711 }))).toContain(
      'There is no row of comments like {"id":4711}, so nothing is proved.',
    );
    expect(await message(alice.cannot('insert', 'comments', { post_id: 1001, body: '' }))).toContain(
      'not for want of rights',
    );
    expect(await message(alice.can('select', 'coments'))).toContain('There is no table or view "coments".');
    expect(await message(alice.can('select', 'comments', { ide: 1 }))).toContain('has no column "ide"');
  });

  test('tells exactly what is seen', async () => {
    const comments = alice.sees('comments', { post_id: 1001 });
    await comments.exactly({ id: 1002 }, { id: 1001 });
    await comments.including({ body: "Bob's" });
    await comments.without({ id: 1 });
    expect(await message(comments.exactly({ id: 1001 }, { id: 1003 }))).toBe(
      [
        'AssertionError: alice does not see exactly these rows of comments.',
        '  Not seen, but should be: {"id": 1003}',
        '  Seen, but should not be: {"id": 1002}',
      ].join('\n'),
    );
    expect(await message(comments.nothing())).toContain('sees 2 rows of comments');
    expect(await message(comments.without({ id: 1001 }))).toContain('and should not');
    expect(await message(comments.including({ id: 1003 }))).toContain('does not see {"id": 1003}');
  });

  test('undoes what is tried, and takes rows out again that were put in', async () => {
    await alice.can('delete', 'comments', { id: 1001 });
    await alice.sees('comments', { id: 1001 }).exactly({ id: 1001 });
    {
      await using _ = await given({ comments: [{ id: 1005, post_id: 1001, user_id: bob.id, body: 'x' }] });
      await alice.sees('comments', { id: 1005 }).exactly({ id: 1005 });
    }
    await alice.sees('comments', { id: 1005 }).nothing();
    const sql = await given("insert into tags (id, name) overriding system value values (1001, 'of-a-test')");
    await anon.sees('tags', { id: 1001 }).exactly({ name: 'of-a-test' });
    await sql.undo();
    await anon.sees('tags', { id: 1001 }).nothing();
    expect(await message(given({ comments: [{ id: 1006, post_id: 4711, body: 'x' }] }))).toContain(
      'could not be put in',
    );
  });

  test('does one thing after the other, also when asked at once', async () => {
    await Promise.all([
      alice.can('delete', 'comments', { id: 1001 }),
      bob.can('delete', 'comments', { id: 1002 }),
      alice.sees('comments', { post_id: 1001 }).exactly({ id: 1001 }, { id: 1002 }),
    ]);
  });

  test('is written by ashlar new policy-tests, and passes', { timeout: 90_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'policy-test-'));
    try {
      for (const name of ['migrations', 'seed.sql'])
        cpSync(join('examples/blog', name), join(folder, name), { recursive: true });
      const made = startProgram(['new', 'policy-tests', folder]);
      expect((await made.exited).code).toBe(0);
      expect(made.out()).toContain('Wrote test/policies/comments.test.ts\n');
      const written = readFileSync(join(folder, 'test/policies/comments.test.ts'), 'utf8');
      for (const check of [
        "as('anon').cannot('delete', 'comments')",
        "as('a stranger').cannot('update', 'comments')",
        "as('a stranger').cannot('update', 'comments', {}, { user_id: null })",
      ])
        expect(written).toContain(check);
      const door = new URL('../src/app/policy-test/index.ts', import.meta.url).href;
      for (const name of ['comments', 'posts']) {
        const file = join(folder, `test/policies/${name}.test.ts`);
        writeFileSync(file, readFileSync(file, 'utf8').replace("'ashlar/test'", `'${door}'`));
      }
      const ran = await run(
        process.execPath,
        ['--test', '--test-reporter=tap', 'test/policies/comments.test.ts', 'test/policies/posts.test.ts'],
        { cwd: folder },
      ).catch((error: { readonly stdout: string }) => error);
      expect(ran.stdout).not.toMatch(/^ *not ok/m);
      expect(ran.stdout).toMatch(/^ *ok \d+ - a stranger deletes no row of others$/m);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("runs under Node's own runner, which ends by itself", { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'policy-test-'));
    try {
      cpSync('examples/blog/migrations', join(folder, 'migrations'), { recursive: true });
      mkdirSync(join(folder, 'test'));
      const door = new URL('../src/app/policy-test/index.ts', import.meta.url).href;
      writeFileSync(
        join(folder, 'test/some.test.mjs'),
        `import { test } from 'node:test';
         import { as } from '${door}';
         test('anon writes no tags', () => as('anon').cannot('insert', 'tags', { name: 'x' }));
         test('anon writes tags', () => as('anon').can('insert', 'tags', { name: 'x' }));`,
      );
      const failure = await run(process.execPath, ['--test', '--test-reporter=tap'], { cwd: folder }).catch(
        (error: { readonly code: number; readonly stdout: string }) => error,
      );
      expect(failure).toMatchObject({ code: 1 });
      expect(failure.stdout).toMatch(/^ *ok 1 - anon writes no tags$/m);
      expect(failure.stdout).toMatch(/^ *not ok 2 - anon writes tags$/m);
      expect(failure.stdout).toContain(
        'anon cannot insert tags {"name":"x"}: permission denied for table tags.',
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
