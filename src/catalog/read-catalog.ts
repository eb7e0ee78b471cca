import type { Model } from '../model/index.ts';
import type { CatalogAnswer } from './catalog-answer.ts';
import { catalogSql, settingsSql } from './catalog-sql.ts';
import { makeModel } from './make-model.ts';

/** A statement of the exchange that reads the catalog. */
export type CatalogStatement = {
  readonly text: string;
  readonly key: undefined;
  readonly params: readonly (string | null)[];
};

/**
 * Runs the statements in order in one transaction, and nothing else in it, since they change settings
 * until its end. `Pool.run` of the room `db` does; so do BEGIN and COMMIT around them.
 */
export type RunStatements = (
  statements: readonly CatalogStatement[],
) => Promise<readonly { readonly rows: readonly (readonly (Buffer | null)[])[] }[]>;

export type CatalogOptions = {
  /**
   * The login that serves requests, whose rights decide which settings of roles can be taken over and
   * which casts can be called. Default: the login that reads.
   */
  readonly servingRole?: string;
  /** Settings of functions that hold for the whole transaction of a call (`db-hoisted-tx-settings`). */
  readonly hoistedSettings?: readonly string[];
};

const HOISTED_SETTINGS = [
  'statement_timeout',
  'plan_filter.statement_cost_limit',
  'default_transaction_isolation',
];

/**
 * Reads what the database is: one round trip, seen by one snapshot. Needs no rights beyond CONNECT; the
 * catalog is readable for everybody.
 *
 * @returns the model, frozen, everything in it ordered by names
 * @throws what `run` throws: errors of the connection or of Postgres
 * @example const model = await readCatalog((statements) => pool.run(statements))
 */
export const readCatalog = async (run: RunStatements, options: CatalogOptions = {}): Promise<Model> => {
  const outcomes = await run([
    { text: settingsSql, key: undefined, params: [] },
    { text: catalogSql, key: undefined, params: [options.servingRole ?? null] },
  ]);
  const text = outcomes[1]?.rows[0]?.[0];
  if (!text) throw new TypeError('The catalog was read, but its answer has no row.');
  const answer: CatalogAnswer = JSON.parse(text.toString('utf8'));
  return makeModel(answer, new Set(options.hoistedSettings ?? HOISTED_SETTINGS));
};
