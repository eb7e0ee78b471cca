import { type QualifiedName, refuse } from '../base/index.ts';
import { visibleColumns } from '../contract/index.ts';
import type { Relation } from '../model/index.ts';
import { APPLICATION_JSON, type Ask, printMediaType, type SelectField } from '../request/index.ts';
import { planCache } from './cache.ts';
import { planItemWrite, refuseUnconditional } from './item-write.ts';
import { type NamedItem, planNamedItem, planVersion, refuseItemParameters } from './named-item.ts';
import { type Negotiated, negotiate } from './negotiate.ts';
import { buildNodes, listLegacyNames } from './node.ts';
import type { Guard, ItemPlan, Output, Plan, ReadPlan, Source } from './plan.ts';
import { mayRespond, NO_PAGE, planBase, refuseInvalidPreferences, resolveResource } from './plan-base.ts';
import type { Planner } from './planner.ts';
import { planRead, selectsWholeRow } from './read.ts';

const ITEM: readonly Guard[] = [{ kind: 'item' }];

/** One row is shown as itself, not as a list of one. */
export const asOne = (output: Output): Output =>
  output.mode === 'rows' ? { mode: 'value', stripNulls: output.stripNulls } : output;

/** Whether all that is shown are columns of the row, as JSON. */
const isPlain = (read: ReadPlan, resource: Relation, form: Negotiated): boolean => {
  const names = new Set(['*', ...resource.columns.map(({ name }) => name)]);
  return (
    read.embeds.length === 0 &&
    // And not what a handler of the database makes of them.
    form.output.mode === 'rows' &&
    form.mediaType === printMediaType(APPLICATION_JSON) &&
    read.columns.every(({ column, aggregate }) => aggregate === undefined && names.has(column.name))
  );
};

/** Aggregates are of many rows. */
const refuseAggregates = (read: ReadPlan): void => {
  if (read.columns.some(({ aggregate }) => aggregate !== undefined))
    refuse('ASH101', { details: 'Aggregates are made of many rows, and an item is one.' });
};

/** What an answer of one row has, whatever was done to it. */
export const planOne = (
  planner: Planner,
  ask: Ask,
  resource: Relation,
  name: QualifiedName,
  source: Source,
  item: ItemPlan,
) => {
  const scope = { targetFilters: false, pages: true };
  const node = buildNodes(ask.query, scope, planner.settings.legacyTargetNames);
  const read = planRead(planner, { source, resource, name: resource.name }, node, NO_PAGE, true);
  refuseAggregates(read);
  const form = negotiate(planner, name, selectsWholeRow(read), ask.accept);
  refuseInvalidPreferences(ask);
  return {
    ...planBase(planner, ask, form),
    count: undefined,
    countLimit: undefined,
    paged: false,
    call: undefined,
    read,
    item,
    version: planVersion(planner, resource),
    plain: isPlain(read, resource, form),
    row: 'record' as const,
    singleRow: false,
    output: asOne(form.output),
    guards: ITEM,
    location: undefined,
    asksResponse: mayRespond(planner),
    legacyNames: listLegacyNames(node),
    cache: ask.verb === 'read' ? planCache(planner, [name, item.relation], read) : undefined,
  };
};

/** A patch is applied to the row as the caller sees it, which is read and locked first. */
const planLock = (planner: Planner, ask: Ask, resource: Relation, item: ItemPlan): Plan => {
  refuseUnconditional(planner, ask, resource);
  const { relation } = item;
  // The columns are those that can be seen, whatever is selected of the row in the end.
  const select = visibleColumns(planner.contract, resource).map((column) => selectColumn(column.name));
  const query = { ...ask.query, select, filters: [], logic: [], order: [], limits: [], offsets: [] };
  const accept = [APPLICATION_JSON];
  const source = { kind: 'relation', relation } as const;
  const one = planOne(planner, { ...ask, query, accept }, resource, relation, source, item);
  return {
    ...one,
    verb: 'read',
    write: undefined,
    output: { mode: 'value', stripNulls: false },
    read: { ...one.read, where: item.key },
    readOnly: false,
    locks: true,
  };
};

const selectColumn = (name: string): SelectField => ({
  kind: 'field',
  field: { name, path: [] },
  alias: undefined,
  cast: undefined,
  aggregate: undefined,
  aggregateCast: undefined,
  span: { parameter: 'select', start: 0, end: 0 },
});

/** Plans what is done to one row: it is read, replaced, changed or deleted. */
export const planItemAsk = (planner: Planner, ask: Ask, named: NamedItem): Plan => {
  const name = { schema: ask.schema, name: named.name };
  const resource = resolveResource(planner, name);
  refuseItemParameters(ask.query, name);
  const item = planNamedItem(planner, resource, named, resource.name);
  if (ask.verb === 'read') {
    const one = planOne(planner, ask, resource, name, { kind: 'relation', relation: name }, item);
    return {
      ...one,
      verb: 'read',
      write: undefined,
      read: { ...one.read, where: [...item.key, ...one.read.where] },
      readOnly: true,
    };
  }
  // What a patch does not name stays as it is; with a list of columns it would become NULL.
  if (ask.verb === 'update' && ask.query.columns !== undefined)
    refuse('ASH101', {
      details:
        'The body says which columns of an item are changed, and columns which there are beside: leave it out.',
    });
  if (ask.payload?.kind === 'patch') return planLock(planner, ask, resource, item);
  const one = planOne(planner, ask, resource, name, { kind: 'result' }, item);
  const write = planItemWrite(planner, ask, resource, one.read, item, one.version);
  const shown = ask.preferences.return === 'representation';
  return {
    ...one,
    verb: 'write',
    write,
    output: shown ? one.output : { mode: 'none' },
    readOnly: false,
  };
};
