/**
 * How long `ashlar access` takes for a large project: 200 tables, each with an owner, a reference to another table,
 * checks, grants and three policies (one of them restrictive), for three roles. It starts a Postgres of its own.
 *
 *   node bench/access.ts [--tables 200] [--json]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { tables: { type: 'string', default: '200' }, json: { type: 'boolean', default: false } },
});

const tableSql = (i: number): string => `
create table t${i} (
  id bigint generated always as identity primary key,
  user_id uuid not null default auth.uid(),
  ${i % 4 === 0 ? '' : `parent_id bigint not null references t${i - 1} on delete cascade,`}
  title text not null check (title <> ''),
  status text not null default 'draft' check (status in ('draft', 'published', 'archived')),
  open boolean not null default false,
  created_at timestamptz not null default now()
);
alter table t${i} enable row level security;
grant select on t${i} to anon;
grant select, insert, update, delete on t${i} to authenticated;
create policy "published" on t${i} for select to anon, authenticated using (status = 'published' or open);
create policy "own" on t${i} for all to authenticated using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id and status <> 'archived');
create policy "kept" on t${i} as restrictive for delete to authenticated using (status <> 'archived');
`;

const folder = mkdtempSync(join(tmpdir(), 'bench-access-'));
try {
  const tables = Number(options.tables);
  mkdirSync(join(folder, 'migrations'));
  writeFileSync(
    join(folder, 'migrations', '0001_tables.sql'),
    Array.from({ length: tables }, (_, i) => tableSql(i)).join('\n'),
  );
  const started = performance.now();
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../src/cli/main.ts'), 'access', folder, '--json'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 30 },
  );
  if (status !== 0) throw new Error(`ashlar access ended with ${status}.`);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const { roles } = JSON.parse(stdout) as {
    roles: { relations: { verbs: { reach: string }[] }[] }[];
  };
  const cells = roles.flatMap(({ relations }) => relations.flatMap(({ verbs }) => verbs));
  const unknown = cells.filter(({ reach }) => reach === 'unknown').length;
  const result = { tables, policies: 3 * tables, roles: roles.length, cells: cells.length, unknown, seconds };
  console.log(
    options.json
      ? JSON.stringify(result)
      : `${tables} tables, ${result.policies} policies, ${result.roles} roles: ${result.cells} cells in ${seconds} s, ${unknown} of them unknown.`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
