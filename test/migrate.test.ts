import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { printDbUrl } from '../src/app/dev/print-db-url.ts';
import { openSession, type Session } from '../src/db/index.ts';
import { createTestDatabase } from './setup/database.ts';
import { startProgram } from './setup/program.ts';

// Each step starts programs, and other tests keep the machine busy meanwhile.
vi.setConfig({ testTimeout: 90_000 });

describe('ashlar migrate on a database of another server', () => {
  let folder: string;
  let session: Session;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'migrate-'));
    mkdirSync(join(folder, 'migrations'));
    const database = await createTestDatabase();
    session = await openSession(database.owner);
    url = printDbUrl(database.owner);
  });
  afterAll(async () => {
    await session?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const save = (name: string, text: string): void => writeFileSync(join(folder, 'migrations', name), text);
  const migrate = async (...words: string[]) => {
    const program = startProgram(['migrate', folder, '--db', url, ...words]);
    const { code } = await program.exited;
    return { code, out: program.out(), err: program.err() };
  };
  const tables = async () =>
    (
      await session.query(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname",
      )
    ).map(({ relname }) => relname);

  test('tries, applies and tells what it has applied', async () => {
    save('1.sql', 'create table one ();');
    expect(await migrate('--status')).toMatchObject({ code: 0, out: '  pending   1.sql\n' });
    expect(await migrate('--dry-run')).toMatchObject({
      code: 0,
      out: 'would apply 1.sql\nNothing was changed.\n',
    });
    expect(await tables()).toEqual([]);
    expect(await migrate()).toMatchObject({
      code: 0,
      out: 'Applied 1 migration.\n',
      err: expect.stringContaining('applied migrations/1.sql'),
    });
    expect(await tables()).toEqual(['one']);
    expect(await migrate('--json')).toEqual({ code: 0, out: '{"applied":[]}\n', err: '' });
  });

  test('stops at a mistake, keeps what was before it, and says so to people and scripts', async () => {
    save('2.sql', 'create table two ();');
    save('3.sql', 'create table three ();\ncreate tabel four ();');
    const { code, out, err } = await migrate('--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      applied: ['2.sql'],
      failure: { file: 'migrations/3.sql', code: '42601', place: { line: 2, column: 8 } },
    });
    expect(err).toContain('2 | create tabel four ();\n  |        ^');
    expect(await tables()).toEqual(['one', 'two']);
    expect(await migrate('--dry-run')).toMatchObject({ code: 1, err: expect.stringContaining('3.sql:2:8') });
  });

  test('records files without running them', async () => {
    expect(await migrate('--baseline', '4.sql')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no migration called 4.sql. Nothing was recorded.'),
    });
    expect(await migrate('--baseline')).toMatchObject({ code: 0, out: 'recorded as applied: 3.sql\n' });
    expect(await migrate()).toMatchObject({ code: 0, out: expect.stringContaining('up to date') });
    expect(await tables()).toEqual(['one', 'two']);
    expect((await migrate('--status')).out).toMatch(/applied {4}1\.sql .*UTC\n.*\n {2}baseline {3}3\.sql/);
  });

  test('refuses to open a table without row-level security, unless a comment says why', async () => {
    save('5.sql', 'create table tides (); grant select on tides to anon;');
    const refused = await migrate();
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('public.tides is open to anon (SELECT) and its row-level security is off');
    expect(refused.err).toContain('help: alter table public.tides enable row level security;');
    expect(refused.err).toContain('docs/reference/findings.md#table-without-row-security');
    expect(await migrate('--dry-run')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Nothing was changed.'),
    });
    expect(await tables()).toEqual(['one', 'two']);
    save(
      '5.sql',
      "create table tides (); grant select on tides to anon; comment on table tides is '@open: all may know';",
    );
    expect(await migrate()).toMatchObject({ code: 0 });
    await session.query('comment on table tides is null');
    const told = await migrate('--json');
    expect(told).toMatchObject({ code: 1, err: expect.stringContaining('was so before') });
    expect(JSON.parse(told.out)).toMatchObject({ applied: [], open: [{ subject: 'public.tides' }] });
    await session.query('drop table tides');
  });

  test('refuses what does not go together', async () => {
    expect(await migrate('--status', '--dry-run')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--status and --dry-run do not go together'),
    });
    expect(await migrate('another')).toMatchObject({ code: 2, err: expect.stringContaining('"another"') });
    const elsewhere = startProgram(['migrate', folder, '--db', 'postgresql://127.0.0.1:1/nowhere']);
    expect(await elsewhere.exited).toMatchObject({ code: 1 });
    expect(elsewhere.err()).toMatch(/to 127.0.0.1:1: connect ECONNREFUSED. See to it that the database runs/);
  });
});
