import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSession, type Session } from '../../src/db/index.ts';
import { applyMigrations, applySeed, bootstrap, readMigrations } from '../../src/migrate/index.ts';
import { createTestDatabase, installedVersions } from '../../test/setup/database.ts';

const reader = '5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1';

describe.each(installedVersions())('the blog on Postgres %i', (version) => {
  let session: Session;

  beforeAll(async () => {
    const database = await createTestDatabase(version);
    session = await openSession(database.owner);
    const { files, seed, findings } = await readMigrations(import.meta.dirname);
    expect(findings).toEqual([]);
    expect((await bootstrap(session, { server: database.server.user })).failure).toBeUndefined();
    const { failure, applied } = await applyMigrations(session, files);
    expect(failure).toBeUndefined();
    expect(applied).toHaveLength(files.length);
    expect(seed && (await applySeed(session, seed)).failure).toBeUndefined();
  });

  afterAll(() => session?.close());

  /** Runs a statement as a request would, and undoes it. */
  const ask = async (role: string, claims: object, statement: string) => {
    await session.query('begin');
    try {
      await session.query("select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", [
        role,
        JSON.stringify({ role, ...claims }),
      ]);
      return await session.query(statement);
    } finally {
      await session.query('rollback');
    }
  };
  const askReader = (statement: string) => ask('authenticated', { sub: reader }, statement);

  test('has some hundred rows, with drafts among them', async () => {
    const [row] = await session.query(
      'select count(*) as posts, count(*) filter (where not published) as drafts, (select count(*) from comments) as comments from posts',
    );
    expect(row).toEqual({ posts: '52', drafts: '6', comments: '259' });
  });

  test('gives every database the same rows under the same keys', async () => {
    const [row] = await session.query(
      `select posts.title, authors.name as author, posts.created_at at time zone 'UTC' as begun,
              comments.user_id, comments.body
       from comments join posts on posts.id = post_id join authors on authors.id = author_id
       where comments.id = 34`,
    );
    expect(row).toEqual({
      title: 'How we stopped losing jobs',
      author: 'Samuel Adeyemi',
      begun: '2025-10-27 18:59:00',
      user_id: 'df08c348-17f6-f30f-6b9f-9e744d75d08b',
      body: 'pg_stat_user_tables showed me the same on our side within five minutes.',
    });
  });

  test('has row-level security on every table', async () => {
    const open = await session.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity",
    );
    expect(open).toEqual([]);
  });

  test('describes every table, column and function', async () => {
    const silent = await session.query(`
      select c.relname, a.attname
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum >= 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and col_description(c.oid, a.attnum) is null
      union all
      select relname, null from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and obj_description(oid, 'pg_class') is null
      union all
      select proname, null from pg_proc
      where pronamespace = 'public'::regnamespace and obj_description(oid, 'pg_proc') is null`);
    expect(silent).toEqual([]);
  });

  test('has an index for every foreign key', async () => {
    const unindexed = await session.query(`
      select conrelid::regclass as relation, conname from pg_constraint
      where contype = 'f' and connamespace = 'public'::regnamespace and not exists (
        select from pg_index where indrelid = conrelid and indkey[0] = conkey[1])`);
    expect(unindexed).toEqual([]);
  });

  test.each([
    ['anon', {}],
    ['authenticated', { sub: reader }],
  ])('shows %s what is published, and nothing of a draft', async (role, claims) => {
    const [seen] = await ask(
      role,
      claims,
      `select (select count(*) from posts) as posts,
              (select count(*) from posts where not published) as drafts,
              (select count(*) from comments) as comments,
              (select count(distinct post_id) from comments) as commented,
              (select count(distinct post_id) from post_tags) as tagged,
              (select count(*) from authors) as authors,
              (select count(*) from tags) as tags`,
    );
    expect(seen).toEqual({
      posts: '46',
      drafts: '0',
      comments: '253',
      commented: '46',
      tagged: '46',
      authors: '8',
      tags: '14',
    });
  });

  test('shows service_role everything', async () => {
    const [seen] = await ask('service_role', {}, 'select count(*) as posts from posts');
    expect(seen).toEqual({ posts: '52' });
  });

  test.each([
    "insert into comments (post_id, body) values (1, 'x')",
    "update comments set body = 'x'",
    'delete from comments',
    "insert into authors (name) values ('x')",
    'update posts set published = true',
    "insert into tags (name) values ('x')",
    'delete from post_tags',
  ])('refuses anon to %s', async (statement) => {
    await expect(ask('anon', {}, statement)).rejects.toMatchObject({ code: '42501' });
  });

  test('lets who has signed in comment, in their own name', async () => {
    const [made] = await askReader("insert into comments (post_id, body) values (1, 'x') returning user_id");
    expect(made).toEqual({ user_id: reader });
  });

  test.each([
    [
      'in the name of another',
      "insert into comments (post_id, user_id, body) values (1, gen_random_uuid(), 'x')",
    ],
    ['on a draft', "insert into comments (post_id, body) values (52, 'x')"],
    ['and be another afterwards', 'update comments set user_id = gen_random_uuid()'],
    ['and write posts', "insert into posts (author_id, title, body) values (1, 'x', 'x')"],
  ])('refuses who has signed in to comment %s', async (_, statement) => {
    await expect(askReader(statement)).rejects.toMatchObject({ code: '42501' });
  });

  test('lets who has signed in change their own comments and no others', async () => {
    const [other] = await session.query('select user_id, count(*) from comments group by 1 order by 2 desc');
    const sub = other?.user_id as string;
    const changed = await ask('authenticated', { sub }, "update comments set body = 'x' returning user_id");
    expect(changed.length).toBeGreaterThan(1);
    expect(new Set(changed.map((row) => row.user_id))).toEqual(new Set([sub]));
    expect(await askReader("update comments set body = 'x' returning id")).toEqual([]);
    expect(await askReader('delete from comments returning id')).toEqual([]);
  });

  test('counts posts by tag as the caller sees them', async () => {
    const count = async (role: string) =>
      (await ask(role, {}, "select posts from count_posts_by_tag() where tag = 'typescript'"))[0]?.posts;
    expect(Number(await count('service_role'))).toBe(Number(await count('anon')) + 1);
  });
});
