import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { askDatabase, useEmbedded } from '../../../test/setup/embedded.ts';
import { createPool } from '../pool.ts';
import type { KeepEvent } from './keep-postmaster.ts';
import { startEmbedded } from './start-embedded.ts';

const { makeFolder, makeClusterFolder, start } = useEmbedded();
const mounts: string[] = [];
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  // Lazily: what was stopped may take a moment to leave.
  for (const mount of mounts.splice(0)) execFileSync('umount', ['-l', mount]);
});

/** Mounts a disk of its own on the folder; undefined where we may not. */
const mountDisk = (path: string, options: string): string | undefined => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${options}`, 'tmpfs', path], { stdio: 'ignore' });
    mounts.push(path);
    return path;
  } catch {
    return undefined;
  }
};

const dataOf = (folder: string): string => join(folder, '.ashlar', 'data');

/** Fills the disk to the last byte. */
const fill = (disk: string): string => {
  const path = join(disk, 'filling');
  try {
    for (;;) appendFileSync(path, Buffer.alloc(64 * 1024));
  } catch {
    return path;
  }
};

describe('where the embedded Postgres cannot start, the message says what to do:', () => {
  test('a disk that is too small for a new database', async (context) => {
    const disk = mountDisk(makeFolder(), '4m') ?? context.skip('no disk can be mounted here');
    await expect(startEmbedded({ folder: disk })).rejects.toMatchObject({
      kind: 'disk-full',
      message: expect.stringMatching(/^The disk that holds .* is full.*Free some space/),
    });
    expect(existsSync(dataOf(disk))).toBe(false);
  });

  test('a disk that is full when it starts; with room again, everything is there', async (context) => {
    const disk = mountDisk(makeFolder(), '400m') ?? context.skip('no disk can be mounted here');
    execFileSync('cp', ['-a', join(await makeClusterFolder(), '.ashlar'), disk]);
    const first = await start({ folder: disk });
    await askDatabase(first.owner, 'create table kept as select 42 a');
    await first.stop('immediate');
    const filling = fill(disk);
    await expect(startEmbedded({ folder: disk })).rejects.toMatchObject({ kind: 'disk-full' });
    rmSync(filling);
    const second = await start({ folder: disk });
    expect(await askDatabase(second.owner, 'table kept')).toEqual([['42']]);
  });

  test('a lock that names another program', async (context) => {
    const folder = await makeClusterFolder();
    const { uid, gid } = statSync(dataOf(folder));
    const other = spawn('sleep', ['60'], { ...(process.getuid?.() === 0 ? { uid, gid } : {}) });
    children.push(other);
    await new Promise((resolve, reject) => other.once('spawn', resolve).once('error', reject)).catch(() =>
      context.skip('there is no program to stand in for another'),
    );
    const lock = join(dataOf(folder), 'postmaster.pid');
    writeFileSync(lock, `${other.pid}\n${dataOf(folder)}\n1700000000\n5432\n\n\n`, { mode: 0o600 });
    if (process.getuid?.() === 0) execFileSync('chown', [`${uid}:${gid}`, lock]);
    await expect(startEmbedded({ folder })).rejects.toMatchObject({
      kind: 'locked',
      message: expect.stringMatching(
        new RegExp(`postmaster\\.pid says that process ${other.pid} .* delete that file and start again`),
      ),
    });
    expect(readFileSync(lock, 'utf8')).toContain(String(other.pid));
    expect(other.exitCode).toBeNull();
  });

  test('a lock that is left of a process that is gone is no hindrance', async () => {
    const folder = await makeClusterFolder();
    const first = await start({ folder });
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    expect(existsSync(join(dataOf(folder), 'postmaster.pid'))).toBe(true);
    await start({ folder });
  });

  test('a socket that cannot be made', async (context) => {
    const folder = await makeClusterFolder();
    const first = await start({ folder });
    await first.stop();
    mkdirSync(first.socketDir, { mode: 0o700 });
    const { uid, gid } = statSync(dataOf(folder));
    mountDisk(first.socketDir, `1m,ro,mode=700,uid=${uid},gid=${gid}`) ??
      context.skip('no disk can be mounted here');
    await expect(startEmbedded({ folder })).rejects.toMatchObject({
      kind: 'no-socket',
      message: expect.stringMatching(/cannot make its socket in .*Read-only file system/),
    });
  });

  test('a setting that is wrong', async () => {
    const folder = await makeClusterFolder();
    appendFileSync(join(dataOf(folder), 'postgresql.auto.conf'), "work_mem = 'much'\n");
    await expect(startEmbedded({ folder })).rejects.toMatchObject({
      message: [
        'A setting of Postgres is wrong:',
        '  LOG:  invalid value for parameter "work_mem": "much"',
        `  FATAL:  configuration file "${dataOf(folder)}/postgresql.auto.conf" contains errors`,
        `What ALTER SYSTEM has set is in ${dataOf(folder)}/postgresql.auto.conf: take the line away there, and start again.`,
      ].join('\n'),
    });
  });

  test('data that is not whole', async () => {
    const folder = await makeClusterFolder();
    rmSync(join(dataOf(folder), 'global', 'pg_control'));
    await expect(startEmbedded({ folder })).rejects.toMatchObject({
      kind: 'damaged',
      message: expect.stringContaining('restore a backup'),
    });
  });
});

describe('the embedded Postgres that is kept', () => {
  const select = [{ text: 'select 42', key: undefined, params: [] }];

  test('is back at its socket after it was killed, for the same logins and with all that was committed', async () => {
    const folder = await makeClusterFolder();
    const events: KeepEvent[] = [];
    const embedded = await start({ folder, keep: (event) => events.push(event) });
    await askDatabase(embedded.owner, 'create table kept as select 42 a');
    const pool = createPool({ connect: embedded.server });
    await pool.run(select);
    const { pid } = embedded;
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => events.at(-1)?.kind, { timeout: 10_000 }).toBe('back');
    expect(embedded.pid).not.toBe(pid);
    // The pool's own connections were lost, and are opened anew.
    const [outcome] = await pool.run(select);
    expect(String(outcome?.rows[0])).toBe('42');
    expect(await askDatabase(embedded.owner, 'table kept')).toEqual([['42']]);
    await pool.close();
    await embedded.stop();
    expect(existsSync(embedded.socketDir)).toBe(false);
  });

  test('does not wait for a process of the last one that is too busy to see that it is alone', async (context) => {
    if (process.platform !== 'linux') context.skip('needs /proc to find such processes');
    const folder = await makeClusterFolder();
    const events: KeepEvent[] = [];
    const embedded = await start({ folder, keep: (event) => events.push(event) });
    const pool = createPool({ connect: embedded.owner });
    const busy = pool.run([{ text: 'do $$ begin loop end loop; end $$', key: undefined, params: [] }], {
      slow: true,
    });
    busy.catch(() => {});
    await sleep(300);
    process.kill(embedded.pid, 'SIGKILL');
    await expect.poll(() => events.at(-1)?.kind, { timeout: 20_000 }).toBe('back');
    await expect(busy).rejects.toMatchObject({ kind: 'lost' });
    await pool.close({ graceMs: 0 });
  });

  test('keeps the folder to itself while it is down', async () => {
    const folder = await makeClusterFolder();
    const events: KeepEvent[] = [];
    const embedded = await start({ folder, keep: (event) => events.push(event) });
    process.kill(embedded.pid, 'SIGKILL');
    await expect.poll(() => events[0]?.kind).toBe('ended');
    await expect(startEmbedded({ folder })).rejects.toMatchObject({ kind: 'in-use' });
    await embedded.stop();
    await start({ folder });
  });
});
