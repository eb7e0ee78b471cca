import type { Evidence, ExposureEvidence, ExposureSubject, Subject } from '../checks/index.ts';
import type { Statement } from '../db/index.ts';
import { settingsSql } from './catalog-sql.ts';
import { freezeDeeply } from './freeze-deeply.ts';
import { type CatalogOptions, type CatalogSource, readCatalog } from './read-catalog.ts';
import { evidenceSql, exposureEvidenceSql, publicBucketsSql } from './sql/evidence.ts';

const statement = (text: string, rows: Statement['rows'] = 'collect'): Statement => ({
  text,
  key: undefined,
  params: [],
  rows,
});

const settings = statement(settingsSql, 'ignore');

/**
 * Reads what the checks look at beside the model.
 *
 * @returns plain data, frozen
 * @throws the errors of `source`: `PgError`, `ConnectionError`
 */
export const readEvidence = async (source: CatalogSource): Promise<Evidence> => {
  const outcomes = await source.run([settings, statement(evidenceSql)]);
  const [text, hasBuckets] = outcomes[1]?.rows[0] ?? [];
  if (!text) throw new TypeError('The catalog was read, but its answer has no row.');
  const answer: Omit<Evidence, 'publicBuckets'> = JSON.parse(text.toString('utf8'));
  const publicBuckets = hasBuckets?.toString() === 't' ? await readPublicBuckets(source) : [];
  return freezeDeeply({ ...answer, publicBuckets });
};

/** Reads as much of it as tells what is open: the rules of views, and what extensions have made. */
export const readExposureEvidence = async (source: CatalogSource): Promise<ExposureEvidence> => {
  const outcomes = await source.run([settings, statement(exposureEvidenceSql)]);
  const text = outcomes[1]?.rows[0]?.[0];
  if (!text) throw new TypeError('The catalog was read, but its answer has no row.');
  return freezeDeeply(JSON.parse(text.toString('utf8')) as ExposureEvidence);
};

const readPublicBuckets = async (source: CatalogSource): Promise<readonly string[]> => {
  const outcomes = await source.run([settings, statement(publicBucketsSql)]);
  return JSON.parse(outcomes[1]?.rows[0]?.[0]?.toString('utf8') ?? '[]');
};

/**
 * Reads all that the checks look at.
 *
 * @example await findProblems(await readSubject(pool), { schemas: ['public'] })
 */
export const readSubject = async (source: CatalogSource, options: CatalogOptions = {}): Promise<Subject> => {
  const model = await readCatalog(source, options);
  return { model, evidence: await readEvidence(source) };
};

/**
 * Reads as much as tells what is open.
 *
 * @example findExposure(await readExposureSubject(pool))
 */
export const readExposureSubject = async (source: CatalogSource): Promise<ExposureSubject> => ({
  model: await readCatalog(source),
  evidence: await readExposureEvidence(source),
});
