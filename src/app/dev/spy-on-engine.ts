import type { Identity } from '../../base/index.ts';
import type { Engine, Explanation } from '../../engine/index.ts';
import type { Ask } from '../../request/index.ts';

/** What a request would become. */
export type Seen = {
  readonly ask: Ask;
  readonly explanation: Explanation;
  readonly identity: Identity;
};

class Explained extends Error {}

const failLater = (error: unknown): Promise<never> =>
  new Promise((_resolve, reject) => {
    setImmediate(() => reject(error));
  });

/** An engine that says what it would do, and does nothing: each request fails when it has been seen. */
export const spyOn = (engine: Engine, onSeen: (seen: Seen) => void): Engine => {
  const execute: Engine['execute'] = async (ask, circumstances) => {
    onSeen({ ask, explanation: engine.explain(ask, circumstances), identity: circumstances.identity });
    throw new Explained();
  };
  return {
    ...engine,
    execute,
    foretell: () => undefined,
    // Of a batch each step is seen that refers to no other: what they would be answered is not known.
    transact: (_who, work) =>
      work({
        // The others have their turn before the batch is given up.
        execute: (ask, circumstances) => execute(ask, circumstances).catch(failLater),
        run: async () => [],
        used: false,
      }),
  };
};
