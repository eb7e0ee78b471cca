import { attempt, type QualifiedName, type Result, refuse } from '../base/index.ts';
import { type Contract, translateAsk } from '../contract/index.ts';
import type { Relation, Routine } from '../model/index.ts';
import { type Ask, checkQuery } from '../request/index.ts';
import { planCache } from './cache.ts';
import { chooseRoutine, planCall } from './call.ts';
import { planItemAsk } from './item.ts';
import { negotiate } from './negotiate.ts';
import { buildNodes, listLegacyNames } from './node.ts';
import { planTargetPage } from './page.ts';
import { type Plan, SCALAR } from './plan.ts';
import {
  maxAffectedGuard,
  mayRespond,
  NO_PAGE,
  planBase,
  refuseInvalidPreferences,
  resolveResource,
} from './plan-base.ts';
import type { Planner, PlanSettings } from './planner.ts';
import { planRead, type Root, selectsWholeRow } from './read.ts';
import { planRelatedAsk } from './related.ts';
import { planWrite } from './write.ts';

const planReadAsk = (planner: Planner, ask: Ask, name: QualifiedName): Plan => {
  const resource = resolveResource(planner, name);
  const node = buildNodes(
    ask.query,
    { targetFilters: true, pages: true },
    planner.settings.legacyTargetNames,
  );
  const read = planRead(
    planner,
    { source: { kind: 'relation', relation: name }, resource, name: resource.name },
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
    row: 'record',
    singleRow: false,
    output: ask.headersOnly ? { mode: 'none' } : form.output,
    readOnly: true,
    guards: form.guards,
    location: undefined,
    asksResponse: mayRespond(planner),
    legacyNames: listLegacyNames(node),
    cache: planCache(planner, [name], read),
  };
};

const planWriteAsk = (planner: Planner, ask: Ask, name: QualifiedName): Plan => {
  const resource = resolveResource(planner, name);
  const node = buildNodes(
    ask.query,
    { targetFilters: false, pages: false },
    planner.settings.legacyTargetNames,
  );
  const read = planRead(
    planner,
    { source: { kind: 'result' }, resource, name: resource.name },
    node,
    NO_PAGE,
    false,
  );
  const write = planWrite(planner, ask, resource, read);
  refuseInvalidPreferences(ask);
  const form = negotiate(planner, name, selectsWholeRow(read), ask.accept);
  const shown = ask.preferences.return === 'representation';
  const limited = ask.verb === 'update' || ask.verb === 'delete' ? maxAffectedGuard(ask) : [];
  return {
    ...planBase(planner, ask, form),
    verb: 'write',
    write,
    call: undefined,
    read,
    row: 'record',
    singleRow: false,
    output: shown ? form.output : { mode: 'none' },
    readOnly: false,
    guards: ask.verb === 'replace' ? [{ kind: 'put-key' }] : [...form.guards, ...limited],
    location:
      ask.verb === 'create' && ask.preferences.return === 'headers-only' ? resource.primaryKey : undefined,
    asksResponse: mayRespond(planner),
    legacyNames: listLegacyNames(node),
  };
};

/** The relation whose rows a routine gives. */
const returnedResource = (planner: Planner, routine: Routine): Relation | undefined =>
  routine.returns.relation === null
    ? undefined
    : planner.contract.index.relationByOid.get(routine.returns.relation);

/** The columns of what a routine gives; undefined: nobody knows them. */
const returnedColumns = ({ returns }: Routine): Root['columns'] => {
  if (returns.kind !== 'composite') return [{ name: SCALAR, type: returns.type.name }];
  if (returns.columns.length === 0) return undefined;
  // As Postgres calls OUT parameters without a name.
  return returns.columns.map(({ name, type }, i) => ({ name: name === '' ? `column${i + 1}` : name, type }));
};

/** The parameters of a GET that read as filters are filters; all others are arguments. */
const decideParameters = (ask: Ask): Ask => {
  const filters = ask.query.undecided.flatMap(({ filter }) => (filter === undefined ? [] : [filter]));
  return filters.length === 0
    ? ask
    : { ...ask, query: { ...ask.query, filters: [...ask.query.filters, ...filters] } };
};

const planCallAsk = (planner: Planner, asked: Ask, name: QualifiedName): Plan => {
  const ask = decideParameters(asked);
  const routine = chooseRoutine(planner, ask, name);
  const resource = returnedResource(planner, routine);
  const rowName = routine.returns.kind === 'composite' ? routine.returns.type.name : routine.name;
  const node = buildNodes(
    ask.query,
    { targetFilters: true, pages: true },
    planner.settings.legacyTargetNames,
  );
  const read = planRead(
    planner,
    { source: { kind: 'result' }, resource, columns: returnedColumns(routine), name: rowName },
    node,
    planTargetPage(ask.page),
    true,
  );
  const call = planCall(ask, routine, read);
  const form = negotiate(planner, { schema: name.schema, name: rowName }, selectsWholeRow(read), ask.accept);
  refuseInvalidPreferences(ask);
  const limits = maxAffectedGuard(ask);
  const { set, kind } = routine.returns;
  if (limits.length > 0 && !set) refuse('PGRST128');
  const single = !set && form.output.mode === 'rows';
  const stripNulls = form.output.mode === 'rows' && form.output.stripNulls;
  return {
    ...planBase(planner, ask, form),
    verb: 'call',
    write: undefined,
    call,
    read,
    row: kind === 'composite' ? 'record' : 'scalar',
    singleRow: !set,
    output: ask.headersOnly ? { mode: 'none' } : single ? { mode: 'value', stripNulls } : form.output,
    readOnly: ask.verb === 'call-safe' || routine.volatility !== 'volatile',
    guards: [...form.guards, ...limits],
    location: undefined,
    settings: routine.settings,
    isolation: routine.isolation ?? undefined,
    asksResponse: mayRespond(planner),
    legacyNames: listLegacyNames(node),
  };
};

/**
 * Makes the plan of a request, or refuses it.
 *
 * @example planAsk(contract, settings, ask) // GET /posts?select=title → { ok: true, value: plan }
 */
export const planAsk = (contract: Contract, settings: PlanSettings, asked: Ask): Result<Plan> =>
  attempt(() => {
    if (settings.limits !== undefined) checkQuery(asked.query, settings.limits);
    const ask = translateAsk(contract, asked);
    const planner: Planner = { contract, settings, schema: ask.schema, values: ask.query.values };
    const { target } = ask;
    if (target.kind === 'root') return refuse('PGRST125');
    if (target.kind === 'item') return planItemAsk(planner, ask, target);
    if (target.kind === 'related') return planRelatedAsk(planner, ask, target);
    const name = { schema: ask.schema, name: target.name };
    switch (ask.verb) {
      case 'read':
        return planReadAsk(planner, ask, name);
      case 'create':
      case 'update':
      case 'replace':
      case 'delete':
        return planWriteAsk(planner, ask, name);
      case 'call':
      case 'call-safe':
        return planCallAsk(planner, ask, name);
    }
  });

/** What the planner needs to know of a routine without a body or arguments: for OPTIONS. */
export const findCallable = (contract: Contract, settings: PlanSettings, ask: Ask): Result<Routine> =>
  attempt(() =>
    chooseRoutine({ contract, settings, schema: ask.schema, values: ask.query.values }, ask, {
      schema: ask.schema,
      name: ask.target.kind === 'routine' ? ask.target.name : '',
    }),
  );
