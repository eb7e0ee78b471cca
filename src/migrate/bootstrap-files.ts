import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checksumText } from './checksum.ts';
import type { MigrationFile } from './migration-file.ts';

const folder = new URL('./bootstrap/', import.meta.url);

/** Our own SQL, in order. A released file is never changed; what is to change goes into a new one. */
export const readBootstrapFiles = async (): Promise<readonly MigrationFile[]> => {
  const names = (await readdir(fileURLToPath(folder))).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8');
      return { name, path: `bootstrap/${name}`, text, checksum: checksumText(text) };
    }),
  );
};
