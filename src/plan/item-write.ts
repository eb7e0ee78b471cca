import { printName, refuse } from '../base/index.ts';
import { mayUse, mayUseColumn, resourceColumns } from '../contract/index.ts';
import { type Column, type Relation, readDirectives } from '../model/index.ts';
import type { Ask, Slot } from '../request/index.ts';
import { planVersion } from './named-item.ts';
import type {
  FixedColumn,
  ItemPlan,
  PayloadColumn,
  Predicate,
  ReadPlan,
  VersionPlan,
  WritePlan,
} from './plan.ts';
import type { Planner } from './planner.ts';
import { neededColumns, planPayloadColumn } from './write.ts';

const slotOf = (predicate: Predicate): Slot => {
  if (predicate.kind !== 'filter' || predicate.operation.kind !== 'compare')
    throw new TypeError('a key is compared with the values of the path');
  return predicate.operation.value;
};

/** The conditions under which the row may be changed, as tests of the row itself. */
const planConditions = (planner: Planner, ask: Ask, resource: Relation): readonly Predicate[] => {
  const { conditions } = ask;
  if (conditions?.absent === true) return [{ kind: 'never' }];
  const version = planVersion(planner, resource);
  if (Array.isArray(conditions?.match)) return [{ kind: 'version', columns: version?.columns ?? [] }];
  // If-Match goes before it, and without a column that tells the time nobody knows (RFC 9110, section 13.2.2).
  const modified = version?.modified;
  return conditions?.match === undefined &&
    conditions?.unmodifiedSince !== undefined &&
    modified !== undefined
    ? [{ kind: 'unmodified', column: modified }]
    : [];
};

/** A table may ask of all who change its items that they say which version they mean: `@require-match`. */
export const refuseUnconditional = ({ settings }: Planner, ask: Ask, resource: Relation): void => {
  const { conditions } = ask;
  if (conditions?.match !== undefined) return;
  if (ask.verb === 'replace' && conditions?.absent === true) return;
  if (
    settings.requireMatch?.has(printName(resource)) === true ||
    readDirectives(resource.comment).has('require-match')
  )
    refuse('ASH428', {
      hint: 'Read the item, and send the ETag of that answer as If-Match. If-Match: * means whatever version there is.',
    });
};

/** Whether the caller may say what a column holds. */
const isGiven = ({ generated, identity }: Column): boolean => generated === null && identity !== 'always';

const payloadColumns = (planner: Planner, ask: Ask, resource: Relation): readonly PayloadColumn[] => {
  const { payload } = ask;
  if (payload?.kind !== 'json' || payload.form !== 'object')
    return refuse('ASH102', { details: 'An item is one row, so the body has to be one JSON object.' });
  const names = ask.verb === 'update' && ask.query.columns !== undefined ? ask.query.columns : payload.keys;
  return [...new Set(names)].sort().map((name) => planPayloadColumn(planner, resource, name));
};

/** The body may repeat the key of the path, and must not contradict it. */
const keyInBody = (
  item: ItemPlan,
  resource: Relation,
  columns: readonly PayloadColumn[],
): readonly Predicate[] =>
  item.key.filter((_, i) => columns.some(({ name }) => name === resource.primaryKey[i]));

const fixedKey = (known: ReadonlyMap<string, Column>, name: string, predicate: Predicate): FixedColumn => ({
  name,
  type: known.get(name)?.type ?? 'text',
  value: { from: 'slot', slot: slotOf(predicate) },
});

/**
 * PUT: the row is what the body says, and what it leaves out has its default. Where there may be no such row yet,
 * it is created.
 */
const planReplace = (
  planner: Planner,
  ask: Ask,
  resource: Relation,
  item: ItemPlan,
  base: Pick<
    WritePlan,
    'relation' | 'payload' | 'returning' | 'applyDefaults' | 'conflict' | 'countInserted'
  >,
): WritePlan => {
  const { contract } = planner;
  const known = resourceColumns(contract, resource);
  const key = resource.primaryKey;
  const columns = payloadColumns(planner, ask, resource);
  const said = new Set(columns.map(({ name }) => name));
  const resets = [...known.values()]
    .filter((column) => isGiven(column) && !said.has(column.name) && !key.includes(column.name))
    .filter((column) => mayUseColumn(contract, resource, column, 'UPDATE'))
    .map(({ name }) => name);
  const fixed = key.map((name, i) => fixedKey(known, name, item.key[i] as Predicate));
  const inBody = keyInBody(item, resource, columns);
  const creates =
    ask.conditions?.match === undefined &&
    ask.conditions?.unmodifiedSince === undefined &&
    mayUse(contract, resource, 'INSERT') &&
    key.every((name) => {
      const column = known.get(name);
      return column !== undefined && isGiven(column);
    });
  if (!creates)
    return {
      ...base,
      kind: 'update',
      columns,
      resets,
      fixed,
      where: [...item.key, ...planConditions(planner, ask, resource)],
      bodyWhere: inBody,
      byKey: true,
    };
  return {
    ...base,
    kind: 'insert',
    columns,
    resets,
    fixed,
    conflict: { resolution: ask.conditions?.absent === true ? 'ignore' : 'merge', columns: key },
    where: inBody,
    byKey: true,
    countInserted: true,
  };
};

/**
 * The write of one row that the path names.
 *
 * @param version what its version is told by; undefined: nobody asks
 * @throws ASH428 where the table asks for If-Match and there is none
 */
export const planItemWrite = (
  planner: Planner,
  ask: Ask,
  resource: Relation,
  read: ReadPlan,
  item: ItemPlan,
  version: VersionPlan | undefined,
): WritePlan => {
  refuseUnconditional(planner, ask, resource);
  const shown = ask.preferences.return === 'representation';
  const needed = shown ? neededColumns(read, resource.primaryKey) : [];
  // Nobody asks what the version of a row was that is gone.
  const told = ask.verb === 'delete' && !shown ? undefined : version;
  const versioned = [...(told?.columns ?? []), ...(told?.modified === undefined ? [] : [told.modified])];
  const base = {
    relation: item.relation,
    payload: 'object' as const,
    returning: [...needed, ...versioned].includes('*') ? ['*'] : [...new Set([...needed, ...versioned])],
    applyDefaults: false,
    conflict: undefined,
    countInserted: false,
  };
  switch (ask.verb) {
    case 'replace':
      return planReplace(planner, ask, resource, item, base);
    case 'update':
      return {
        ...base,
        kind: 'update',
        columns: payloadColumns(planner, ask, resource),
        applyDefaults: ask.preferences.missing === 'default',
        where: [...item.key, ...planConditions(planner, ask, resource)],
        byKey: true,
      };
    default:
      return {
        ...base,
        kind: 'delete',
        columns: [],
        where: [...item.key, ...planConditions(planner, ask, resource)],
        byKey: true,
      };
  }
};
