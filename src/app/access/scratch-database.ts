import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectOptions, type EmbeddedStep, startEmbedded } from '../../db/index.ts';

/** A Postgres of its own, that is thrown away. */
export type ScratchDatabase = {
  /** Login of the one that migrates. */
  readonly owner: ConnectOptions;
  /** Login of the one that serves. */
  readonly server: ConnectOptions;
  readonly close: () => Promise<void>;
};

/** Nothing of it has to survive a crash. */
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

const mark = 'ashlar-scratch-';

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Who was killed could not remove its folder; its Postgres was stopped by its watchdog. */
const removeLeftovers = (): void => {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(mark) ? Number.parseInt(name.slice(mark.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // It is somebody else's, or about to be removed by another.
    }
  }
};

/**
 * Starts a Postgres in a folder of its own, so that nothing that is done there, to its roles among it, touches a
 * project's database.
 *
 * @param options.background it keeps no process alive, and goes with it
 * @throws EmbeddedError
 */
export const startScratch = async (
  onStep: (step: EmbeddedStep) => void,
  { background = false }: { readonly background?: boolean } = {},
): Promise<ScratchDatabase> => {
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `${mark}${process.pid}-`));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // Registered first, so it is before Postgres is told to stop; what that still writes is in no folder any more.
  if (background) process.once('exit', remove);
  try {
    const embedded = await startEmbedded({
      folder,
      settings,
      background,
      // That a cluster is made is nothing to tell here: it is another one each time.
      onProgress: (step) => (step === 'creating-cluster' ? undefined : onStep(step)),
    });
    return {
      owner: embedded.owner,
      server: embedded.server,
      close: async () => {
        await embedded.stop('immediate');
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
};
