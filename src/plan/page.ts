import { readLimit, type Slot, type Value } from '../request/index.ts';
import type { Page, Param } from './plan.ts';
import type { Planner } from './planner.ts';

/** Limits up to this one are part of the plan. */
const LITERAL = 1000;

/**
 * The limit as it stands in the statement, or undefined if it is bound. Postgres plans a statement with a
 * bound limit anew each time, or for a tenth of all rows: for 20 of them that is another plan. There are few
 * different small limits, so each has a plan of its own. What is written is the number that was read, not
 * the text.
 */
export const literalLimit = (limit: number | undefined): number | undefined =>
  limit !== undefined && Number.isInteger(limit) && limit >= 0 && limit <= LITERAL ? limit : undefined;

/** The number in a slot, if it is one. */
export const slotNumber = (values: readonly Value[], slot: Slot | undefined): number | undefined => {
  const text = slot === undefined ? undefined : values[slot];
  return typeof text === 'string' ? readLimit(text) : undefined;
};

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);

/** The page of the target. */
export const planTargetPage = (page: {
  readonly limit: number | undefined;
  readonly offset: number;
}): Page => {
  const literal = literalLimit(page.limit);
  const limit: Param | undefined =
    literal !== undefined
      ? { from: 'number', value: literal }
      : page.limit === undefined
        ? undefined
        : { from: 'page', part: 'limit' };
  return { limit, offset: page.offset > 0 ? { from: 'page', part: 'offset' } : undefined };
};

/** The page of an embedded resource; `max` is the most rows that it may have. */
export const planEmbedPage = (
  planner: Planner,
  limit: Slot | undefined,
  offset: Slot | undefined,
  max: number | undefined,
): Page => {
  const literal = literalLimit(least(slotNumber(planner.values, limit), max));
  const bound: Param | undefined =
    limit === undefined && max === undefined ? undefined : { from: 'limit', slot: limit, max };
  return {
    limit: literal === undefined ? bound : { from: 'number', value: literal },
    offset: offset === undefined ? undefined : { from: 'offset', slot: offset },
  };
};
