import type { AttributeNumber, ColumnOrigin } from '../model/index.ts';

/** What a view's rule tells of its columns. */
export type ViewRule = {
  /** For each column that is just a column of a relation (which may be a view): which. */
  readonly origins: ReadonlyMap<AttributeNumber, ColumnOrigin>;
  /** An outer join or a grouping set may put NULL where the origin has NOT NULL. */
  readonly addsNulls: boolean;
};

const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const COLON = 58;
const SPACE = 32;

const TARGETS = ':targetList ';
const NAME = ':resname ';

/** JOIN_LEFT, JOIN_FULL and JOIN_RIGHT (nodes.h), in the query or in any subquery. */
const OUTER_JOIN = /:jointype [123] /;
const GROUPING_SETS = ':groupingSets (';

/** Reads the number that follows a field's name. */
const numberAt = (rule: string, from: number): number => Number.parseInt(rule.slice(from, from + 20), 10);

/** The place of the space after a token. A name may look like a field, so it is passed over. */
const endOfToken = (rule: string, from: number): number => {
  let i = from;
  while (i < rule.length && rule.charCodeAt(i) !== SPACE) i += rule.charCodeAt(i) === BACKSLASH ? 2 : 1;
  return i;
};

/**
 * Reads `pg_rewrite.ev_action` of a view: one QUERY node as Postgres prints trees (outfuncs.c). A node
 * is `{NAME :field value …}`, a list `(…)`, and a backslash stands before every brace that belongs to
 * a name. Only the outermost target list counts; its entries are the view's columns by `:resno`.
 */
export const readViewRule = (rule: string): ViewRule => {
  const origins = new Map<AttributeNumber, ColumnOrigin>();
  let depth = 0;
  let inTargets = false;
  let number = 0;
  let relation = 0;
  // What stood before, where it stands for itself: a space in a name has a backslash.
  let before = 0;
  for (let i = 0; i < rule.length; i++) {
    const code = rule.charCodeAt(i);
    const spaced = before === SPACE;
    before = code;
    if (code === BACKSLASH) i++;
    else if (code === OPEN) depth++;
    else if (code === CLOSE) depth--;
    else if (code === COLON && spaced && depth <= 2) {
      // A field of the query ends the target list; a field of an entry is at depth 2.
      if (depth === 1) inTargets = rule.startsWith(TARGETS, i);
      else if (!inTargets) continue;
      else if (rule.startsWith(NAME, i)) i = endOfToken(rule, i + NAME.length) - 1;
      else if (rule.startsWith(':resno ', i)) number = numberAt(rule, i + 7);
      else if (rule.startsWith(':resorigtbl ', i)) relation = numberAt(rule, i + 12);
      else if (rule.startsWith(':resorigcol ', i)) {
        const column = numberAt(rule, i + 12);
        // 0 is the whole row, and system columns are negative.
        if (relation !== 0 && column > 0) origins.set(number, { relation, column });
      }
    }
  }
  return { origins, addsNulls: OUTER_JOIN.test(rule) || rule.includes(GROUPING_SETS) };
};
