import type { Pool } from '../db/index.ts';
import { LEAVE_ROLE } from './kept-answer.ts';

/** Keys that one caller may have at a time. */
export const MOST_KEYS = 100_000;

/** Bytes that all kept answers of one caller may have. */
export const MOST_KEPT = 64 * 1024 * 1024;

/** What a sweep has found. */
export type Swept = {
  /** Keys that were forgotten. */
  readonly forgotten: number;
  /** Owners who have so many keys, or so long answers, that they get no more. */
  readonly full: ReadonlySet<string>;
};

/** Rows that one statement deletes, so that none takes long. */
const AT_ONCE = 10_000;

/**
 * Forgets keys of more than 24 hours, and finds out who has too many. The serving login may do so.
 *
 * @example const { full } = await sweepKeys(pool);
 */
export const sweepKeys = async (pool: Pool, most = MOST_KEYS, mostBytes = MOST_KEPT): Promise<Swept> => {
  let forgotten = 0;
  for (;;) {
    const [, outcome] = await pool.run([
      LEAVE_ROLE,
      {
        text: `WITH old AS (
  DELETE FROM ashlar.idempotency_keys WHERE (owner, key) IN (
    SELECT owner, key FROM ashlar.idempotency_keys WHERE created_at < now() - interval '24 hours' LIMIT ${AT_ONCE}
  ) RETURNING 1
) SELECT count(*) FROM old`,
        key: 'idempotency:sweep',
        params: [],
      },
    ]);
    const count = Number(outcome?.rows[0]?.[0]?.toString('latin1'));
    forgotten += count;
    if (count < AT_ONCE) break;
  }
  const [, owners] = await pool.run([
    LEAVE_ROLE,
    {
      // The length of a body is known without reading it.
      text: `SELECT owner FROM ashlar.idempotency_keys GROUP BY owner
HAVING count(*) >= $1 OR coalesce(sum(octet_length(body)), 0) >= $2::bigint`,
      key: 'idempotency:full',
      params: [String(most), String(mostBytes)],
    },
  ]);
  return { forgotten, full: new Set(owners?.rows.map(([owner]) => owner?.toString('latin1') ?? '')) };
};
