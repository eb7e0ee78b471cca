import type { Model, Role } from '../../model/index.ts';
import { AppFailure } from '../failure.ts';
import { requireRole } from '../require-role.ts';

const known: readonly string[] = ['anon', 'authenticated'];

/** Those without a token first, those who pass policies last. */
const rank = ({ name, superuser, bypassRls }: Role): number =>
  superuser || bypassRls ? 3 : known.includes(name) ? known.indexOf(name) : 2;

/** The roles that requests can take: those that the serving login may, or else those that something was granted to. */
const candidates = (model: Model, login: string | undefined, schemas: readonly string[]): readonly Role[] => {
  const server = model.roles.find(({ name }) => name === (login ?? 'authenticator'));
  if (server !== undefined && server.memberOf.length > 0)
    return model.roles.filter(({ name }) => server.memberOf.includes(name));
  const relations = model.relations.filter(({ schema }) => schemas.includes(schema));
  const owners = new Set(relations.map(({ owner }) => owner));
  const granted = new Set(
    relations.flatMap((relation) =>
      [...relation.grants, ...relation.columns.flatMap(({ grants }) => grants)].map(({ grantee }) => grantee),
    ),
  );
  return model.roles.filter(
    ({ name, login: logsIn, superuser }) => granted.has(name) && !owners.has(name) && !logsIn && !superuser,
  );
};

/**
 * The roles that an access matrix is about, in the order in which they are told.
 *
 * @param wanted those that were asked for; undefined: all that requests can take
 * @throws AppFailure for one that there is not, or where none is found
 */
export const chooseRoles = (
  model: Model,
  login: string | undefined,
  schemas: readonly string[],
  wanted: readonly string[] | undefined,
): readonly string[] => {
  if (wanted !== undefined) {
    const names = model.roles.map(({ name }) => name);
    for (const name of wanted) requireRole(names, name);
    return wanted;
  }
  const found = [...candidates(model, login, schemas)].sort(
    (a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1),
  );
  if (found.length === 0)
    throw new AppFailure('No role was found that requests could take. Name them: --roles anon,authenticated');
  return found.map(({ name }) => name);
};
