import type { Relation, Role } from '../model/index.ts';
import { callerWith, claimsOf, findClaims } from './claims.ts';
import type { Fixtures } from './fixtures.ts';
import { type DecidingText, textsOf } from './looked-at.ts';
import type { Caller } from './stage.ts';
import type { User } from './users.ts';

/** Somebody who asks, and whose rows are theirs. */
export type Asker = {
  readonly caller: Caller;
  readonly user: User | undefined;
  /** They have something that not every user has: a claim, or a row that says who they are. */
  readonly special: boolean;
};

const MAX_SPECIAL = 8;

/**
 * In whose names a relation is tried: for the role of those who show no token that is one; for others two users
 * whom nothing tells apart but who they are, and those with a claim or a row that something decides by.
 */
export const findAskers = (
  role: Role,
  relation: Relation,
  anonymousRole: string,
  texts: readonly DecidingText[],
  fixtures: Fixtures,
): readonly Asker[] => {
  if (role.name === anonymousRole)
    return [{ caller: { name: role.name, role: role.name, claims: {} }, user: undefined, special: false }];
  const [alice, bob, ...others] = fixtures.users as readonly [User, User, ...User[]];
  const ordinary = [alice, bob].map((user) => ({
    caller: { name: user.name, role: role.name, claims: claimsOf(user) },
    user,
    special: false,
  }));
  const deciding = textsOf(texts, relation.oid);
  const read = new Set(deciding.flatMap(({ columns }) => [...columns].map((c) => Number(c.split('.')[0]))));
  const withTraits = others
    .filter(
      ({ traits }) => traits !== undefined && (read.has(traits.relation) || traits.relation === relation.oid),
    )
    .map((user) => ({
      caller: { name: user.name, role: role.name, claims: claimsOf(user) },
      user,
      special: true,
    }));
  const withClaims = findClaims(deciding).map((claim) => ({
    caller: callerWith(alice, role.name, claim),
    user: alice,
    special: true,
  }));
  return [...ordinary, ...[...withTraits, ...withClaims].slice(0, MAX_SPECIAL)];
};
