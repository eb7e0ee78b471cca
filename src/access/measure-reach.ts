import type { Asker } from './callers.ts';
import type { FixtureRow } from './fixtures.ts';
import type { Reach } from './reach.ts';

/** What one asker reached of the rows that were tried. */
export type Reached = {
  readonly asker: Asker;
  readonly rows: readonly {
    readonly user: FixtureRow['user'];
    /** Null: it could not be told. */
    readonly reached: boolean | null;
  }[];
};

/** How far, by what was reached of the rows that were tried; and what is to be said beside. */
export const measureReach = (
  all: readonly Reached[],
): { readonly reach: Reach; readonly notes: readonly string[] } => {
  if (all.every(({ rows }) => rows.length === 0))
    return { reach: 'unknown', notes: ['No row could be tried.'] };
  if (all.some(({ rows }) => rows.some(({ reached }) => reached === null)))
    return { reach: 'unknown', notes: [] };
  const ordinary = all.filter(({ asker }) => !asker.special);
  const reach = reachOf(ordinary);
  const special = all.filter(({ asker }) => asker.special);
  const further = special.filter((one) => isFurther(reach, one));
  if (further.length === 0) return { reach, notes: [] };
  return {
    reach: 'some',
    notes: [
      `${reach === 'none' ? 'No rows' : reach === 'own' ? 'Own rows' : 'Some rows'} as any user; more as ${further.map(({ asker }) => asker.caller.name).join(', as ')}.`,
    ],
  };
};

const reachOf = (all: readonly Reached[]): Reach => {
  const flat = all.flatMap(({ asker, rows }) =>
    rows.map(({ user, reached }) => ({
      own: user !== undefined && user.id === asker.user?.id,
      reached: reached === true,
    })),
  );
  // Where there are none but one's own, as for who inserts and is the owner by default, all are one's own.
  if (flat.every(({ reached }) => reached)) return flat.every(({ own }) => own) ? 'own' : 'all';
  if (!flat.some(({ reached }) => reached)) return 'none';
  // Who has no row among them shows nothing about own rows.
  const owning = all.filter(({ asker, rows }) => rows.some(({ user }) => user?.id === asker.user?.id));
  const each = owning.every(({ rows }) => rows.some(({ reached }) => reached));
  return each && flat.every(({ own, reached }) => own || !reached) ? 'own' : 'some';
};

const isFurther = (reach: Reach, { asker, rows }: Reached): boolean => {
  switch (reach) {
    case 'none':
      return rows.some(({ reached }) => reached);
    case 'own':
      return rows.some(({ user, reached }) => reached && user?.id !== asker.user?.id);
    default:
      return false;
  }
};
