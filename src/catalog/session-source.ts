import type { Outcome, Session } from '../db/index.ts';
import type { CatalogSource } from './read-catalog.ts';

const decode = (param: string | Uint8Array | null): string | null =>
  param instanceof Uint8Array ? Buffer.from(param).toString('utf8') : param;

/**
 * Reads the catalog as a session sees it that is in the midst of a transaction: with what was made and not yet
 * committed. What reading sets is undone again.
 *
 * @example
 * await session.query('begin; create table t ()');
 * const model = await readCatalog(sessionSource(session)); // knows t
 */
export const sessionSource = (session: Session): CatalogSource => ({
  run: async (statements) => {
    const outcomes: Outcome[] = [];
    await session.query('savepoint ashlar_catalog');
    try {
      for (const { text, params } of statements) {
        const rows = await session.query(text, params.map(decode));
        outcomes.push({
          rows: rows.map((row) =>
            Object.values(row).map((value) => (value === null ? null : Buffer.from(value))),
          ),
          command: '',
          columns: undefined,
        });
      }
    } finally {
      await session.query('rollback to savepoint ashlar_catalog; release savepoint ashlar_catalog');
    }
    return outcomes;
  },
});
