import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../base/index.ts';
import { checksumText } from './checksum.ts';
import type { MigrationFile } from './migration-file.ts';

/** A project's SQL. */
export type MigrationFolder = {
  /** Where the migrations are, from the project's folder: `migrations`, `supabase/migrations`; undefined: nowhere yet. */
  readonly folder: string | undefined;
  /** In the order in which they are applied. */
  readonly files: readonly MigrationFile[];
  /** The first rows of a new database. */
  readonly seed: MigrationFile | undefined;
  readonly findings: readonly Finding[];
};

/** Where migrations may be, and the seed beside them; the first that exists is taken. */
export const migrationHomes = [
  { migrations: 'migrations', seed: 'seed.sql' },
  { migrations: 'supabase/migrations', seed: 'supabase/seed.sql' },
] as const;

/**
 * Reads the migrations of a project: `migrations/*.sql`, else `supabase/migrations/*.sql`, and the
 * `seed.sql` beside the folder. They are ordered by name, character by character.
 *
 * Rejects with an Error that names the file if one cannot be read, or is not UTF-8.
 *
 * @param project the project's folder
 * @example (await readMigrations('examples/blog')).files[0]?.path // 'migrations/0001_authors.sql'
 */
export const readMigrations = async (project: string): Promise<MigrationFolder> => {
  const present = [];
  for (const home of migrationHomes) {
    if (await isFolder(join(project, home.migrations))) present.push(home);
  }
  const [home, other] = present;
  if (!home) return { folder: undefined, files: [], seed: undefined, findings: [] };

  const entries = await readdir(join(project, home.migrations), { withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory() && isMigration(entry.name))
    .map((entry) => entry.name)
    .sort();
  const files = await Promise.all(
    names
      .filter((name) => !isDown(name))
      .map((name) => readMigrationFile(project, `${home.migrations}/${name}`)),
  );
  return {
    folder: home.migrations,
    files,
    seed: await readSeed(project, home.seed),
    findings: [
      ...(other ? [findSecondFolder(home.migrations, other.migrations)] : []),
      ...names.filter(isDown).map((name) => findDown(`${home.migrations}/${name}`)),
      ...(await findPassedOver(project, home.migrations, entries)),
      ...findOrder(files),
    ],
  };
};

/** Whether a file of the folder is meant; editors put files of their own beside, which begin with a dot. */
export const isMigration = (name: string): boolean => name.endsWith('.sql') && !name.startsWith('.');

/** Whether a file has a name as if it were meant, though it is not: `004.SQL`, `005.sql.txt`. */
export const isMisnamed = (name: string): boolean =>
  /\.sql(\.te?xt)?$/i.test(name) && !name.endsWith('.sql') && !name.startsWith('.');

/** The undoing half of a pair, as other tools have it. */
const isDown = (name: string): boolean => name.endsWith('.down.sql');

const readSeed = async (project: string, path: string): Promise<MigrationFile | undefined> =>
  (await isFile(join(project, path))) ? readMigrationFile(project, path) : undefined;

const readMigrationFile = async (project: string, path: string): Promise<MigrationFile> => {
  const bytes = await readFile(join(project, path));
  const text = decode(bytes);
  if (text === undefined) {
    throw new Error(`${path} is not UTF-8. Save it as UTF-8 (editors call it an encoding) and try again.`);
  }
  return Object.freeze({
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    text,
    checksum: checksumText(text),
  });
};

/** A NUL is valid UTF-8, but of text it tells that it is UTF-16. */
const decode = (bytes: Buffer): string | undefined => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
};

const isFolder = async (path: string): Promise<boolean> => (await look(path))?.isDirectory() ?? false;

const isFile = async (path: string): Promise<boolean> => (await look(path))?.isFile() ?? false;

const look = (path: string) => stat(path).catch(() => undefined);

const findSecondFolder = (taken: string, other: string): Finding => ({
  id: 'migrations-twice',
  severity: 'warning',
  subject: other,
  message: `There are two folders of migrations. ${taken} is taken, ${other} is not.`,
});

const findDown = (path: string): Finding => ({
  id: 'migration-down',
  severity: 'warning',
  subject: path,
  message: `${path} is left out: migrations go forward only. To undo one, write a new one.`,
});

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : 1);

const passedOver = (path: string, message: string): Finding => ({
  id: 'migration-passed-over',
  severity: 'warning',
  subject: path,
  message: `${path} is not applied: ${message}`,
});

/** What looks as if it were to be applied, and is not. */
const findPassedOver = async (
  project: string,
  home: string,
  entries: readonly Dirent[],
): Promise<readonly Finding[]> => {
  const found = await Promise.all(
    entries.toSorted(byName).map(async (entry): Promise<readonly Finding[]> => {
      const { name } = entry;
      if (!entry.isDirectory())
        return isMisnamed(name)
          ? [
              passedOver(
                `${home}/${name}`,
                `its name does not end in .sql. To have it applied, call it ${name.replace(/\.sql(\.te?xt)?$/i, '.sql')}.`,
              ),
            ]
          : [];
      const inside = (await readdir(join(project, home, name)).catch(() => [])).filter(isMigration).sort();
      const [first, ...others] = inside;
      if (first === undefined) return [];
      const more = others.length === 0 ? '' : ` Nor are ${others.length} more in that folder.`;
      return [
        passedOver(
          `${home}/${name}/${first}`,
          `folders in ${home} are not looked into.${more} To have it applied, move it to ${home}.`,
        ),
      ];
    }),
  );
  return found.flat();
};

/** Numbers of different width sort by their first digit: 10 before 2. */
const findOrder = (files: readonly MigrationFile[]): readonly Finding[] => {
  const numbered = files.flatMap((file) => {
    const digits = /^\d+/.exec(file.name)?.[0];
    return digits === undefined ? [] : [{ file, number: BigInt(digits) }];
  });
  return numbered.flatMap(({ file, number }, i): Finding[] => {
    const before = numbered[i - 1];
    if (before === undefined || before.number < number) return [];
    if (before.number === number) {
      return [
        {
          id: 'migrations-same-number',
          severity: 'info',
          subject: file.path,
          message: `${before.file.name} and ${file.name} have the same number; the rest of the name decides, so ${before.file.name} comes first.`,
        },
      ];
    }
    return [
      {
        id: 'migrations-number-width',
        severity: 'warning',
        subject: file.path,
        message: `${before.file.name} is applied before ${file.name}: names are ordered character by character, not by number. Give all numbers the same width, such as 0002 and 0010.`,
      },
    ];
  });
};
