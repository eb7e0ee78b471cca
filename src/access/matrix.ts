import type { RelationKind } from '../model/index.ts';
import type { Reach } from './reach.ts';

export type AccessVerb = 'select' | 'insert' | 'update' | 'delete' | 'execute';

/** What an answer was derived from: a grant, a policy, or a rule of Postgres. */
export type Evidence = {
  readonly kind: 'grant' | 'policy' | 'rule';
  /** A sentence for a person. */
  readonly text: string;
  /** The statement that says so in the database, where there is one. */
  readonly sql?: string;
};

/** A row that was tried in somebody's name. */
export type Trial = {
  /** Who asked, such as `alice`. */
  readonly as: string;
  /** Whose row it is and what is particular about it, such as `bob's, published = false`. */
  readonly row: string;
  /** What the policies' expressions give for it; null: they decide nothing here, or could not be evaluated. */
  readonly evaluated: boolean | null;
  /** What a statement did to it; null: it could not be tried. */
  readonly probed: boolean | null;
};

export type ColumnAccess = { readonly column: string; readonly reach: Reach };

export type VerbAccess = {
  readonly verb: AccessVerb;
  /** The furthest of the columns; for `delete` and `execute`, which have none, of the whole. */
  readonly reach: Reach;
  /** In the relation's order; empty for `delete` and `execute`. */
  readonly columns: readonly ColumnAccess[];
  readonly because: readonly Evidence[];
  /** Why it is unknown, or what is to be known beside. */
  readonly notes: readonly string[];
  readonly tried: readonly Trial[];
};

export type RelationAccess = {
  readonly schema: string;
  /** For a routine with the types of its arguments: `search(text)`. */
  readonly name: string;
  readonly kind: RelationKind | 'routine';
  readonly verbs: readonly VerbAccess[];
};

export type RoleAccess = {
  readonly role: string;
  /** What holds for the role as a whole, such as that policies do not apply to it. */
  readonly notes: readonly string[];
  readonly relations: readonly RelationAccess[];
};

/** Who can do what: role × relation × verb × column. Everything in it is in a fixed order. */
export type AccessMatrix = {
  /** Of this shape. */
  readonly version: 1;
  readonly schemas: readonly string[];
  readonly roles: readonly RoleAccess[];
};
