import { refuse } from '../base/index.ts';
import type { Condition, Filter } from '../request/index.ts';
import { planFilterColumn } from './column.ts';
import type { Predicate } from './plan.ts';
import type { Planner, Scope } from './planner.ts';

/** The embeds that a filter may mean as a whole: name in the request → their `as`. */
export type EmbedNames = ReadonlyMap<string, string>;

const planFilter = (planner: Planner, scope: Scope, filter: Filter, embeds: EmbedNames): Predicate => {
  const { field, operation, negated } = filter;
  const embed = field.path.length === 0 ? embeds.get(field.name) : undefined;
  if (embed !== undefined) {
    if (operation.kind === 'is' && operation.value === 'null') return { kind: 'embed-null', negated, embed };
    // A name may be that of a column, too.
    if (scope.closed && !scope.columns.has(field.name) && !scope.computed.has(field.name))
      refuse('PGRST120', {
        message: `Bad operator on the '${field.name}' embedded resource`,
        details: 'Only is null or not is null filters are allowed on embedded resources',
      });
  }
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
