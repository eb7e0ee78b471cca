import { refuse } from '../base/index.ts';
import { findRepresentation, resourceColumns } from '../contract/index.ts';
import type { Relation } from '../model/index.ts';
import type { Ask, Condition, Query } from '../request/index.ts';
import { planCondition } from './condition.ts';
import type { PayloadColumn, Predicate, ReadPlan, WritePlan } from './plan.ts';
import { openScope, type Planner, resourceScope, type Scope } from './planner.ts';
import { joinColumns } from './read.ts';
import { refuseUnknownConflictColumn, refuseUnknownPayloadColumn } from './refusals.ts';

const NO_EMBEDS: ReadonlyMap<string, string> = new Map();

/** What the query string says of the target itself. */
const targetConditions = (query: Query): readonly Condition[] => [
  ...query.filters.filter(({ path }) => path.length === 0).map(({ said }) => said),
  ...query.logic.filter(({ path }) => path.length === 0).map(({ said }) => said),
];

const planConditions = (planner: Planner, scope: Scope, query: Query): readonly Predicate[] =>
  targetConditions(query).map((condition) => planCondition(planner, scope, condition, NO_EMBEDS));

/** The names of the fields that are written: `columns=`, or the keys of the body. */
const payloadNames = (ask: Ask): readonly string[] => {
  const named = ask.verb === 'replace' ? undefined : ask.query.columns;
  if (named !== undefined) return [...new Set(named)].sort();
  return ask.payload?.kind === 'json' ? ask.payload.keys : [];
};

export const planPayloadColumn = (planner: Planner, resource: Relation, name: string): PayloadColumn => {
  const columns = resourceColumns(planner.contract, resource);
  const column = columns.get(name);
  if (column === undefined)
    return refuseUnknownPayloadColumn(
      resource.name,
      name,
      planner.settings.suggestsColumns === true ? columns.keys() : [],
    );
  const transform = findRepresentation(planner.contract, 'json', column.type)?.function;
  return {
    name,
    type: transform === undefined ? column.type : 'json',
    default: column.default ?? undefined,
    transform,
  };
};

/** The columns by which a row is known to be there already: `on_conflict=`, or the primary key. */
const planConflictColumns = (planner: Planner, ask: Ask, resource: Relation): readonly string[] => {
  const columns = resourceColumns(planner.contract, resource);
  return (ask.query.onConflict ?? resource.primaryKey).map((name) =>
    columns.has(name) ? name : refuseUnknownConflictColumn(name),
  );
};

/**
 * The columns that the write has to give back so that the answer can be made: those selected, those
 * that embeds are joined by, and the key for `Location`.
 */
export const neededColumns = (read: ReadPlan, key: readonly string[]): readonly string[] => {
  const selected = read.columns.map((select) => select.column.name);
  if (selected.includes('*')) return ['*'];
  const joined = read.embeds.map((embed) => joinColumns(embed.relationship));
  if (joined.includes(undefined)) return ['*'];
  const ordered = read.order.filter((item) => item.embed === undefined).map((item) => item.column.name);
  const own = new Set([...selected, ...joined.flatMap((columns) => columns ?? []), ...key]);
  return [...own, ...ordered.filter((name) => !own.has(name))];
};

/** PUT names one row by its whole primary key, with `eq`. */
const namesOneRow = (query: Query, key: readonly string[]): boolean =>
  key.length > 0 &&
  query.logic.length === 0 &&
  new Set(query.filters.map(({ said }) => said.field.name)).size === key.length &&
  query.filters.every(
    ({ path, said }) =>
      path.length === 0 &&
      key.includes(said.field.name) &&
      said.field.path.length === 0 &&
      !said.negated &&
      said.operation.kind === 'compare' &&
      said.operation.operator === 'eq' &&
      said.operation.quantifier === undefined,
  );

const payloadForm = (ask: Ask): WritePlan['payload'] =>
  ask.payload?.kind === 'json' ? ask.payload.form : 'object';

/** The write of a request that creates, changes or deletes rows of a resource. */
export const planWrite = (planner: Planner, ask: Ask, resource: Relation, read: ReadPlan): WritePlan => {
  const { preferences, query } = ask;
  const key = resource.primaryKey;
  const shown = preferences.return === 'representation' || preferences.return === 'headers-only';
  const returning = shown ? neededColumns(read, key) : [];
  const base = {
    relation: { schema: resource.schema, name: resource.name },
    payload: payloadForm(ask),
    returning,
    applyDefaults: false,
    conflict: undefined,
    byKey: false,
    countInserted: false,
  };
  const columns = (): readonly PayloadColumn[] =>
    payloadNames(ask).map((name) => planPayloadColumn(planner, resource, name));
  const scope = resourceScope(planner, resource, resource.name);
  switch (ask.verb) {
    case 'create': {
      const resolution = preferences.resolution;
      return {
        ...base,
        kind: 'insert',
        columns: columns(),
        applyDefaults: preferences.missing === 'default',
        conflict:
          resolution === undefined
            ? undefined
            : {
                resolution: resolution === 'merge-duplicates' ? 'merge' : 'ignore',
                columns: planConflictColumns(planner, ask, resource),
              },
        where: [],
        countInserted: resolution === 'merge-duplicates',
      };
    }
    case 'replace': {
      if (!namesOneRow(query, key)) refuse('PGRST105');
      const body = { ...openScope('pgrst_body'), columns: scope.columns };
      return {
        ...base,
        kind: 'insert',
        columns: columns(),
        conflict: { resolution: 'merge', columns: key },
        where: planConditions(planner, body, query),
        byKey: true,
        countInserted: true,
      };
    }
    case 'update':
      return {
        ...base,
        kind: 'update',
        columns: columns(),
        applyDefaults: preferences.missing === 'default',
        where: planConditions(planner, scope, query),
      };
    default:
      return { ...base, kind: 'delete', columns: [], where: planConditions(planner, scope, query) };
  }
};
