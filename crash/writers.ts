import { setTimeout as sleep } from 'node:timers/promises';
import { openClient } from './client.ts';
import type { Ledger } from './ledger.ts';

/** Clients that write without pause, and look now and then whether what they wrote is there. */
export type Writers = {
  /** Resolves when a write that was sent after this call is acknowledged. */
  readonly untilWritten: () => Promise<void>;
  /** Ends when what is under way was answered. */
  readonly stop: () => Promise<void>;
};

const pauseMs = 5;
/** After what was not acknowledged; shorter than what is measured, longer than would keep the machine from recovering. */
const downMs = 20;
const readEvery = 4;
/** Numbers given to writers; those of one run are told from those of the next. */
let numbers = 0;

/** @param root where the API answers, as long as they write */
export const startWriters = (root: string, ledger: Ledger, count: number): Writers => {
  const waiting = new Set<{ readonly since: number; readonly resolve: () => void }>();
  let running = true;

  const write = async (writer: number): Promise<void> => {
    const client = openClient(root);
    for (let seq = 1; running; seq++) {
      const sentAt = performance.now();
      const ending =
        seq % 2 === 0
          ? await client.ask('POST', '/ledger', { writer, seq })
          : await client.ask('POST', '/rpc/enter', { writer, seq });
      const acknowledged = ledger.noteWrite({ writer, seq }, ending);
      if (acknowledged) {
        for (const wait of waiting) {
          if (wait.since > sentAt) continue;
          waiting.delete(wait);
          wait.resolve();
        }
      }
      if (seq % readEvery === 0) {
        const known = ledger.newest(writer);
        const read = await client.ask('GET', `/ledger?writer=eq.${writer}&select=seq&order=seq.desc&limit=1`);
        ledger.noteRead(writer, known, seq, read);
      }
      await sleep(acknowledged ? pauseMs : downMs);
    }
    client.close();
  };

  const all = Array.from({ length: count }, () => write(++numbers));
  return {
    untilWritten: () =>
      new Promise((resolve) => {
        waiting.add({ since: performance.now(), resolve });
      }),
    stop: async () => {
      running = false;
      await Promise.all(all);
    },
  };
};
