import type { Outcome, Statement } from '../db/index.ts';
import type { Model } from '../model/index.ts';
import type { CatalogAnswer } from './catalog-answer.ts';
import { catalogSql, settingsSql } from './catalog-sql.ts';
import { makeModel } from './make-model.ts';

/**
 * Where the catalog is read: a pool, or what runs statements in order in a transaction of their own, since
 * settings are changed until its end.
 */
export type CatalogSource = {
  readonly run: (statements: readonly Statement[]) => Promise<readonly Outcome[]>;
};

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
 * @throws the errors of `source`: `PgError`, `ConnectionError`
 * @example const model = await readCatalog(pool, { servingRole: 'ashlar_server' })
 */
export const readCatalog = async (source: CatalogSource, options: CatalogOptions = {}): Promise<Model> => {
  const outcomes = await source.run([
    { text: settingsSql, key: undefined, params: [], rows: 'ignore' },
    { text: catalogSql, key: undefined, params: [options.servingRole ?? null] },
  ]);
  const text = outcomes[1]?.rows[0]?.[0];
  if (!text) throw new TypeError('The catalog was read, but its answer has no row.');
  const answer: CatalogAnswer = JSON.parse(text.toString('utf8'));
  return makeModel(answer, new Set(options.hoistedSettings ?? HOISTED_SETTINGS));
};
