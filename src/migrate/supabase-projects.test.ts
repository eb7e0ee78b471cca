import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, installedVersions } from '../../test/setup/database.ts';
import { openSession, type Session } from '../db/index.ts';
import { applyMigrations } from './apply-migrations.ts';
import { bootstrap } from './bootstrap.ts';
import { makeFile } from './fixtures/make-file.ts';
import { printFailure } from './print-failure.ts';

const folder = new URL('./fixtures/projects/', import.meta.url);
const projects = readdirSync(folder);

describe.each(installedVersions())('the SQL of a Supabase project on Postgres %i', (version) => {
  let session: Session;
  let warnings: string[];
  beforeEach(async () => {
    session = await openSession((await createTestDatabase(version)).owner);
    expect((await bootstrap(session, { server: 'authenticator' })).failure).toBeUndefined();
    warnings = [];
  });
  afterEach(() => session.close());

  const load = async (name: string): Promise<void> => {
    const file = makeFile(name, readFileSync(new URL(name, folder), 'utf8'));
    const { failure } = await applyMigrations(session, [file], {
      onProgress: (progress) => {
        if (progress.kind === 'notice' && progress.severity === 'WARNING') warnings.push(progress.message);
      },
    });
    expect(failure && printFailure(failure)).toBeUndefined();
  };
  /** Runs a statement as that user. */
  const askAs = async (sub: string, statement: string) => {
    await session.query(
      "select set_config('role', 'authenticated', false), set_config('request.jwt.claims', $1, false)",
      [JSON.stringify({ sub, role: 'authenticated' })],
    );
    try {
      return await session.query(statement);
    } finally {
      await session.query('reset role');
    }
  };
  const mira = '8d0fd2b3-9ca7-4d9e-a95f-9e13dded323e';
  const jonas = '5b2fbb5e-0b1a-4a7e-8f53-1a1b2c3d4e5f';

  test.each(projects)('loads: %s', async (name) => {
    await load(name);
  });

  test('makes a profile for a user who signs up', async () => {
    await load('user-profiles.sql');
    await session.query('insert into auth.users (id, email, raw_user_meta_data) values ($1, $2, $3)', [
      mira,
      'mira@example.com',
      '{"full_name": "Mira"}',
    ]);
    expect(await session.query('select id, full_name from profiles')).toEqual([
      { id: mira, full_name: 'Mira' },
    ]);
    await session.query('grant insert on storage.objects to authenticated');
    await askAs(mira, `insert into storage.objects (bucket_id, name) values ('avatars', '${mira}/me.png')`);
    await expect(
      askAs(mira, `insert into storage.objects (bucket_id, name) values ('avatars', '${jonas}/me.png')`),
    ).rejects.toMatchObject({ code: '42501' });
  });

  test('guards to-dos by their owner', async () => {
    await load('todo-list.sql');
    await session.query('insert into auth.users (id) values ($1), ($2)', [mira, jonas]);
    await askAs(mira, "insert into todos (task) values ('Feed the bees')");
    expect(await askAs(mira, 'select task from todos')).toEqual([{ task: 'Feed the bees' }]);
    expect(await askAs(jonas, 'select task from todos')).toEqual([]);
  });

  test('fills the publication of realtime', async () => {
    await load('team-chat.sql');
    expect(
      await session.query(
        "select tablename from pg_publication_tables where pubname = 'supabase_realtime' order by 1",
      ),
    ).toEqual([{ tablename: 'channels' }, { tablename: 'messages' }, { tablename: 'users' }]);
    expect(await session.query('select role from public.user_roles')).toEqual([{ role: 'admin' }]);
    expect(warnings).toEqual([]);
  });

  test('as pg_dump writes it, is warned of what is left out', async () => {
    await load('remote-schema.sql');
    const left = warnings.map((warning) => /"(.*?)"/.exec(warning)?.[1]);
    expect(left).toEqual(['pg_cron', 'pg_net', 'pgsodium', 'pg_graphql', 'pgjwt', 'supabase_vault']);
    expect(await session.query("select tableowner from pg_tables where tablename = 'orders'")).toEqual([
      { tableowner: 'postgres' },
    ]);
  });
});
