import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMigration, isMisnamed, migrationHomes } from './read-migrations.ts';

export type WatchOptions = {
  /** How long nothing may happen before a change is told of. Default 100 ms. */
  readonly settleMs?: number;
};

export type MigrationWatch = {
  /** Ends the watch; what it has set off goes on. */
  readonly close: () => void;
};

/**
 * Calls `onChange` when a project's migrations or its seed have changed: written, renamed, removed, or
 * their folder made in the first place. Editors write in several steps, so it waits until they have
 * settled; changes during a call lead to one more call after it.
 *
 * @param onChange must not reject
 * @example
 * const watching = watchMigrations('examples/blog', async () => {
 *   const { files } = await readMigrations('examples/blog');
 *   await applyMigrations(session, files);
 * });
 */
export const watchMigrations = (
  project: string,
  onChange: () => void | Promise<void>,
  { settleMs = 100 }: WatchOptions = {},
): MigrationWatch => {
  const watchers = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let running = false;
  let again = false;

  const settle = (): void => {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(check, settleMs);
  };
  /** Watches the folders that there are. One that was removed and made anew is another. */
  const arm = (): void => {
    for (const folder of watchedFolders(project)) {
      const inode = statSync(folder, { throwIfNoEntry: false })?.ino;
      const watched = watchers.get(folder);
      if (watched?.inode === inode) continue;
      watched?.watcher.close();
      watchers.delete(folder);
      if (inode === undefined) continue;
      try {
        const watcher = watch(folder, settle);
        // The folder was removed; the one above tells of that, too.
        watcher.on('error', settle);
        watchers.set(folder, { watcher, inode });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  };
  const check = async (): Promise<void> => {
    arm();
    const now = fingerprint(project);
    if (now === known) return;
    known = now;
    again = true;
    if (running) return;
    running = true;
    try {
      while (again && !closed) {
        again = false;
        await onChange();
      }
    } finally {
      running = false;
    }
  };

  arm();
  let known = fingerprint(project);
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
      for (const { watcher } of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
};

type Watched = { readonly watcher: FSWatcher; readonly inode: number };

/** Each folder that holds something of ours, and those above it up to the project, where it may appear. */
const watchedFolders = (project: string): readonly string[] => {
  const folders = new Set([project]);
  for (const { migrations } of migrationHomes) {
    const parent = dirname(migrations);
    if (parent !== '.') folders.add(join(project, parent));
    folders.add(join(project, migrations));
  }
  return [...folders];
};

/** Changes whenever one of the files does. */
const fingerprint = (project: string): string =>
  migrationHomes
    .flatMap(({ migrations, seed }) => [
      ...listNames(join(project, migrations))
        // Of one that is misnamed is told, too.
        .filter((name) => isMigration(name) || isMisnamed(name))
        .map((name) => `${migrations}/${name}`),
      seed,
    ])
    .map((path) => {
      const found = statSync(join(project, path), { throwIfNoEntry: false });
      return found ? `${path} ${found.ino} ${found.size} ${found.mtimeMs}` : '';
    })
    .join('\n');

const listNames = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
};
