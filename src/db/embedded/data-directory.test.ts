import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeClusterFile } from './data-directory.ts';

describe('a file of the cluster', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ashlar-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is written anew where it differs', () => {
    const path = join(folder, 'pg_hba.conf');
    writeClusterFile(folder, 'pg_hba.conf', 'a', undefined);
    writeClusterFile(folder, 'pg_hba.conf', 'b', undefined);
    expect(readFileSync(path, 'utf8')).toBe('b');
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
  });

  it('is not written through a link that someone has laid', () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'precious');
    for (const name of ['pg_hba.conf', 'pg_hba.conf.new']) symlinkSync(elsewhere, join(folder, name));
    writeClusterFile(folder, 'pg_hba.conf', 'text', undefined);
    expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
    expect(lstatSync(join(folder, 'pg_hba.conf')).isFile()).toBe(true);
  });
});
