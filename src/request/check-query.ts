import { refuse } from '../base/index.ts';
import type { Condition, Query, Scoped, SelectNode } from './tree.ts';

/** How much a query may ask for. */
export type QueryLimits = {
  /** Conditions, in all filters together. */
  readonly filters: number;
  /** Levels of embedded resources. */
  readonly embeds: number;
};

const countConditions = (condition: Condition): number =>
  condition.kind === 'filter' ? 1 : condition.terms.reduce((sum, term) => sum + countConditions(term), 0);

const countFilters = ({ filters, logic, undecided }: Query): number =>
  logic.reduce((sum, { said }) => sum + countConditions(said), filters.length + undecided.length);

const depthOf = (nodes: readonly SelectNode[]): number =>
  nodes.reduce((most, node) => (node.kind === 'embed' ? Math.max(most, 1 + depthOf(node.select)) : most), 0);

/** Embedded resources at all levels together. Each is a subquery, which Postgres has to plan. */
const MOST_EMBEDDED = 100;

const countEmbeds = (nodes: readonly SelectNode[]): number =>
  nodes.reduce((sum, node) => sum + (node.kind === 'embed' ? 1 + countEmbeds(node.select) : 0), 0);

/** The path that two of these speak of. */
const findTwice = (scoped: readonly Scoped<unknown>[]): readonly string[] | undefined => {
  const seen = new Set<string>();
  return scoped.find(({ path }) => {
    const key = path.join('\u0000');
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  })?.path;
};

const refuseRepeated = (query: Query): void => {
  const { order, limits, offsets } = query;
  const single = { order, limit: limits, offset: offsets };
  const [twice] = Object.entries(single).flatMap(([name, scoped]) => {
    const path = findTwice(scoped);
    return path === undefined ? [] : [[...path, name].join('.')];
  });
  const repeated = query.repeated ?? twice;
  if (repeated === undefined) return;
  refuse('PGRST100', {
    message: `The parameter ${repeated} is there more than once`,
    details: 'Only one of them could count, so it is not clear what is asked for.',
    hint: `Put all into one, parted by commas where it is a list: ${repeated}=…`,
  });
};

/**
 * Refuses what asks for more than is served, and what is said twice though it can only hold once.
 *
 * @throws Refusal PGRST100
 */
export const checkQuery = (query: Query, limits: QueryLimits): void => {
  refuseRepeated(query);
  const filters = countFilters(query);
  if (filters > limits.filters)
    refuse('PGRST100', {
      message: 'There are too many conditions in the filters',
      details: `There are ${filters}; the limit is ${limits.filters}.`,
      hint: 'To ask for many values of one column, use one condition: id=in.(1,2,3).',
    });
  const embeds = depthOf(query.select);
  if (embeds > limits.embeds)
    refuse('PGRST100', {
      message: 'The select parameter embeds too deep',
      details: `It embeds ${embeds} levels deep; the limit is ${limits.embeds}.`,
      hint: 'Ask in several requests, or put the query into a view.',
    });
  const embedded = countEmbeds(query.select);
  if (embedded > MOST_EMBEDDED)
    refuse('PGRST100', {
      message: 'The select parameter embeds too much',
      details: `It embeds ${embedded} times; the limit is ${MOST_EMBEDDED}.`,
      hint: 'Ask in several requests, or put the query into a view.',
    });
};
