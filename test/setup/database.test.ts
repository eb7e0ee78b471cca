import { describe, expect, it } from 'vitest';
import { type ConnectOptions, createPool } from '../../src/db/index.ts';
import { createTestDatabase, installedVersions, type TestTemplate } from './database.ts';

const ask = async (connect: ConnectOptions, text: string): Promise<string[][]> => {
  const pool = createPool({ connect });
  try {
    const [outcome] = await pool.run([{ text, key: undefined, params: [] }]);
    return (outcome?.rows ?? []).map((row) => row.map(String));
  } finally {
    await pool.close();
  }
};

describe.each(installedVersions())('a test database on Postgres %s', (version) => {
  it('is its own, with both logins, until it is dropped', async () => {
    const [one, two] = await Promise.all([createTestDatabase(version), createTestDatabase(version)]);
    expect(one.name).not.toBe(two.name);
    await ask(one.owner, 'create table only_here ()');
    await expect(ask(two.owner, 'table only_here')).rejects.toMatchObject({ code: '42P01' });
    expect(
      await ask(
        one.server,
        `select current_user, current_database(), current_setting('server_version_num')::int / 10000`,
      ),
    ).toEqual([['authenticator', one.name, String(version)]]);
    await one.drop();
    await expect(ask(one.owner, 'select 1')).rejects.toMatchObject({ kind: 'connect-failed' });
    await two.drop();
  });

  it('is a copy of its template, which is built once', async () => {
    let built = 0;
    const template: TestTemplate = {
      name: `template_of_database_test_${version}`,
      build: async (owner) => {
        built++;
        await ask(owner, 'create table copied as select 42 a');
      },
    };
    const copies = await Promise.all([1, 2, 3].map(() => createTestDatabase(version, { template })));
    expect(built).toBe(1);
    for (const copy of copies) {
      expect(await ask(copy.owner, 'delete from copied returning a')).toEqual([['42']]);
      await copy.drop();
    }
  });

  it('says why its template could not be built, to the one who tried; the next one tries again', async () => {
    const name = `template_that_fails_once_${version}`;
    const failing: TestTemplate = { name, build: () => Promise.reject(new Error('no such migration')) };
    await expect(createTestDatabase(version, { template: failing })).rejects.toThrow('no such migration');
    const mended: TestTemplate = {
      name,
      build: async (owner) => void (await ask(owner, 'create table there ()')),
    };
    const copy = await createTestDatabase(version, { template: mended });
    expect(await ask(copy.server, `select to_regclass('there')`)).toEqual([['there']]);
    await copy.drop();
  });
});
