import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { installedVersions, packageOf } from '../../test/setup/versions.ts';
import { type ConnectOptions, type Embedded, openSession, type Session, startEmbedded } from '../db/index.ts';
import { applyMigrations } from './apply-migrations.ts';
import { bootstrap } from './bootstrap.ts';
import { makeFile } from './fixtures/make-file.ts';
import { printFailure } from './print-failure.ts';

// A cluster of their own, since whether roles are there already is what these tests are about.
describe.each(installedVersions())('a database of Postgres %i whose owner is no superuser', (version) => {
  let folder: string;
  let embedded: Embedded;
  let admin: Session;
  let databases = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'external-'));
    // As root, the user that Postgres 15 runs as has to reach its data by path.
    chmodSync(folder, 0o755);
    const packageDir = packageOf(version);
    embedded = await startEmbedded({
      folder,
      dataDir: join(folder, 'data'),
      settings: { fsync: 'off' },
      ...(packageDir ? { packageDir } : {}),
    });
    admin = await openSession({ ...embedded.owner, database: 'postgres' });
    await admin.query(
      "create role creator login createrole password 'x'; create role plain login password 'x'",
    );
  });
  afterAll(async () => {
    await admin?.close();
    await embedded?.stop('immediate');
    rmSync(folder, { recursive: true, force: true });
  });

  let login: (user: string) => ConnectOptions;
  beforeEach(async () => {
    const database = `d${++databases}`;
    login = (user) => ({ ...embedded.owner, user, password: 'x', database });
    await admin.query(`create database ${database}`);
  });
  const prepare = async (owner: string) => {
    await admin.query(`alter database d${databases} owner to ${owner}`);
    const session = await openSession(login(owner));
    try {
      const run = await bootstrap(session, { server: 'authenticator' });
      const { failure } = await applyMigrations(session, [
        makeFile('1.sql', 'create table t (u uuid default auth.uid()); grant select on t to anon;'),
      ]);
      return { run, migrated: failure === undefined };
    } finally {
      await session.close();
    }
  };

  // One after the other: the roles of the first are there for the next.
  test('cannot be prepared without the right to create roles, and is told so', async () => {
    const { run, migrated } = await prepare('plain');
    expect(run.applied).toEqual([]);
    expect(run.failure && printFailure(run.failure)).toMatch(
      /^error\[42501\]: permission denied to create role.*--> bootstrap\/001_roles\.sql:4:/s,
    );
    expect(migrated).toBe(false);
  });

  test('is prepared but for what takes a superuser, and each of that is told', async () => {
    const { run, migrated } = await prepare('creator');
    expect(run.failure).toBeUndefined();
    expect(run.findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('alter role service_role bypassrls'),
      expect.stringContaining("notify ashlar, 'reload schema'"),
      expect.stringContaining('when something is dropped'),
    ]);
    expect(migrated).toBe(true);
    const server = await openSession({ ...embedded.server, database: `d${databases}` });
    expect(await server.query('set role anon; select count(*) from t')).toEqual([{ count: '0' }]);
    await server.close();
  });

  test('is prepared without the right to create roles where they are there', async () => {
    const { run, migrated } = await prepare('plain');
    expect(run.failure).toBeUndefined();
    expect(migrated).toBe(true);
  });

  test('is told which roles the serving login lacks, if the owner cannot give them', async () => {
    await admin.query("create role other login noinherit password 'x'");
    const session = await openSession(login('plain'));
    await admin.query(`alter database d${databases} owner to plain`);
    const { findings } = await bootstrap(session, { server: 'other' });
    await session.close();
    expect(findings.filter(({ id }) => id === 'server-role-missing').map(({ remedy }) => remedy)).toEqual([
      'grant anon to other',
      'grant authenticated to other',
      'grant service_role to other',
    ]);
  });
});
