import { findSimilar } from '../base/index.ts';
import { AppFailure } from './failure.ts';

/** Roles that come with Postgres, which nobody means. */
const isOwn = (name: string): boolean => name.startsWith('pg_');

/**
 * Sees to it that a role exists.
 *
 * @param roles the names of all that there are
 * @throws AppFailure that tells which one was probably meant
 */
export const requireRole = (roles: readonly string[], wanted: string): void => {
  if (roles.includes(wanted)) return;
  const known = roles.filter((name) => !isOwn(name));
  const meant = findSimilar(wanted, known, 0.5)[0]?.name;
  throw new AppFailure(
    `There is no role "${wanted}".${meant === undefined ? '' : ` Did you mean "${meant}"?`} There are: ${known.join(', ')}.`,
  );
};
