import { expect, it } from 'vitest';
import { createTestDatabase, installedVersions } from '../../test/setup/database.ts';
import { createPool } from './index.ts';

it.each(installedVersions())('runs on %s', async (version) => {
  const db = await createTestDatabase(version);
  const pool = createPool({ connect: db.server });
  const [a] = await pool.run([{ text: 'select version()', key: 'v', params: [] }]);
  expect(String(a?.rows[0]?.[0])).toContain(`PostgreSQL ${version}`);
  await pool.close();
});
