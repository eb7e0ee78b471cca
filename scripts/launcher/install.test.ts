import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InstallFailed, installMissing } from './install.mjs';

let folder: string;
let told: string[];
const tell = (line: string) => told.push(line);

function writePackage(fields: object) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', ...fields }));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ashlar-install-'));
  told = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('installMissing', () => {
  test('installs once, says so, and is silent and quick when nothing is missing', async () => {
    writePackage({});
    expect(await installMissing(folder, 'things', { tell })).toBe(true);
    const start = performance.now();
    expect(await installMissing(folder, 'things', { tell })).toBe(false);
    expect(performance.now() - start).toBeLessThan(50);
    expect(told).toEqual(['installing things (once) …']);
  });

  test('installs again after the package or its lock has changed', async () => {
    writePackage({});
    await installMissing(folder, 'things', { tell });
    writePackage({ description: 'changed' });
    expect(await installMissing(folder, 'things', { tell })).toBe(true);
    writeFileSync(join(folder, 'package-lock.json'), '{"lockfileVersion":3,"packages":{}}');
    expect(await installMissing(folder, 'things', { tell })).toBe(true);
  });

  test('leaves the package and its lock as they were', async () => {
    writePackage({});
    const before = readFileSync(join(folder, 'package.json'), 'utf8');
    await installMissing(folder, 'things', { tell });
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(before);
    expect(existsSync(join(folder, 'package-lock.json'))).toBe(false);
  });

  test('tells what to do when the registry cannot be reached, and tries again the next time', async () => {
    writePackage({});
    await installMissing(folder, 'things', { tell });
    writePackage({ dependencies: { 'is-number': '7.0.0' } });
    // Port 9 discards; nothing listens there.
    writeFileSync(
      join(folder, '.npmrc'),
      'registry=http://127.0.0.1:9/\nfetch-retries=0\nprefer-online=true\n',
    );
    const failure = await installMissing(folder, 'things', { tell }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InstallFailed);
    expect(String(failure)).toContain('npm could not install things');
    expect(String(failure)).toContain('check the network');

    writePackage({});
    expect(await installMissing(folder, 'things', { tell })).toBe(true);
  });
});
