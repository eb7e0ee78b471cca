import type { Variant } from './variants.ts';

/** Somebody whose rows there are. */
export type User = {
  readonly name: string;
  /** The claim `sub`. */
  readonly id: string;
  /** Values of their row in a table that has one row for each user, where these are not the common ones. */
  readonly traits:
    | { readonly relation: number; readonly variant: Variant; readonly text: string }
    | undefined;
};

/** The two who ask in every role that tells users apart: what one may and the other not is the owner's. */
export const makeUsers = (integers: boolean): readonly [alice: User, bob: User] => [
  makeUser('alice', 1, integers),
  makeUser('bob', 2, integers),
];

/** A user's number is a digit of the id, so that ids can be told apart at sight. */
export const makeUser = (name: string, number: number, integers: boolean, traits?: User['traits']): User => ({
  name,
  id: integers
    ? String(900_000 + number)
    : `${String(number).repeat(8).slice(0, 8)}-0000-4000-8000-000000000000`,
  traits,
});
