import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of some hundred MB, in memory. */
export type SmallDisk = {
  readonly folder: string;
  /** Takes all the room there is. */
  readonly fill: () => void;
  /** Gives it back. */
  readonly free: () => void;
  readonly close: () => void;
};

/** Something that a scenario needs is not to be had on this machine. */
export class Unavailable extends Error {}

/** @throws Unavailable where we may not mount anything */
export const mountSmallDisk = (): SmallDisk => {
  const folder = mkdtempSync(join(tmpdir(), 'crash-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=755', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    throw new Unavailable('a disk of its own can only be mounted by root, on Linux');
  }
  const filling = join(folder, 'filling');
  return {
    folder,
    fill: () => {
      // The last bytes are the ones that matter.
      for (const size of [1024 * 1024, 4096, 1]) {
        try {
          for (;;) appendFileSync(filling, Buffer.alloc(size));
        } catch {}
      }
    },
    free: () => rmSync(filling, { force: true }),
    close: () => {
      // What has just been stopped may not have left yet.
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
