import type { Pool } from '../../db/index.ts';

/** How long an answer of the database is waited for, and how long it counts. */
const patienceMs = 2_000;
const freshMs = 1_000;

/**
 * Makes what tells whether the database answers. Those who ask at the same time share one question, and an answer
 * counts for a second, so that whoever watches cannot keep the database busy.
 */
export const askDatabase = (pool: Pool): (() => Promise<boolean>) => {
  let asked: Promise<boolean> | undefined;
  return () => {
    if (asked !== undefined) return asked;
    const statement = { text: 'select 1', key: 'health', params: [], rows: 'ignore' } as const;
    const question = pool.run([statement], { signal: AbortSignal.timeout(patienceMs) }).then(
      () => true,
      () => false,
    );
    asked = question;
    void question.then(() =>
      setTimeout(() => {
        asked = undefined;
      }, freshMs).unref(),
    );
    return question;
  };
};
