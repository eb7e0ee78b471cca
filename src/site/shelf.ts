import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { holdFile, type SiteFile, streamFile } from './site-file.ts';

/** Gives files, and keeps those in memory that are asked for often. */
export type Shelf = {
  /** A file as it is now; undefined: there is no file at that path. */
  readonly take: (path: string) => Promise<SiteFile | undefined>;
};

export type ShelfOptions = {
  /** The longest file that is kept. Default: 4 MiB. */
  readonly longest?: number;
  /** What all of them may take, compressed forms included. Default: 64 MiB. */
  readonly space?: number;
};

// A link is not followed, and a pipe not waited for; Windows knows neither.
const toRead = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

type Kept = { readonly version: string; readonly file: SiteFile; size: number };

/** Makes an empty shelf. Whether a kept file is still current is looked up each time. */
export const makeShelf = ({ longest = 4 << 20, space = 64 << 20 }: ShelfOptions = {}): Shelf => {
  // In the order of their last use.
  const kept = new Map<string, Kept>();
  let used = 0;

  const drop = (path: string): void => {
    used -= kept.get(path)?.size ?? 0;
    kept.delete(path);
  };
  const keep = (path: string, one: Kept): void => {
    drop(path);
    kept.set(path, one);
    used += one.size;
    for (const oldest of kept.keys()) {
      if (used <= space) break;
      drop(oldest);
    }
  };
  const hold = (path: string, version: string, bytes: Buffer): SiteFile => {
    const file = holdFile(path, bytes, (by) => {
      if (kept.get(path) !== one) return;
      drop(path);
      keep(path, Object.assign(one, { size: one.size + by }));
    });
    const one: Kept = { version, file, size: bytes.length };
    keep(path, one);
    return file;
  };

  const take = async (path: string): Promise<SiteFile | undefined> => {
    const handle = await open(path, toRead).catch(() => undefined);
    if (handle === undefined) return undefined;
    try {
      const found = await handle.stat();
      if (!found.isFile()) return undefined;
      const { ino, size, mtimeMs } = found;
      const version = `${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs * 1000).toString(36)}`;
      const known = kept.get(path);
      if (known?.version === version) {
        kept.delete(path);
        kept.set(path, known);
        return known.file;
      }
      return size > longest ? streamFile(path, size, version) : hold(path, version, await handle.readFile());
    } finally {
      await handle.close();
    }
  };
  return { take };
};
