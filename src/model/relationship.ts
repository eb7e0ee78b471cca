import type { QualifiedName } from '../base/index.ts';

/** Pairs of columns that are equal in related rows, in the order of the constraint. */
export type ColumnPairs = readonly (readonly [own: string, foreign: string])[];

type Ends = {
  /** Whose row is at hand. */
  readonly relation: QualifiedName;
  /** Whose rows are looked for. */
  readonly foreign: QualifiedName;
  readonly isSelf: boolean;
};

type ForeignKeyEnds = Ends & {
  readonly relationIsView: boolean;
  readonly foreignIsView: boolean;
};

/** A foreign key, seen from one of its ends; it may lead through views that show its columns. */
export type KeyRelationship = ForeignKeyEnds & {
  readonly kind: 'many-to-one' | 'one-to-many' | 'one-to-one';
  readonly constraint: string;
  readonly columns: ColumnPairs;
  /** One-to-one only: the foreign key is the other relation's. */
  readonly isParent: boolean;
};

/** Two foreign keys of a third relation, whose columns are all part of its primary key. */
export type JunctionRelationship = ForeignKeyEnds & {
  readonly kind: 'many-to-many';
  readonly junction: Junction;
};

export type Junction = {
  readonly relation: QualifiedName;
  readonly constraint1: string;
  readonly constraint2: string;
  readonly sourceColumns: readonly (readonly [own: string, junction: string])[];
  readonly targetColumns: readonly (readonly [foreign: string, junction: string])[];
};

/** A function that takes a row of the relation and returns rows of another. */
export type ComputedRelationship = Ends & {
  readonly kind: 'computed';
  readonly function: QualifiedName;
  readonly toOne: boolean;
};

/** How the rows of one relation lead to those of another. */
export type Relationship = KeyRelationship | JunctionRelationship | ComputedRelationship;
