/** One way in which an expression can hold: what it depends on. */
export type Condition = {
  /** On the row. */
  readonly row: boolean;
  /** On who asks, and not only on whether somebody does. */
  readonly caller: boolean;
  /** On whether somebody is signed in. */
  readonly signedIn: boolean;
  /** The table's columns by which the rows could be looked up: held against something that is the same for all rows. */
  readonly lookups: readonly string[];
};

export type Leaf = Condition;

/** More ways than these are not told apart. */
const MOST = 64;

const both = (a: Condition, b: Condition): Condition => ({
  row: a.row || b.row,
  caller: a.caller || b.caller,
  signedIn: a.signedIn || b.signedIn,
  lookups: [...new Set([...a.lookups, ...b.lookups])],
});

/** AND: one way of each. */
export const combineAll = (parts: readonly (readonly Condition[])[]): readonly Condition[] => {
  let ways: readonly Condition[] = [{ row: false, caller: false, signedIn: false, lookups: [] }];
  for (const part of parts) ways = ways.flatMap((way) => part.map((next) => both(way, next))).slice(0, MOST);
  return ways;
};

/** OR: any of them. */
export const combineAny = (parts: readonly (readonly Condition[])[]): readonly Condition[] =>
  parts.flat().slice(0, MOST);

/** Whom an expression lets pass at the least, as far as it can be told without running it. */
export type Reach =
  /** Every row, for everybody. */
  | 'everybody'
  /** Every row, for everybody who is signed in. */
  | 'signed-in'
  /** Some rows, the same for everybody. */
  | 'some-rows'
  /** It depends on who asks. */
  | 'caller'
  /** No row. */
  | 'nobody';

const reachOf = ({ row, caller, signedIn }: Condition): Reach => {
  if (caller) return 'caller';
  if (row) return 'some-rows';
  return signedIn ? 'signed-in' : 'everybody';
};

const order: readonly Reach[] = ['everybody', 'signed-in', 'some-rows', 'caller', 'nobody'];

/** The widest of the ways. */
export const findReach = (conditions: readonly Condition[]): Reach =>
  conditions
    .map(reachOf)
    .reduce<Reach>(
      (widest, reach) => (order.indexOf(reach) < order.indexOf(widest) ? reach : widest),
      'nobody',
    );

/** The wider of two. */
export const widerReach = (a: Reach, b: Reach): Reach => (order.indexOf(a) < order.indexOf(b) ? a : b);
