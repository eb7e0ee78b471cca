import type { Finding, Observe } from '../../base/index.ts';
import {
  type CatalogSource,
  readExposureEvidence,
  readExposureSubject,
  sessionSource,
} from '../../catalog/index.ts';
import { findExposure } from '../../checks/index.ts';
import type { Session } from '../../db/index.ts';
import type { Guard } from '../../migrate/index.ts';
import type { Model } from '../../model/index.ts';

const isUnwaived = ({ waived }: Finding): boolean => waived === undefined;

/** Keeps migrations from opening what nothing then keeps apart. */
export const exposureGuard: Guard = async (session) =>
  findExposure(await readExposureSubject(sessionSource(session))).filter(isUnwaived);

/**
 * What of a database is open without anything that keeps its rows apart, and not waived: why `ashlar migrate` ends
 * with 1, and `ashlar start` does not serve it.
 *
 * @param session in no transaction
 */
export const readExposure = async (session: Session): Promise<readonly Finding[]> => {
  await session.query('begin read only');
  try {
    return await exposureGuard(session);
  } finally {
    await session.query('rollback');
  }
};

/** So many are named in the line that is always told. */
const NAMED = 5;

const printSubjects = (findings: readonly Finding[]): string => {
  const names = findings.slice(0, NAMED).map(({ subject }) => subject);
  const others = findings.length - names.length;
  return others === 0 ? names.join(', ') : `${names.join(', ')} and ${others} more`;
};

/** Tells what is open of the served schemas: one line that is always told, and one for each at the level of warnings. */
export const reportExposure = async (
  source: CatalogSource,
  model: Model,
  schemas: readonly string[],
  observe: Observe,
  announce: (message: string) => void,
): Promise<void> => {
  const evidence = await readExposureEvidence(source);
  const findings = findExposure({ model, evidence }, { schemas }).filter(isUnwaived);
  if (findings.length === 0) return;
  announce(
    `Open, with nothing that keeps their rows apart: ${printSubjects(findings)}. log-level=warn tells more, and so does "ashlar check --db-url URL".`,
  );
  for (const { id, subject, message, remedy } of findings)
    observe({
      level: 'warn',
      name: `checks.${id}`,
      message: remedy === undefined ? message : `${message} To mend it: ${remedy}`,
      fields: { subject },
    });
};
