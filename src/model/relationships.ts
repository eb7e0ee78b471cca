import { type QualifiedName, sameName } from '../base/index.ts';
import { type ForeignKeyStep, findRelation, type ModelIndex } from './model-index.ts';
import { nameKey } from './name-key.ts';
import type {
  ComputedRelationship,
  JunctionRelationship,
  KeyRelationship,
  Relationship,
} from './relationship.ts';
import { compareRelationships } from './relationship-order.ts';

type Pair = readonly [string, string];

const pair = (own: readonly string[], foreign: readonly string[]): readonly Pair[] =>
  own.map((column, i) => [column, foreign[i] ?? ''] as const);

/** Along the foreign keys that the relation has: to at most one row. */
const followOutgoing = ({ ends, end }: ForeignKeyStep): readonly KeyRelationship[] =>
  ends.to.map((other) => ({
    kind: ends.key.unique ? 'one-to-one' : 'many-to-one',
    constraint: ends.key.name,
    columns: pair(end.columns, other.columns),
    isParent: false,
    relation: end.relation,
    foreign: other.relation,
    isSelf: sameName(end.relation, other.relation),
    relationIsView: end.isView,
    foreignIsView: other.isView,
  }));

/** Against the foreign keys of others: to the rows that point here. */
const followIncoming = ({ ends, end }: ForeignKeyStep): readonly KeyRelationship[] =>
  ends.from.map((other) => ({
    kind: ends.key.unique ? 'one-to-one' : 'one-to-many',
    constraint: ends.key.name,
    columns: pair(end.columns, other.columns),
    isParent: ends.key.unique,
    relation: end.relation,
    foreign: other.relation,
    isSelf: sameName(end.relation, other.relation),
    relationIsView: end.isView,
    foreignIsView: other.isView,
  }));

/** Against a foreign key of a junction and along another one of it, if its primary key has both. */
const followJunctions = (
  index: ModelIndex,
  { ends, end }: ForeignKeyStep,
): readonly JunctionRelationship[] => {
  if (ends.key.unique) return [];
  return ends.from.flatMap((first) => {
    const primaryKey = new Set(findRelation(index, first.relation)?.primaryKey);
    if (!first.columns.every((column) => primaryKey.has(column))) return [];
    return (index.outgoing.get(nameKey(first.relation)) ?? []).flatMap((second) => {
      const key = second.ends.key;
      if (key.unique || key.name === ends.key.name) return [];
      if (!second.end.columns.every((column) => primaryKey.has(column))) return [];
      return second.ends.to.map((other) => ({
        kind: 'many-to-many' as const,
        junction: {
          relation: first.relation,
          constraint1: ends.key.name,
          constraint2: key.name,
          sourceColumns: pair(end.columns, first.columns),
          targetColumns: pair(other.columns, second.end.columns),
        },
        relation: end.relation,
        foreign: other.relation,
        isSelf: sameName(end.relation, other.relation),
        relationIsView: end.isView,
        foreignIsView: other.isView,
      }));
    });
  });
};

const callFunctions = (index: ModelIndex, relation: QualifiedName): readonly ComputedRelationship[] => {
  const own = index.relations.get(nameKey(relation));
  if (own === undefined) return [];
  return (index.rowFunctions.get(own.rowType) ?? []).flatMap(({ schema, name, returns }) => {
    const foreign = index.relationByRowType.get(returns.typeOid);
    if (foreign === undefined) return [];
    return {
      kind: 'computed' as const,
      function: { schema, name },
      toOne: !returns.set || returns.rows === 1,
      relation,
      foreign: { schema: foreign.schema, name: foreign.name },
      isSelf: sameName(relation, foreign),
    };
  });
};

const isServed = (index: ModelIndex, relationship: Relationship): boolean => {
  const { served } = index;
  if (served === undefined) return true;
  if (!served.has(relationship.relation.schema) || !served.has(relationship.foreign.schema)) return false;
  return relationship.kind !== 'many-to-many' || served.has(relationship.junction.relation.schema);
};

const deriveRelationships = (index: ModelIndex, relation: QualifiedName): readonly Relationship[] => {
  const outgoing = index.outgoing.get(nameKey(relation)) ?? [];
  const incoming = index.incoming.get(nameKey(relation)) ?? [];
  const computed = callFunctions(index, relation);
  const detected = [
    ...outgoing.flatMap(followOutgoing),
    ...incoming.flatMap(followIncoming),
    ...incoming.flatMap((step) => followJunctions(index, step)),
  ].filter((item) => !computed.some((other) => sameName(other.function, item.foreign)));
  return [...detected, ...computed].filter((item) => isServed(index, item)).sort(compareRelationships);
};

const derived = new WeakMap<ModelIndex, Map<string, readonly Relationship[]>>();

/**
 * What a relation is related to, in the order in which choices are listed: foreign keys in both
 * directions (also as seen through views), many-to-many over junctions, and functions that take its
 * row and return rows. A function named like a relation takes the place of what leads there.
 *
 * @param foreignSchema the schema of the other end, for a function its own
 * @example relationshipsOf(index, { schema: 'public', name: 'posts' }, 'public')
 */
export const relationshipsOf = (
  index: ModelIndex,
  relation: QualifiedName,
  foreignSchema: string,
): readonly Relationship[] => {
  const known = derived.get(index) ?? new Map<string, readonly Relationship[]>();
  derived.set(index, known);
  const key = `${nameKey(relation)}\u0000${foreignSchema}`;
  let found = known.get(key);
  if (found === undefined) {
    found = Object.freeze(
      deriveRelationships(index, relation).filter(
        (item) => (item.kind === 'computed' ? item.function : item.foreign).schema === foreignSchema,
      ),
    );
    known.set(key, found);
  }
  return found;
};
