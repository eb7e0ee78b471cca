import { refuse } from '../base/index.ts';

/** How deep embeds and logic may nest: what a person or a query builder writes stays far below. */
const MAX_DEPTH = 100;

/** Refuses what nests too deep, before the reader's own stack would overflow. */
export const checkDepth = (depth: number, what: 'select' | 'logic'): void => {
  if (depth <= MAX_DEPTH) return;
  refuse('PGRST100', {
    message: `The ${what === 'select' ? 'select parameter' : 'logic tree'} is nested too deep`,
    details: `It nests deeper than ${MAX_DEPTH} levels. Ask in several requests, or put the query into a view.`,
  });
};
