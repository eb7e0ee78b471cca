import type { Finding } from '../../base/index.ts';
import { readSubject, sessionSource } from '../../catalog/index.ts';
import { findProblems, type Subject } from '../../checks/index.ts';
import type { Session } from '../../db/index.ts';

/** Reads what the checks look at, and changes nothing. The session is in no transaction. */
export const look = async (session: Session): Promise<Subject> => {
  await session.query('begin read only');
  try {
    return await readSubject(sessionSource(session));
  } finally {
    await session.query('rollback');
  }
};

/** Everything that is found in a database, the gravest first; what is waived among it. */
export const readProblems = async (
  session: Session,
  schemas: readonly string[],
): Promise<readonly Finding[]> => findProblems(await look(session), { schemas });
