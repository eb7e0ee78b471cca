import { printName, type QualifiedName, refuse } from '../base/index.ts';
import { resourceColumns, visibleColumns } from '../contract/index.ts';
import { type Relation, readDirectives } from '../model/index.ts';
import type { Operation, Query, Slot } from '../request/index.ts';
import { planFilterColumn } from './column.ts';
import type { ItemPlan, Predicate, VersionPlan } from './plan.ts';
import { type Planner, resourceScope } from './planner.ts';

/** What a path says of an item. */
export type NamedItem = { readonly name: string; readonly key: readonly Slot[] };

const refuseKey = (resource: Relation, given: number): never => {
  const { primaryKey } = resource;
  const count = primaryKey.length;
  if (count === 0)
    return refuse('ASH404', {
      hint: `'${resource.name}' has no primary key, so its rows have no addresses of their own: use filters, /${resource.name}?column=eq.value`,
    });
  return refuse('ASH404', {
    hint: `The key of '${resource.name}' has ${count} column${count === 1 ? '' : 's'} (${primaryKey.join(', ')}), the path gives ${given} value${given === 1 ? '' : 's'}. Values are parted by commas; a comma inside of one is written ~2C.`,
  });
};

const equals = (value: Slot): Operation => ({
  kind: 'compare',
  operator: 'eq',
  quantifier: undefined,
  value,
});

/**
 * The row that a path names: the columns of the primary key with the values of the path, which are bound.
 *
 * @param alias the name that its columns are qualified with
 * @throws ASH404 where the path has more or fewer values than the key has columns
 */
export const planNamedItem = (
  planner: Planner,
  resource: Relation,
  named: NamedItem,
  alias: string,
): ItemPlan => {
  const { primaryKey } = resource;
  if (primaryKey.length === 0 || primaryKey.length !== named.key.length)
    return refuseKey(resource, named.key.length);
  const scope = resourceScope(planner, resource, alias);
  const columns = resourceColumns(planner.contract, resource);
  return {
    relation: { schema: resource.schema, name: resource.name },
    alias,
    key: primaryKey.map((name, i): Predicate => {
      const operation = equals(named.key[i] as Slot);
      const column = planFilterColumn(planner, scope, { name, path: [] }, operation);
      return { kind: 'filter', column, negated: false, operation };
    }),
    keyTypes: primaryKey.map((name) => columns.get(name)?.baseType ?? 'text'),
  };
};

/** What the caller's version of a row is told by; undefined: they see none of its columns. */
export const planVersion = (planner: Planner, resource: Relation): VersionPlan | undefined => {
  const names = visibleColumns(planner.contract, resource).map(({ name }) => name);
  if (names.length === 0) return undefined;
  const modified = readDirectives(resource.comment).get('modified');
  return {
    columns: names.length === resource.columns.length ? ['*'] : names,
    modified: names.find((name) => name === modified),
  };
};

/** What can be said of an item beside its columns: nothing that finds, orders or pages rows. */
export const refuseItemParameters = (query: Query, name: QualifiedName): void => {
  const own = ({ path }: { readonly path: readonly string[] }): boolean => path.length === 0;
  const said = [
    ...query.filters.filter(own).map(({ said }) => said.field.name),
    ...query.logic.filter(own).map(({ said }) => said.operator),
    ...(query.order.some(own) ? ['order'] : []),
    ...(query.limits.some(own) ? ['limit'] : []),
    ...(query.offsets.some(own) ? ['offset'] : []),
    ...(query.onConflict === undefined ? [] : ['on_conflict']),
  ];
  if (said.length > 0)
    refuse('ASH101', {
      details: `An item of ${printName(name)} is named by its path; these parameters say which rows are meant: ${said.join(', ')}`,
      hint: `Leave them out, or ask the collection: /${name.name}?${said[0]}=…`,
    });
};
