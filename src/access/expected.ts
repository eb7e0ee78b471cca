import type { AccessMatrix, AccessVerb, VerbAccess } from './matrix.ts';
import type { Reach } from './reach.ts';

/** Of a verb with columns, the columns by how far they are open; of one without, how far it is. `none` is left out. */
export type ExpectedVerb = Reach | { readonly [reach in Reach]?: readonly string[] };

/**
 * What of an access matrix is kept to be compared with later: role → relation → verb. What is not in it is
 * closed.
 */
export type ExpectedAccess = {
  readonly version: 1;
  readonly roles: {
    readonly [role: string]: {
      readonly [relation: string]: { readonly [verb in AccessVerb]?: ExpectedVerb };
    };
  };
};

const expectedVerb = ({ verb, reach, columns }: VerbAccess): ExpectedVerb | undefined => {
  if (verb === 'delete' || verb === 'execute') return reach === 'none' ? undefined : reach;
  const byReach: { [reach in Reach]?: string[] } = {};
  for (const { column, reach: own } of columns) {
    if (own === 'none') continue;
    byReach[own] ??= [];
    byReach[own].push(column);
  }
  for (const list of Object.values(byReach)) list.sort();
  return Object.keys(byReach).length === 0 ? undefined : byReach;
};

const byName = <T>(entries: readonly (readonly [string, T])[]): { readonly [name: string]: T } =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

/** What is kept of a matrix. */
export const expectedAccess = (matrix: AccessMatrix): ExpectedAccess => ({
  version: 1,
  roles: byName(
    matrix.roles.map(({ role, relations }) => [
      role,
      byName(
        relations.flatMap((relation) => {
          const verbs = relation.verbs.flatMap((verb) => {
            const kept = expectedVerb(verb);
            return kept === undefined ? [] : [[verb.verb, kept] as const];
          });
          return verbs.length === 0
            ? []
            : [[`${relation.schema}.${relation.name}`, Object.fromEntries(verbs)] as const];
        }),
      ),
    ]),
  ),
});

/** As it is written to a file: a list of columns on one line, so that a change is seen in a diff. */
export const printExpectedAccess = (access: ExpectedAccess): string =>
  `${JSON.stringify(access, null, 2).replace(/\[\s+([^\][{}]*?)\s+\]/g, (_, inner: string) => `[${inner.replace(/\s*\n\s*/g, ' ')}]`)}\n`;

const reaches: readonly string[] = ['none', 'own', 'some', 'all', 'unknown'] satisfies readonly Reach[];

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isVerb = (value: unknown): boolean =>
  typeof value === 'string'
    ? reaches.includes(value)
    : isObject(value) &&
      Object.entries(value).every(
        ([reach, columns]) =>
          reaches.includes(reach) &&
          Array.isArray(columns) &&
          columns.every((column) => typeof column === 'string'),
      );

/** Reads what was written; undefined: it is not of this form. */
export const parseExpectedAccess = (text: string): ExpectedAccess | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const good =
    isObject(value) &&
    value.version === 1 &&
    isObject(value.roles) &&
    Object.values(value.roles).every(
      (relations) =>
        isObject(relations) &&
        Object.values(relations).every((verbs) => isObject(verbs) && Object.values(verbs).every(isVerb)),
    );
  return good ? (value as unknown as ExpectedAccess) : undefined;
};
