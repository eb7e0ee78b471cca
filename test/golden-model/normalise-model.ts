import type { Column, Grant, Model, Relation, Routine } from '../../src/model/index.ts';

/** A model without what differs between databases or versions of Postgres, though the schema is the same. */
type NormalisedModel = { readonly [part: string]: unknown };

const OURS = /^golden_/;

/** Leaves out what is null or an empty list, all the way down, so that there is less to read. */
const omitNothing = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(omitNothing);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(
    ([, item]) => item !== null && !(Array.isArray(item) && item.length === 0),
  );
  return Object.fromEntries(fields.map(([key, item]) => [key, omitNothing(item)]));
};

/**
 * Puts names in the place of oids, and leaves out what is not the schema's own: Postgres' version and its
 * types, roles of others, and MAINTAIN, which owners have from Postgres 17 on.
 */
export const normaliseModel = (model: Model): unknown => omitNothing(nameObjects(model));

const nameObjects = (model: Model): NormalisedModel => {
  const names = new Map<number, string>();
  const name = (oid: number, text: string): void => void names.set(oid, text);
  for (const type of model.types) name(type.oid, `${type.schema}.${type.name}`);
  for (const relation of model.relations) name(relation.rowType, `${relation.schema}.${relation.name}`);
  const typeName = (oid: number): string => names.get(oid) ?? 'unknown';

  const relations = new Map(model.relations.map((relation) => [relation.oid, relation]));
  const relationName = (oid: number): string => {
    const relation = relations.get(oid);
    return relation === undefined ? 'unknown' : `${relation.schema}.${relation.name}`;
  };
  const columnName = (oid: number, number: number): string =>
    relations.get(oid)?.columns.find((column) => column.number === number)?.name ?? 'unknown';
  const routines = new Map(
    model.routines.map((routine) => [routine.oid, `${routine.schema}.${routine.name}`]),
  );

  const normaliseGrants = (grants: readonly Grant[]) => {
    const privileges = new Map<string, string[]>();
    for (const { grantee, privilege } of grants) {
      if (privilege === 'MAINTAIN') continue;
      privileges.set(grantee, [...(privileges.get(grantee) ?? []), privilege]);
    }
    return [...privileges].map(([grantee, list]) => `${grantee}: ${list.join(', ')}`);
  };
  const normaliseColumn = ({ typeOid, origin, grants, ...column }: Column) => ({
    ...column,
    typeOid: typeName(typeOid),
    origin:
      origin === null
        ? null
        : `${relationName(origin.relation)}.${columnName(origin.relation, origin.column)}`,
    grants: normaliseGrants(grants),
  });
  const normaliseRelation = ({ oid: _, rowType, columns, grants, ...relation }: Relation) => ({
    ...relation,
    rowType: typeName(rowType),
    grants: normaliseGrants(grants),
    columns: columns.map(normaliseColumn),
  });
  const normaliseRoutine = ({ oid: _, parameters, returns, ...routine }: Routine) => ({
    ...routine,
    parameters: parameters.map(({ typeOid, ...parameter }) => ({ ...parameter, typeOid: typeName(typeOid) })),
    returns: {
      ...returns,
      typeOid: typeName(returns.typeOid),
      relation: returns.relation === null ? null : relationName(returns.relation),
    },
  });

  const { postgres: _, ...parts } = model;
  return {
    ...parts,
    schemas: model.schemas.map(({ oid: _, ...schema }) => schema),
    relations: model.relations.map(normaliseRelation),
    foreignKeys: model.foreignKeys.map(({ oid: _, ...key }) => ({
      ...key,
      relation: relationName(key.relation),
      columns: key.columns.map((number) => columnName(key.relation, number)),
      foreignRelation: relationName(key.foreignRelation),
      foreignColumns: key.foreignColumns.map((number) => columnName(key.foreignRelation, number)),
    })),
    routines: model.routines.map(normaliseRoutine),
    types: model.types
      .filter((type) => type.schema !== 'pg_catalog')
      .map(({ oid: _, over, ...type }) => ({ ...type, over: over === null ? null : typeName(over) })),
    roles: model.roles.filter((role) => OURS.test(role.name)).map(({ oid: _, ...role }) => role),
    policies: model.policies.map(({ oid: _, relation, ...policy }) => ({
      ...policy,
      relation: relationName(relation),
    })),
    mediaHandlers: model.mediaHandlers.map(({ routine, ...handler }) => ({
      ...handler,
      routine: routine === null ? null : routines.get(routine),
    })),
  };
};
