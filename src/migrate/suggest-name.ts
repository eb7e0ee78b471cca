import type { MigrationFolder } from './read-migrations.ts';

/**
 * A path for the next migration, which comes after all that there are.
 *
 * @example suggestName({ folder: 'migrations', files: [{ name: '005_tags.sql', … }] }) // 'migrations/006_….sql'
 */
export const suggestName = ({ folder, files }: Pick<MigrationFolder, 'folder' | 'files'>): string => {
  const last = /^\d+/.exec(files.at(-1)?.name ?? '')?.[0];
  const next = last === undefined ? '' : `${String(BigInt(last) + 1n).padStart(last.length, '0')}_`;
  // After names without a number only one that goes on from the last is sure to come later.
  const first = files.length > 0 && last === undefined ? files.at(-1)?.name.replace(/\.sql$/, '_') : '0001_';
  return `${folder ?? 'migrations'}/${next === '' ? first : next}….sql`;
};
