/**
 * `ashlar/test`: tests of policies. The project's migrations and seed are applied to a database that is thrown
 * away, once for a test file; whatever a test tries in somebody's name is undone at once.
 */
import { createHash } from 'node:crypto';
import type { As, GivenRows, Person, UseProject } from './api.ts';
import { checkCan, checkCannot } from './check-verb.ts';
import { giveRows } from './give-rows.ts';
import { look } from './look.ts';
import { chooseProject, openStage } from './test-stage.ts';

export type { As, Given, GivenRows, Person, Row, Sight, UseProject, Value, Verb } from './api.ts';

/** An id for a name: always the same, and like no other's. */
const idOf = (name: string): string => {
  const hash = createHash('sha256').update(`ashlar user ${name}`).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
};

/** Roles that nobody is a user of. */
const knownRoles: readonly string[] = ['anon', 'authenticated', 'service_role'];

/**
 * Somebody by name.
 *
 * @example
 * await as('alice').can('update', 'comments', { user_id: as('alice').id });
 * await as('alice').cannot('update', 'comments', { user_id: as('bob').id });
 * await as('anon').sees('posts', { published: false }).nothing();
 */
export const as: As = (name, claims = {}) => {
  const isRole = knownRoles.includes(name);
  const role = typeof claims.role === 'string' ? claims.role : isRole ? name : 'authenticated';
  const id = typeof claims.sub === 'string' ? claims.sub : idOf(name);
  const caller = {
    name,
    role,
    claims: isRole ? claims : { sub: id, email: `${name}@example.com`, ...claims },
  };
  const person: Person = {
    id,
    role,
    can: async (verb, relation, row, values) =>
      checkCan(await openStage(), caller, { verb, relation, row, values }),
    cannot: async (verb, relation, row, values) =>
      checkCannot(await openStage(), caller, { verb, relation, row, values }),
    sees: (relation, where) => look(openStage, caller, relation, where),
  };
  return Object.freeze(person);
};

/**
 * Puts rows in.
 *
 * @example
 * before(() => given({ posts: [{ id: 1, author_id: 1, title: 'A draft', body: '…', published: false }] }));
 * await using draft = await given({ posts: [{ … }] }); // until the end of this block
 */
export const given: GivenRows = async (rows) => giveRows(await openStage(), rows);

/** Names the project that is tested, before anything is tried. */
export const useProject: UseProject = chooseProject;
