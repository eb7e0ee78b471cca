import { type ConnectOptions, EmbeddedError, type EmbeddedStep, startEmbedded } from '../../db/index.ts';
import { findRunning } from './running-dev.ts';

/** A project's database, started or found running. */
export type ProjectDatabase = {
  /** Login of the one that migrates. */
  readonly owner: ConnectOptions;
  /** Login of the one that serves. */
  readonly server: ConnectOptions;
  /** Whether it was started for the purpose. */
  readonly started: boolean;
  readonly close: () => Promise<void>;
};

/**
 * Gives a project's database to a command that needs it for a moment: that of the server that has it, or
 * else one that is started for the purpose.
 *
 * @throws EmbeddedError
 */
export const reachDatabase = async (
  folder: string,
  onStep: (step: EmbeddedStep) => void,
): Promise<ProjectDatabase> => {
  try {
    const embedded = await startEmbedded({ folder, onProgress: onStep });
    return {
      owner: embedded.owner,
      server: embedded.server,
      started: true,
      close: async () => {
        await embedded.stop('fast');
      },
    };
  } catch (error) {
    const running = findRunning(folder);
    if (!(error instanceof EmbeddedError) || error.kind !== 'in-use' || running === undefined) throw error;
    return { owner: running.owner, server: running.server, started: false, close: async () => {} };
  }
};
