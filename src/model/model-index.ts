import type { QualifiedName } from '../base/index.ts';
import { isCallable } from './callable.ts';
import { type ForeignKeyEnd, type ForeignKeyEnds, findForeignKeyEnds } from './foreign-key-ends.ts';
import type {
  Column,
  MediaHandler,
  Model,
  Oid,
  Relation,
  Representation,
  Role,
  Routine,
  Type,
} from './model.ts';
import { nameKey } from './name-key.ts';
import { compareRoutines } from './routine-order.ts';

/** One end of a foreign key, from which the other ends are reached. */
export type ForeignKeyStep = { readonly ends: ForeignKeyEnds; readonly end: ForeignKeyEnd };

/**
 * A model with the look-ups that requests need. Made once per model (`indexModel`); what few requests
 * ask for is worked out when first asked.
 */
export type ModelIndex = {
  readonly model: Model;
  /** The schemas that are served, or undefined where all are: see `relationshipsOf`. */
  readonly served: ReadonlySet<string> | undefined;
  /** By `nameKey`. */
  readonly relations: ReadonlyMap<string, Relation>;
  readonly relationByOid: ReadonlyMap<Oid, Relation>;
  readonly relationByRowType: ReadonlyMap<Oid, Relation>;
  /** Functions that clients can call, by `nameKey`, overloads in the order in which they are listed. */
  readonly routines: ReadonlyMap<string, readonly Routine[]>;
  readonly routineByOid: ReadonlyMap<Oid, Routine>;
  /** Functions whose only argument is a row, by the row's type. */
  readonly rowFunctions: ReadonlyMap<Oid, readonly Routine[]>;
  /** By schema and name, see `findType`. */
  readonly types: ReadonlyMap<string, Type>;
  readonly typeByOid: ReadonlyMap<Oid, Type>;
  readonly roles: ReadonlyMap<string, Role>;
  /** By source and target, with U+0000 between. */
  readonly representations: ReadonlyMap<string, Representation>;
  readonly mediaHandlers: readonly MediaHandler[];
  /** The foreign keys that leave a relation and those that arrive, by `nameKey`. */
  readonly outgoing: ReadonlyMap<string, readonly ForeignKeyStep[]>;
  readonly incoming: ReadonlyMap<string, readonly ForeignKeyStep[]>;
};

const collect = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
};

/**
 * Indexes a model.
 *
 * @param served the schemas that are served; where given, relationships do not lead out of them nor
 *   through a junction in another
 * @example findRelation(indexModel(model), { schema: 'public', name: 'posts' })
 */
export const indexModel = (model: Model, served?: Iterable<string>): ModelIndex => {
  const relations = new Map<string, Relation>();
  const relationByOid = new Map<Oid, Relation>();
  const relationByRowType = new Map<Oid, Relation>();
  for (const relation of model.relations) {
    relations.set(nameKey(relation), relation);
    relationByOid.set(relation.oid, relation);
    relationByRowType.set(relation.rowType, relation);
  }

  const routines = new Map<string, Routine[]>();
  const rowFunctions = new Map<Oid, Routine[]>();
  for (const routine of [...model.routines].sort(compareRoutines)) {
    if (isCallable(routine)) collect(routines, nameKey(routine), routine);
    const [row, ...others] = routine.parameters;
    if (row !== undefined && others.length === 0 && relationByRowType.has(row.typeOid))
      collect(rowFunctions, row.typeOid, routine);
  }

  const outgoing = new Map<string, ForeignKeyStep[]>();
  const incoming = new Map<string, ForeignKeyStep[]>();
  for (const ends of findForeignKeyEnds(model, relationByOid)) {
    for (const end of ends.from) collect(outgoing, nameKey(end.relation), { ends, end });
    for (const end of ends.to) collect(incoming, nameKey(end.relation), { ends, end });
  }

  return Object.freeze({
    model,
    served: served === undefined ? undefined : new Set(served),
    relations,
    relationByOid,
    relationByRowType,
    routines,
    routineByOid: new Map(model.routines.map((routine) => [routine.oid, routine])),
    rowFunctions,
    types: new Map(model.types.map((type) => [nameKey(type), type])),
    typeByOid: new Map(model.types.map((type) => [type.oid, type])),
    roles: new Map(model.roles.map((role) => [role.name, role])),
    representations: new Map(
      model.representations.map((item) => [`${item.source}\u0000${item.target}`, item]),
    ),
    mediaHandlers: model.mediaHandlers,
    outgoing,
    incoming,
  });
};

/** The table or view of this name. Partitions are found with the table they are part of, not here. */
export const findRelation = (index: ModelIndex, name: QualifiedName): Relation | undefined => {
  const relation = index.relations.get(nameKey(name));
  return relation?.isPartition ? undefined : relation;
};

/** The functions of this name that clients can call; the least parameters first. */
export const findRoutines = (index: ModelIndex, name: QualifiedName): readonly Routine[] =>
  index.routines.get(nameKey(name)) ?? [];

const columns = new WeakMap<Relation, ReadonlyMap<string, Column>>();

/** The columns of a relation by name, in their order. */
export const columnsByName = (_index: ModelIndex, relation: Relation): ReadonlyMap<string, Column> => {
  let byName = columns.get(relation);
  if (byName === undefined) {
    byName = new Map(relation.columns.map((column) => [column.name, column]));
    columns.set(relation, byName);
  }
  return byName;
};

/** The column of this name. */
export const findColumn = (index: ModelIndex, relation: Relation, name: string): Column | undefined =>
  columnsByName(index, relation).get(name);

/**
 * The names of the functions that take a row of the relation and give one value: they can be selected
 * like columns (Postgres, "Using Composite Types in Queries").
 */
export const computedFieldsOf = (index: ModelIndex, relation: Relation): ReadonlySet<string> =>
  new Set(
    (index.rowFunctions.get(relation.rowType) ?? [])
      .filter(({ returns }) => returns.kind === 'scalar' && !returns.set)
      .map((routine) => routine.name),
  );
