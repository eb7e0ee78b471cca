import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { printDbUrl } from '../src/app/dev/print-db-url.ts';
import type { Finding } from '../src/base/index.ts';
import { openSession } from '../src/db/index.ts';
import { bootstrap } from '../src/migrate/index.ts';
import { createTestDatabase } from './setup/database.ts';
import { startProgram } from './setup/program.ts';

// Each check makes a database of its own, and other tests keep the machine busy meanwhile.
vi.setConfig({ testTimeout: 120_000 });

const check = async (...words: string[]) => {
  const program = startProgram(['check', ...words]);
  const { code } = await program.exited;
  return { code, out: program.out(), err: program.err() };
};

const checkJson = async (
  ...words: string[]
): Promise<{ code: number | null; findings: readonly Finding[] }> => {
  const { code, out } = await check(...words, '--json');
  return { code, findings: JSON.parse(out).findings };
};

/** The holes of the broken blog, in the order of its README. */
const holes = [
  ['table-without-row-security', 'public.subscribers'],
  ['policies-switched-off', 'public.bookmarks'],
  ['personal-data-readable', 'public.profiles'],
  ['owned-rows-readable', 'public.messages'],
  ['anyone-writes', 'public.posts'],
  ['insert-in-anothers-name', 'public.comments'],
  ['row-can-be-given-away', 'public.comments'],
  ['user-metadata-in-policy', 'public.tags'],
  ['secret-column-readable', 'public.webhooks.webhook_secret'],
  ['view-without-invoker', 'public.latest_posts'],
  ['auth-users-exposed', 'public.members'],
  ['materialized-view-open', 'public.reader_activity'],
  ['sql-from-arguments', 'public.search_posts'],
  ['definer-function-callable', 'public.remove_account'],
  ['request-role-passes-policies', 'broken_blog_editor'],
];

describe('ashlar check', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'check-'));
    mkdirSync(join(folder, 'migrations'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const save = (name: string, text: string): void => writeFileSync(join(folder, 'migrations', name), text);

  test('names the 15 holes of the broken blog, nothing else, and where each is', async () => {
    const { code, findings } = await checkJson('examples/broken');
    expect(code).toBe(1);
    const told = findings.filter(({ severity }) => severity !== 'info');
    expect(told.map(({ id, subject }) => [id, subject]).sort()).toEqual([...holes].sort());
    for (const { id, place, remedy, why, docs } of told)
      expect({ id, remedy, why, docs, place }).toEqual({
        id,
        remedy: expect.any(String),
        why: expect.any(String),
        docs: `docs/reference/findings.md#${id}`,
        place:
          id === 'request-role-passes-policies'
            ? undefined
            : { file: expect.stringMatching(/^migrations\/\d{4}_\w+\.sql$/), line: expect.any(Number) },
      });
  });

  test('finds nothing wrong with the sound blog', async () => {
    const { code, findings } = await checkJson('examples/blog', '--fail-on', 'warning');
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(code).toBe(0);
  });

  test('tells people what, why and what to do, each reason once, with what the remedy of a slow policy gains', async () => {
    save(
      '1.sql',
      `-- Two tables.
create table public.tasks (id bigint primary key, user_id uuid not null);

  create table tides (id int primary key);
alter table tasks enable row level security;
grant select on tasks to authenticated;
create policy "own" on tasks for select to authenticated using (user_id = auth.uid());
grant select on tides to anon;
comment on table tides is '@open: all may know';`,
    );
    const { code, out, err } = await check(folder, '--all');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('warning policy-column-unindexed  migrations/1.sql:2\n');
    expect(out).toContain('\n    create index on public.tasks (user_id);\n');
    expect(out).toMatch(/With 20,000 rows Postgres estimates a cost of [\d,]+ as it is, and [\d,]+ then\./);
    expect(out).toContain('error table-without-row-security  migrations/1.sql:4\n');
    expect(out).toContain('  waived: all may know\n');
    expect(out).toMatch(/\n0 errors, 2 warnings, \d notes?, 1 waived\.\n$/);
    expect(out.split('Who asks is the same for all rows')).toHaveLength(2);
    expect((await check(folder)).out).toMatch(/1 waived\. --all shows the notes and what is waived\.\n$/);
  });

  test('says as SARIF where it is, what it is, and what is waived', async () => {
    const { code, out } = await check(folder, '--sarif', '--fail-on', 'warning');
    expect(code).toBe(1);
    const { version, runs } = JSON.parse(out);
    expect(version).toBe('2.1.0');
    const [{ tool, results }] = runs;
    expect(results.length).toBeGreaterThan(2);
    for (const { ruleId, ruleIndex, level, message } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(['error', 'warning', 'note']).toContain(level);
      expect(message.text).toEqual(expect.any(String));
    }
    expect(results).toContainEqual(
      expect.objectContaining({
        ruleId: 'table-without-row-security',
        level: 'error',
        suppressions: [{ kind: 'inSource', justification: 'all may know' }],
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: 'migrations/1.sql' }, region: { startLine: 4 } },
            logicalLocations: [{ fullyQualifiedName: 'public.tides' }],
          },
        ],
      }),
    );
  });

  test('tells of a migration that cannot be applied, and of words that cannot be understood', async () => {
    save('2.sql', 'create tabel x ();');
    const { code, out, err } = await check(folder, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ failure: { file: 'migrations/2.sql', code: '42601' } });
    expect(err).toContain('1 | create tabel x ();');
    expect(await check(folder, '--fail-on', 'much')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--fail-on takes error, warning, info or never, not "much"'),
    });
    expect(await check(folder, '--json', '--sarif')).toMatchObject({ code: 2 });
  });

  test('looks at a database that there is, and changes nothing in it', async () => {
    const database = await createTestDatabase();
    const session = await openSession(database.owner);
    await bootstrap(session, { server: 'authenticator' });
    await session.query('create table tides (id int primary key); grant select on tides to anon');
    const { code, findings } = await checkJson('--db-url', printDbUrl(database.owner));
    expect(code).toBe(1);
    expect(findings.map(({ id, subject }) => [id, subject])).toEqual([
      ['table-without-row-security', 'public.tides'],
    ]);
    expect(
      await session.query("select count(*) as n from pg_class where relname = 'tides' and relrowsecurity"),
    ).toEqual([{ n: '0' }]);
    await session.close();
  });
});
