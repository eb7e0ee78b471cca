import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMigrations } from './read-migrations.ts';

describe('a project’s folder', () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'migrations-'));
  });
  afterEach(() => rmSync(project, { recursive: true }));

  const write = (path: string, content: string | Buffer = 'select 1'): void => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), content);
  };
  const read = async () => {
    const { files, seed, folder, findings } = await readMigrations(project);
    return {
      folder,
      paths: files.map(({ path }) => path),
      seed: seed?.path,
      findings: findings.map(({ id, subject }) => `${id} ${subject}`),
    };
  };

  test('may have no migrations yet', async () => {
    expect(await read()).toEqual({ folder: undefined, paths: [], seed: undefined, findings: [] });
  });

  test('has its migrations in order, and the seed beside their folder', async () => {
    for (const name of ['0002_b.sql', '0001_a.sql', '0010_c.sql']) write(`migrations/${name}`);
    write('seed.sql');
    expect(await read()).toEqual({
      folder: 'migrations',
      paths: ['migrations/0001_a.sql', 'migrations/0002_b.sql', 'migrations/0010_c.sql'],
      seed: 'seed.sql',
      findings: [],
    });
  });

  test('tells of what looks like a migration and is passed over', async () => {
    for (const name of [
      '001.sql',
      '004.SQL',
      '5.sql.txt',
      'sub/006.sql',
      'notes/read.md',
      '.x.SQL',
      '7.sql~',
    ])
      write(`migrations/${name}`);
    expect(await read()).toMatchObject({
      paths: ['migrations/001.sql'],
      findings: [
        'migration-passed-over migrations/004.SQL',
        'migration-passed-over migrations/5.sql.txt',
        'migration-passed-over migrations/sub/006.sql',
      ],
    });
  });

  test('may be one of Supabase', async () => {
    write('supabase/migrations/20240101120000_init.sql');
    write('supabase/seed.sql');
    write('seed.sql');
    expect(await read()).toEqual({
      folder: 'supabase/migrations',
      paths: ['supabase/migrations/20240101120000_init.sql'],
      seed: 'supabase/seed.sql',
      findings: [],
    });
  });

  test('with two folders of migrations is told which is taken', async () => {
    write('supabase/migrations/1.sql');
    write('supabase/seed.sql');
    write('migrations/1.sql');
    expect(await read()).toEqual({
      folder: 'migrations',
      paths: ['migrations/1.sql'],
      seed: undefined,
      findings: ['migrations-twice supabase/migrations'],
    });
  });

  test('may hold other files beside the migrations', async () => {
    for (const name of ['README.md', '.1.sql.swp', '.hidden.sql', '1.sql~', '1.sql', 'old.sql/2.sql']) {
      write(`migrations/${name}`);
    }
    expect((await read()).paths).toEqual(['migrations/1.sql']);
  });

  test('is told that the undoing half of a pair is left out', async () => {
    write('migrations/1.up.sql');
    write('migrations/1.down.sql');
    expect(await read()).toMatchObject({
      paths: ['migrations/1.up.sql'],
      findings: ['migration-down migrations/1.down.sql'],
    });
  });

  test('is told that numbers of different width sort otherwise than one would think', async () => {
    for (const name of ['1_a.sql', '2_b.sql', '10_c.sql']) write(`migrations/${name}`);
    const { files, findings } = await readMigrations(project);
    expect(files.map(({ name }) => name)).toEqual(['10_c.sql', '1_a.sql', '2_b.sql']);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ id: 'migrations-number-width', severity: 'warning' });
    expect(findings[0]?.message).toContain('10_c.sql is applied before 1_a.sql');
  });

  test('is told of two migrations with one number', async () => {
    write('migrations/1_b.sql');
    write('migrations/1_a.sql');
    expect((await read()).findings).toEqual(['migrations-same-number migrations/1_b.sql']);
  });

  test('knows a text again by its checksum, whatever its line ends', async () => {
    write('migrations/1.sql', 'select 1;\nselect 2;\n');
    write('migrations/2.sql', '\uFEFFselect 1;\r\nselect 2;\r\n');
    write('migrations/3.sql', 'select 1;\nselect 3;\n');
    const [one, two, three] = (await readMigrations(project)).files;
    expect(one?.checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(two?.checksum).toBe(one?.checksum);
    expect(three?.checksum).not.toBe(one?.checksum);
  });

  test.each([
    ['Latin-1', Buffer.from("select 'é'", 'latin1')],
    ['UTF-16', Buffer.from('select 1', 'utf16le')],
  ])('refuses a file in %s by its name', async (_, bytes) => {
    write('migrations/1.sql', bytes);
    await expect(readMigrations(project)).rejects.toThrow('migrations/1.sql is not UTF-8');
  });
});
