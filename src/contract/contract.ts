import { findSimilar, type QualifiedName, sameName } from '../base/index.ts';
import {
  type Column,
  columnsByName,
  computedFieldsOf,
  findRelation,
  findRoutines,
  findType,
  type Grant,
  isCallable,
  type MediaHandler,
  type ModelIndex,
  type Relation,
  type Relationship,
  type Representation,
  type Routine,
  relationshipsOf,
} from '../model/index.ts';

/** What can be done with a resource. */
export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** For whom an API is published. */
export type Audience = {
  readonly role: string;
  /** Served schemas; the first is the default. */
  readonly schemas: readonly string[];
  /** Schemas whose functions and types may be used without being served. */
  readonly extraSearchPath: readonly string[];
};

/**
 * The published API for one role. What exists in the served schemas can be named, as in PostgREST,
 * and Postgres refuses what is not granted; what the role holds no grant on is never suggested to it,
 * nor described.
 */
export type Contract = {
  /** Its version; `live` follows the model. */
  readonly version: string;
  /** Which reading of the database it was made from; a plan names it. */
  readonly snapshot: number;
  readonly audience: Audience;
  readonly index: ModelIndex;
  /** The role and all whose rights it inherits, and PUBLIC. */
  readonly roles: ReadonlySet<string>;
};

/** The roles whose rights a role has: its own, those it is a member of, and PUBLIC. */
const closeRoles = (index: ModelIndex, role: string): ReadonlySet<string> => {
  const reached = new Set(['PUBLIC']);
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const parent of index.roles.get(name)?.memberOf ?? []) visit(parent);
  };
  visit(role);
  return reached;
};

/** Publishes a model for a role. Look-ups are answered from the model's indexes; nothing is copied. */
export const publish = (index: ModelIndex, snapshot: number, audience: Audience): Contract => ({
  version: 'live',
  snapshot,
  audience,
  index,
  roles: closeRoles(index, audience.role),
});

/** The table or view of this name, if its schema is served. */
export const findResource = (contract: Contract, name: QualifiedName): Relation | undefined =>
  contract.audience.schemas.includes(name.schema) ? findRelation(contract.index, name) : undefined;

/** The columns of a resource by name. */
export const resourceColumns = (contract: Contract, resource: Relation): ReadonlyMap<string, Column> =>
  columnsByName(contract.index, resource);

/** Functions that take the resource's row and can be selected like columns. */
export const resourceComputedFields = (contract: Contract, resource: Relation): ReadonlySet<string> =>
  computedFieldsOf(contract.index, resource);

/** The functions of this name, in the order in which they are tried. */
export const findCallables = (contract: Contract, name: QualifiedName): readonly Routine[] =>
  contract.audience.schemas.includes(name.schema) ? findRoutines(contract.index, name) : [];

/** What can be embedded in a resource, from the schema that the request speaks of. */
export const findRelationships = (
  contract: Contract,
  resource: QualifiedName,
  schema: string,
): readonly Relationship[] => relationshipsOf(contract.index, resource, schema);

/** The SQL name of a type that a request may cast to, or undefined if there is none of this name. */
export const findCastType = (contract: Contract, schema: string, name: string): string | undefined =>
  findType(contract.index, name, [schema, ...contract.audience.extraSearchPath]);

/** The function that makes the one representation of a domain from the other. */
export const findRepresentation = (
  contract: Contract,
  source: string,
  target: string,
): Representation | undefined => contract.index.representations.get(`${source}\u0000${target}`);

const handles = (handler: MediaHandler, of: QualifiedName | undefined): boolean => {
  if (of === undefined) return handler.relation === null && handler.routine === null;
  const target = handler.routine === null ? handler.relation : handler.function;
  return target !== null && sameName(target, of);
};

/**
 * What makes a media type: of a relation's rows, of what a function gives (both by name), or of any
 * rows (undefined).
 */
export const findMediaHandler = (
  contract: Contract,
  mediaType: string,
  of: QualifiedName | undefined,
): MediaHandler | undefined =>
  contract.index.mediaHandlers.find((handler) => handler.mediaType === mediaType && handles(handler, of));

const holds = (contract: Contract, grants: readonly Grant[], privilege: Privilege): boolean =>
  grants.some((grant) => grant.privilege === privilege && contract.roles.has(grant.grantee));

const hasAllRights = (contract: Contract, owner: string): boolean =>
  contract.roles.has(owner) || contract.index.roles.get(contract.audience.role)?.superuser === true;

/** Whether the role holds the privilege on the resource or on some of its columns. */
export const mayUse = (contract: Contract, resource: Relation, privilege: Privilege): boolean =>
  hasAllRights(contract, resource.owner) ||
  holds(contract, resource.grants, privilege) ||
  resource.columns.some((column) => holds(contract, column.grants, privilege));

/** Whether the role holds the privilege on a column, by itself or with the whole resource. */
export const mayUseColumn = (
  contract: Contract,
  resource: Relation,
  column: Column,
  privilege: Privilege,
): boolean =>
  hasAllRights(contract, resource.owner) ||
  holds(contract, resource.grants, privilege) ||
  holds(contract, column.grants, privilege);

/** The columns of a resource that the role may see, in their order. */
export const visibleColumns = (contract: Contract, resource: Relation): readonly Column[] =>
  resource.columns.filter((column) => mayUseColumn(contract, resource, column, 'SELECT'));

/** Whether the role may call the routine. */
export const mayCall = (contract: Contract, routine: Routine): boolean =>
  hasAllRights(contract, routine.owner) || routine.execute.some((role) => contract.roles.has(role));

const PRIVILEGES: readonly Privilege[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

const mayUseSomehow = (contract: Contract, resource: Relation): boolean =>
  PRIVILEGES.some((privilege) => mayUse(contract, resource, privilege));

/** The resources of a schema that the role may use. */
export const usableResources = (contract: Contract, schema: string): readonly Relation[] =>
  contract.index.model.relations.filter(
    (relation) => relation.schema === schema && !relation.isPartition && mayUseSomehow(contract, relation),
  );

/** The routines of a schema that the role may call. */
export const usableRoutines = (contract: Contract, schema: string): readonly Routine[] =>
  contract.index.model.routines.filter(
    (routine) => routine.schema === schema && isCallable(routine) && mayCall(contract, routine),
  );

/** How alike a name has to be before it is suggested: strict enough not to help guessing. */
const SUGGESTION = 0.75;

/** The name of a resource that is probably meant. */
export const suggestResource = (contract: Contract, name: QualifiedName): string | undefined =>
  findSimilar(
    name.name,
    usableResources(contract, name.schema).map((relation) => relation.name),
    SUGGESTION,
  )[0]?.name;

/** The name of a routine that is probably meant. */
export const suggestRoutine = (contract: Contract, name: QualifiedName): string | undefined =>
  findSimilar(
    name.name,
    usableRoutines(contract, name.schema).map((routine) => routine.name),
    SUGGESTION,
  )[0]?.name;
