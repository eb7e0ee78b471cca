import { printName, type QualifiedName, Refusal, refuse } from '../base/index.ts';
import { findResource, resourceColumns } from '../contract/index.ts';
import type { Relation, Relationship } from '../model/index.ts';
import type { Ask, SelectEmbed, Target } from '../request/index.ts';
import { planCache } from './cache.ts';
import { planOne } from './item.ts';
import { planNamedItem, refuseItemParameters } from './named-item.ts';
import { negotiate } from './negotiate.ts';
import { buildNodes, listLegacyNames } from './node.ts';
import { planTargetPage } from './page.ts';
import type { FixedColumn, ItemPlan, Plan } from './plan.ts';
import { mayRespond, NO_PAGE, planBase, refuseInvalidPreferences, resolveResource } from './plan-base.ts';
import type { Planner } from './planner.ts';
import { planRead, selectsWholeRow } from './read.ts';
import { isToOne, planRelationship } from './relationship.ts';
import { planWrite } from './write.ts';

type Related = Extract<Target, { readonly kind: 'related' }>;

/** The name of the item in the statement; what is related to it has its table's. */
const PARENT = 'ashlar_parent';

/** What the path means, as if it were embedded. */
const asEmbed = ({ relation, hint }: Related): SelectEmbed => ({
  kind: 'embed',
  relation,
  alias: undefined,
  hint,
  join: undefined,
  spread: false,
  select: [],
  span: { parameter: 'select', start: 0, end: 0 },
});

/** The relationship that the last step of the path follows; there is no such path where there is none. */
const followRelation = (planner: Planner, target: Related): Relationship => {
  try {
    return planRelationship(planner, target.name, asEmbed(target));
  } catch (error) {
    if (!(error instanceof Refusal) || error.problem.code !== 'PGRST200') throw error;
    return refuse('ASH404', {
      message: `'${target.name}' has nothing related that is called '${target.relation}'`,
      details: error.problem.details,
      hint: error.problem.hint,
    });
  }
};

const planRelatedRows = (
  planner: Planner,
  ask: Ask,
  relationship: Relationship,
  resource: Relation,
  item: ItemPlan,
): Plan => {
  const name = { schema: resource.schema, name: resource.name };
  const scope = { targetFilters: true, pages: true };
  const node = buildNodes(ask.query, scope, planner.settings.legacyTargetNames);
  const read = planRead(
    planner,
    { source: { kind: 'related', relationship, parent: item }, resource, name: resource.name },
    node,
    planTargetPage(ask.page),
    true,
  );
  const form = negotiate(planner, name, selectsWholeRow(read), ask.accept);
  refuseInvalidPreferences(ask);
  return {
    ...planBase(planner, ask, form),
    verb: 'read',
    write: undefined,
    call: undefined,
    read,
    item,
    row: 'record',
    singleRow: false,
    output: ask.headersOnly ? { mode: 'none' } : form.output,
    readOnly: true,
    guards: form.guards,
    location: undefined,
    asksResponse: mayRespond(planner),
    legacyNames: listLegacyNames(node),
    cache: planCache(
      planner,
      relationship.kind === 'many-to-many'
        ? [name, item.relation, relationship.junction.relation]
        : [name, item.relation],
      read,
    ),
  };
};

/** The columns of the new rows that tie them to the item. */
const tyingColumns = (
  planner: Planner,
  relationship: Relationship,
  resource: Relation,
): readonly FixedColumn[] => {
  const owns =
    relationship.kind === 'one-to-many' || (relationship.kind === 'one-to-one' && relationship.isParent);
  if (!owns)
    return refuse('PGRST117', {
      message: `Nothing can be created here: ${printName(resource)} does not refer to ${printName(relationship.relation)} by a foreign key of its own`,
    });
  const columns = resourceColumns(planner.contract, resource);
  return relationship.columns.map(([own, foreign]) => ({
    name: foreign,
    type: columns.get(foreign)?.type ?? 'text',
    value: { from: 'parent', column: own },
  }));
};

/** POST: new rows that refer to the item. */
const planRelatedCreate = (
  planner: Planner,
  ask: Ask,
  relationship: Relationship,
  resource: Relation,
  item: ItemPlan,
): Plan => {
  const name: QualifiedName = { schema: resource.schema, name: resource.name };
  const fixed = tyingColumns(planner, relationship, resource);
  const scope = { targetFilters: false, pages: false };
  const node = buildNodes(ask.query, scope, planner.settings.legacyTargetNames);
  const source = { kind: 'result' } as const;
  const read = planRead(planner, { source, resource, name: resource.name }, node, NO_PAGE, false);
  const write = planWrite(planner, ask, resource, read);
  const given = write.columns.map(({ name: column }) => column);
  const twice = fixed.filter((column) => given.includes(column.name)).map(({ name: column }) => column);
  if (twice.length > 0)
    refuse('ASH102', {
      details: `The path says what ${twice.join(', ')} is, so the body cannot`,
      hint: `Leave it out of the body, or POST to /${resource.name}.`,
    });
  if (write.conflict?.resolution === 'merge')
    refuse('ASH102', {
      details: 'A row that is there already may be of another item, so none is changed here',
      hint: `POST to /${resource.name} to merge duplicates.`,
    });
  refuseInvalidPreferences(ask);
  const form = negotiate(planner, name, selectsWholeRow(read), ask.accept);
  const shown = ask.preferences.return === 'representation';
  return {
    ...planBase(planner, ask, form),
    verb: 'write',
    write: { ...write, fixed, parent: item },
    call: undefined,
    read,
    item,
    row: 'record',
    singleRow: false,
    output: shown ? form.output : { mode: 'none' },
    readOnly: false,
    guards: form.guards,
    location: ask.preferences.return === 'headers-only' ? resource.primaryKey : undefined,
    asksResponse: mayRespond(planner),
    legacyNames: listLegacyNames(node),
  };
};

/** Plans what is done to the rows that are related to an item. */
export const planRelatedAsk = (planner: Planner, ask: Ask, target: Related): Plan => {
  const parent = resolveResource(planner, { schema: ask.schema, name: target.name });
  const item = planNamedItem(planner, parent, target, PARENT);
  const relationship = followRelation(planner, target);
  const resource = findResource(planner.contract, relationship.foreign);
  if (resource === undefined)
    return refuse('ASH404', {
      message: `'${target.name}' has nothing related that is called '${target.relation}'`,
    });
  if (ask.verb === 'create') return planRelatedCreate(planner, ask, relationship, resource, item);
  if (!isToOne(relationship)) return planRelatedRows(planner, ask, relationship, resource, item);
  const name = { schema: resource.schema, name: resource.name };
  refuseItemParameters(ask.query, name);
  const source = { kind: 'related', relationship, parent: item } as const;
  const one = planOne(planner, ask, resource, name, source, item);
  return { ...one, verb: 'read', write: undefined, readOnly: true };
};
