import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type MigrationWatch, watchMigrations } from './watch-migrations.ts';

const settleMs = 30;

describe('the watch', () => {
  let project: string;
  let watching: MigrationWatch | undefined;
  let calls: number;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'watch-'));
    calls = 0;
  });
  afterEach(() => {
    watching?.close();
    rmSync(project, { recursive: true, force: true });
  });

  const at = (path: string): string => join(project, path);
  const watchIt = (): void => {
    watching = watchMigrations(project, () => void calls++, { settleMs });
  };
  const called = (times: number) =>
    vi.waitFor(() => expect(calls).toBe(times), { timeout: 5_000, interval: 10 });
  /** Long enough for a call that should not come. */
  const quiet = async (times: number): Promise<void> => {
    await pause(settleMs * 6);
    expect(calls).toBe(times);
  };

  test('tells of files that are written, changed and removed', async () => {
    mkdirSync(at('migrations'));
    watchIt();
    writeFileSync(at('migrations/1.sql'), 'select 1');
    await called(1);
    writeFileSync(at('migrations/1.sql'), 'select 1, 2');
    await called(2);
    rmSync(at('migrations/1.sql'));
    await called(3);
  });

  test('tells once of a save in several steps', async () => {
    mkdirSync(at('migrations'));
    writeFileSync(at('migrations/1.sql'), 'select 1');
    watchIt();
    renameSync(at('migrations/1.sql'), at('migrations/1.sql~'));
    writeFileSync(at('migrations/.1.sql.tmp'), 'select 2');
    renameSync(at('migrations/.1.sql.tmp'), at('migrations/1.sql'));
    rmSync(at('migrations/1.sql~'));
    await called(1);
    await quiet(1);
  });

  test('waits for a folder that is not there yet', async () => {
    watchIt();
    mkdirSync(at('supabase'));
    await quiet(0);
    mkdirSync(at('supabase/migrations'));
    await quiet(0);
    writeFileSync(at('supabase/migrations/1.sql'), 'select 1');
    await called(1);
    writeFileSync(at('supabase/migrations/1.sql'), 'select 12');
    await called(2);
  });

  test('goes on with a folder that was removed and made anew', async () => {
    mkdirSync(at('migrations'));
    writeFileSync(at('migrations/1.sql'), 'select 1');
    watchIt();
    rmSync(at('migrations'), { recursive: true });
    await called(1);
    mkdirSync(at('migrations'));
    await quiet(1);
    writeFileSync(at('migrations/1.sql'), 'select 1');
    await called(2);
    writeFileSync(at('migrations/1.sql'), 'select 12');
    await called(3);
  });

  test('tells of the seed', async () => {
    watchIt();
    writeFileSync(at('seed.sql'), 'select 1');
    await called(1);
  });

  test('does not tell of files that are not ours', async () => {
    mkdirSync(at('migrations'));
    watchIt();
    writeFileSync(at('README.md'), 'x');
    writeFileSync(at('migrations/notes.txt'), 'x');
    writeFileSync(at('migrations/.1.sql.swp'), 'x');
    await quiet(0);
  });

  test('makes one call at a time, and one more for what changed meanwhile', async () => {
    mkdirSync(at('migrations'));
    let running = 0;
    let most = 0;
    watching = watchMigrations(
      project,
      async () => {
        most = Math.max(most, ++running);
        calls++;
        await pause(settleMs * 6);
        running--;
      },
      { settleMs },
    );
    writeFileSync(at('migrations/1.sql'), 'select 1');
    await called(1);
    for (const size of [2, 3]) {
      writeFileSync(at('migrations/1.sql'), 'x'.repeat(size));
      utimesSync(at('migrations/1.sql'), size, size);
      await pause(settleMs * 2);
    }
    await called(2);
    await pause(settleMs * 12);
    expect(calls).toBe(2);
    expect(most).toBe(1);
  });

  test('ends', async () => {
    mkdirSync(at('migrations'));
    watchIt();
    writeFileSync(at('migrations/1.sql'), 'select 1');
    watching?.close();
    await quiet(0);
  });
});
