import type { Condition, Filter } from '../request/index.ts';
import { planFilterColumn } from './column.ts';
import type { Predicate } from './plan.ts';
import type { Planner, Scope } from './planner.ts';

/** The embeds that a filter may mean as a whole: name in the request → their `as`. */
export type EmbedNames = ReadonlyMap<string, string>;

const planFilter = (planner: Planner, scope: Scope, filter: Filter, embeds: EmbedNames): Predicate => {
  const { field, operation, negated } = filter;
  const embed = field.path.length === 0 ? embeds.get(field.name) : undefined;
  if (embed !== undefined && operation.kind === 'is' && operation.value === 'null')
    return { kind: 'embed-null', negated, embed };
  return {
    kind: 'filter',
    column: planFilterColumn(planner, scope, field, operation),
    negated,
    operation,
  };
};

/** A filter, or a tree of them. */
export const planCondition = (
  planner: Planner,
  scope: Scope,
  condition: Condition,
  embeds: EmbedNames,
): Predicate =>
  condition.kind === 'filter'
    ? planFilter(planner, scope, condition, embeds)
    : {
        kind: 'logic',
        operator: condition.operator,
        negated: condition.negated,
        terms: condition.terms.map((term) => planCondition(planner, scope, term, embeds)),
      };
