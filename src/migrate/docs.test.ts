import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/setup/database.ts';
import { openSession } from '../db/index.ts';
import { bootstrap } from './bootstrap.ts';

const blocks = (path: string): readonly string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^ *```sql\n([\s\S]*?)^ *```$/gm)].map(
    ([, text]) => text as string,
  );

test.each([
  ['docs/how-to/secure-a-table.md', 'select 1'],
  ['docs/how-to/write-a-migration.md', 'create table public.posts (id bigint primary key)'],
  [
    'docs/explanation/roles-and-bootstrap.md',
    'create function public.close_month(date) returns void language sql as $$ select $$',
  ],
])('the SQL in %s can be run', async (path, before) => {
  const session = await openSession((await createTestDatabase()).owner);
  try {
    await bootstrap(session, { server: 'authenticator' });
    expect(blocks(path).length).toBeGreaterThan(1);
    // Undone, because roles are the cluster's.
    await session.query('begin');
    for (const text of [before, ...blocks(path)]) await session.query(text);
    await session.query('rollback');
  } finally {
    await session.close();
  }
});
