import { findRelationships } from '../contract/index.ts';
import type { Relationship } from '../model/index.ts';
import type { SelectEmbed } from '../request/index.ts';
import type { Planner } from './planner.ts';
import { refuseAmbiguousRelationship, refuseNoRelationship } from './refusals.ts';

type ForeignKeyRelationship = Exclude<Relationship, { kind: 'computed' | 'many-to-many' }>;

const singleColumn = (relationship: ForeignKeyRelationship): readonly [string, string] | undefined =>
  relationship.columns.length === 1 ? relationship.columns[0] : undefined;

/** A foreign key of a relation to itself: children by the table's name, the parent by the column's. */
const matchesSelf = (relationship: ForeignKeyRelationship, target: string, hint: string | undefined) => {
  const column = singleColumn(relationship);
  const toMany = relationship.kind === 'one-to-many' && target === relationship.foreign.name;
  if (hint !== undefined) return toMany && column?.[1] === hint;
  return toMany || (relationship.kind === 'many-to-one' && column?.[0] === target);
};

const matchesForeignKey = (
  relationship: ForeignKeyRelationship,
  target: string,
  hint: string | undefined,
) => {
  const column = singleColumn(relationship);
  const byName = target === relationship.foreign.name;
  if (hint !== undefined)
    return byName && (hint === relationship.constraint || hint === column?.[0] || hint === column?.[1]);
  const byKey = target === relationship.constraint || target === column?.[0];
  return byName || (byKey && !relationship.foreignIsView);
};

/** Whether a relationship is what `target!hint` means, by PostgREST's rules of resource embedding. */
const matches = (relationship: Relationship, target: string, hint: string | undefined): boolean => {
  switch (relationship.kind) {
    case 'computed':
      return target === relationship.function.name;
    case 'many-to-many':
      if (relationship.isSelf) return false;
      return (
        target === relationship.foreign.name &&
        (hint === undefined || hint === relationship.junction.relation.name)
      );
    default:
      return relationship.isSelf
        ? matchesSelf(relationship, target, hint)
        : matchesForeignKey(relationship, target, hint);
  }
};

/** The one relationship between `parent` and what the request wants to embed. */
export const planRelationship = (planner: Planner, parent: string, embed: SelectEmbed): Relationship => {
  const { relation, hint } = embed;
  const found = findRelationships(
    planner.contract,
    { schema: planner.schema, name: parent },
    planner.schema,
  ).filter((relationship) => matches(relationship, relation, hint));
  const [first] = found;
  if (first === undefined)
    return refuseNoRelationship(planner.contract, planner.schema, parent, relation, hint);
  if (found.length > 1) return refuseAmbiguousRelationship(parent, relation, found);
  return first;
};

/** Whether each row of the parent has at most one. */
export const isToOne = (relationship: Relationship): boolean => {
  switch (relationship.kind) {
    case 'many-to-one':
    case 'one-to-one':
      return true;
    case 'computed':
      return relationship.toOne;
    default:
      return false;
  }
};
