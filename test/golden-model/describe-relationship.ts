import { printName } from '../../src/base/index.ts';
import type { Relationship } from '../../src/model/index.ts';

const printPairs = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([own, other]) => `${own} = ${other}`).join(', ');

/** All that a relationship holds, but for the relation that it starts from, in one line. */
export const describeRelationship = (relationship: Relationship): string => {
  const { kind, foreign, isSelf } = relationship;
  const start = `${kind} ${printName(foreign)}`;
  const self = isSelf ? ', self' : '';
  if (relationship.kind === 'computed')
    return `${start} by ${printName(relationship.function)}${relationship.toOne ? ', to one' : ''}${self}`;
  const views = `${relationship.relationIsView ? ', from view' : ''}${relationship.foreignIsView ? ', to view' : ''}`;
  if (relationship.kind === 'many-to-many') {
    const { relation, constraint1, constraint2, sourceColumns, targetColumns } = relationship.junction;
    const source = `${constraint1} (${printPairs(sourceColumns)})`;
    const target = `${constraint2} (${printPairs(targetColumns)})`;
    return `${start} over ${printName(relation)} by ${source} and ${target}${self}${views}`;
  }
  const { constraint, columns, isParent } = relationship;
  return `${start} by ${constraint} (${printPairs(columns)})${isParent ? ', parent' : ''}${self}${views}`;
};
