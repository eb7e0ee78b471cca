import { type Compare, compareFlags, compareLists, compareNames, compareText } from './ordering.ts';
import type { Junction, KeyRelationship, Relationship } from './relationship.ts';

/** The kinds in the order in which choices are listed to a client that has to pick one. */
const KIND_ORDER: Record<Relationship['kind'], number> = {
  'one-to-many': 0,
  'many-to-one': 1,
  'one-to-one': 2,
  'many-to-many': 3,
  computed: 4,
};

const comparePairs = compareLists<readonly [string, string]>(
  (a, b) => compareText(a[0], b[0]) || compareText(a[1], b[1]),
);

const compareJunctions: Compare<Junction> = (a, b) =>
  compareNames(a.relation, b.relation) ||
  compareText(a.constraint1, b.constraint1) ||
  compareText(a.constraint2, b.constraint2) ||
  comparePairs(a.sourceColumns, b.sourceColumns) ||
  comparePairs(a.targetColumns, b.targetColumns);

const compareKeys: Compare<KeyRelationship> = (a, b) =>
  compareText(a.constraint, b.constraint) ||
  comparePairs(a.columns, b.columns) ||
  compareFlags(a.isParent, b.isParent);

/**
 * The order of the relationships of one relation: by the other end, then by kind, constraint and
 * columns; computed ones are last, by their function. It is the order of PostgREST, in which its
 * clients know the choices of PGRST201.
 */
export const compareRelationships: Compare<Relationship> = (a, b) => {
  if (a.kind === 'computed' || b.kind === 'computed') {
    if (a.kind !== 'computed' || b.kind !== 'computed') return KIND_ORDER[a.kind] - KIND_ORDER[b.kind];
    return compareNames(a.function, b.function) || compareNames(a.foreign, b.foreign);
  }
  const order =
    compareNames(a.foreign, b.foreign) ||
    compareFlags(a.isSelf, b.isSelf) ||
    KIND_ORDER[a.kind] - KIND_ORDER[b.kind];
  if (order !== 0) return order;
  if (a.kind === 'many-to-many')
    return b.kind === 'many-to-many' ? compareJunctions(a.junction, b.junction) : 0;
  return b.kind === 'many-to-many' ? 0 : compareKeys(a, b);
};
