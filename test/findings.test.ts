import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSubject, sessionSource } from '../src/catalog/index.ts';
import { findExposure, findingRegister, findProblems } from '../src/checks/index.ts';
import { openSession } from '../src/db/index.ts';
import { bootstrap } from '../src/migrate/index.ts';
import { createTestDatabase } from './setup/database.ts';

const page = readFileSync('docs/reference/findings.md', 'utf8');

/** The page's sections: what each says of its kind, and its SQL. */
const sections = page
  .split(/^### /m)
  .slice(1)
  .map((text) => {
    const [, id = '', severity, title, why] = /^(\S+)\n\n\*\*(\w+)\*\* (.+)\n\n(.+)\n\n/.exec(text) ?? [];
    const blocks = [...text.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, sql = '']) => sql);
    return { id, severity, title, why, blocks };
  });

describe('docs/reference/findings.md', () => {
  test('has a section for each kind of finding, with its severity, title and reason', () => {
    expect(sections.map(({ id, severity, title, why }) => [id, { severity, title, why }])).toEqual(
      Object.entries(findingRegister),
    );
  });

  /** Those of which no example can be made here: they take statistics, and versions of long ago or of the future. */
  const untold = ['unused-index', 'extension-outdated', 'policy-unread'];

  test.each(sections.filter(({ id }) => !untold.includes(id)).map(({ id, blocks }) => [id, blocks] as const))(
    'shows SQL that leads to %s, and SQL that mends it',
    async (id, blocks) => {
      const session = await openSession((await createTestDatabase()).owner);
      const find = async () =>
        (await findProblems(await readSubject(sessionSource(session)), { schemas: ['public'] })).filter(
          ({ waived }) => waived === undefined,
        );
      try {
        await bootstrap(session, { server: 'authenticator' });
        await session.query('begin');
        const [wrong = '', right = ''] = blocks;
        await session.query(wrong);
        const found = await find();
        expect(found.map((finding) => finding.id)).toContain(id);
        expect(found.find((finding) => finding.id === id)?.severity).toBe(
          findingRegister[id as keyof typeof findingRegister].severity,
        );
        await session.query(right);
        const left = await find();
        expect(left.filter((finding) => finding.severity !== 'info')).toEqual([]);
        expect(left.map((finding) => finding.id)).not.toContain(id);
      } finally {
        await session.close();
      }
    },
  );

  test.each([
    ['anon', 'select', 'create table public.t (id int primary key)', 'warning'],
    ['anon, authenticated', 'select', 'create table public.t (id int primary key, title text)', 'warning'],
    ['authenticated', 'update', 'create table public.t (id int primary key, user_id text)', 'warning'],
    [
      'authenticated',
      'insert',
      'create table public.t (id int primary key, author_id uuid); create index on public.t (author_id)',
      'warning',
    ],
    ['clerks', 'select', 'create table public.t (id int primary key, user_id uuid)', 'info'],
  ])(
    'no-policy, granted to %s for %s, has a remedy that the table takes: %s',
    async (roles, verb, sql, severity) => {
      const session = await openSession((await createTestDatabase()).owner);
      const find = async () =>
        (await findProblems(await readSubject(sessionSource(session)), { schemas: ['public'] })).find(
          ({ id }) => id === 'no-policy',
        );
      try {
        await bootstrap(session, { server: 'authenticator' });
        await session.query('begin');
        await session.query(
          `create role clerks; grant usage on schema public to clerks; ${sql};
           alter table public.t enable row level security; grant ${verb} on public.t to ${roles}`,
        );
        const found = await find();
        expect(found).toMatchObject({ severity });
        await session.query(found?.remedy ?? '');
        expect(await find()).toBeUndefined();
        const [policy] = await session.query(
          "select array_to_string(roles, ',') as roles, lower(cmd) as cmd from pg_policies where tablename = 't'",
        );
        // Where nobody's own rows can be told the grant goes: a policy for every row is not ours to write.
        if (sql.includes('author_id')) expect(policy).toEqual({ roles, cmd: verb });
        else {
          expect(policy).toBeUndefined();
          expect(found?.remedy).toContain(`create policy "all rows" on public.t for ${verb}`);
        }
      } finally {
        await session.close();
      }
    },
  );

  test('says of each lint of Supabase where it is, or why it is not', () => {
    const rows = [
      ...(page.split("## Supabase's lints")[1] ?? '').matchAll(/^\| (\d{4}) (\w+) \| (.+) \|$/gm),
    ];
    expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 29 }, (_, i) => i + 1));
    for (const [, , , here = ''] of rows) {
      const ids = [...here.matchAll(/\]\(#([\w-]+)\)/g)].map(([, id]) => id);
      if (!here.startsWith('not found')) expect(ids.length).toBeGreaterThan(0);
      for (const id of ids) expect(Object.keys(findingRegister)).toContain(id);
    }
  });

  test('shows a waiver that waives', async () => {
    const session = await openSession((await createTestDatabase()).owner);
    try {
      await bootstrap(session, { server: 'authenticator' });
      await session.query('begin');
      const waivers = page.split('## Waivers')[1] ?? '';
      await session.query(/```sql\n([\s\S]*?)```/.exec(waivers)?.[1] ?? '');
      expect(await findExposure(await readSubject(sessionSource(session)))).toMatchObject([
        { waived: expect.stringContaining('everybody may know the tides') },
      ]);
    } finally {
      await session.close();
    }
  });
});
