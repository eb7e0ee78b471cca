import type { ExpectedAccess, ExpectedVerb } from './expected.ts';
import type { AccessVerb } from './matrix.ts';
import { opens, type Reach, reachWords } from './reach.ts';

/** A cell that is not as it was. */
export type AccessChange = {
  readonly role: string;
  /** `public.posts` */
  readonly relation: string;
  readonly verb: AccessVerb;
  /** Undefined: the verb as a whole. */
  readonly column: string | undefined;
  readonly before: Reach;
  readonly after: Reach;
  readonly direction: 'opened' | 'closed';
};

const cells = (verb: ExpectedVerb | undefined): ReadonlyMap<string | undefined, Reach> => {
  if (verb === undefined) return new Map();
  if (typeof verb === 'string') return new Map([[undefined, verb]]);
  return new Map(
    Object.entries(verb).flatMap(([reach, columns]) =>
      columns.map((column) => [column, reach as Reach] as const),
    ),
  );
};

const keysOf = (...objects: readonly (object | undefined)[]): readonly string[] =>
  [...new Set(objects.flatMap((object) => Object.keys(object ?? {})))].sort();

const VERBS: readonly AccessVerb[] = ['select', 'insert', 'update', 'delete', 'execute'];

/** Every cell that opened or closed, in order. */
export const compareAccess = (before: ExpectedAccess, after: ExpectedAccess): readonly AccessChange[] =>
  keysOf(before.roles, after.roles).flatMap((role) =>
    keysOf(before.roles[role], after.roles[role]).flatMap((relation) =>
      VERBS.flatMap((verb) => {
        const old = cells(before.roles[role]?.[relation]?.[verb]);
        const now = cells(after.roles[role]?.[relation]?.[verb]);
        const columns = [...new Set([...old.keys(), ...now.keys()])].sort();
        return columns.flatMap((column): readonly AccessChange[] => {
          const [a, b] = [old.get(column) ?? 'none', now.get(column) ?? 'none'];
          return a === b
            ? []
            : [
                {
                  role,
                  relation,
                  verb,
                  column,
                  before: a,
                  after: b,
                  direction: opens(a, b) ? 'opened' : 'closed',
                },
              ];
        });
      }),
    ),
  );

const word = (verb: AccessVerb, reach: Reach): string =>
  verb === 'execute' ? (reach === 'none' ? 'no' : reach === 'all' ? 'yes' : reach) : reachWords[reach];

/**
 * A change as a line; columns of one verb that changed alike are told together.
 *
 * @example 'anon: select posts.email none → all rows'
 */
export const printAccessChange = (changes: readonly AccessChange[]): readonly string[] => {
  const groups = new Map<string, { readonly change: AccessChange; readonly columns: string[] }>();
  for (const change of changes) {
    const { role, relation, verb, before, after } = change;
    const key = [role, relation, verb, before, after].join('\u0000');
    const group = groups.get(key) ?? { change, columns: [] };
    if (change.column !== undefined) group.columns.push(change.column);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ change, columns }) => {
    const { role, relation, verb, before, after } = change;
    const name = relation.replace(/^public\./, '');
    const what =
      columns.length === 0
        ? name
        : columns.length === 1
          ? `${name}.${columns[0]}`
          : `${name} (${columns.join(', ')})`;
    return `${role}: ${verb} ${what} ${word(verb, before)} → ${word(verb, after)}`;
  });
};
