import { type Problem, problem, Refusal } from '../base/index.ts';
import type { Outcome } from '../db/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Ask, Query, Slot } from '../request/index.ts';

/** The ranges of Postgres' integers ("Numeric Types"). */
const INTEGERS: ReadonlyMap<string, readonly [least: bigint, most: bigint]> = new Map([
  ['smallint', [-(2n ** 15n), 2n ** 15n - 1n]],
  ['integer', [-(2n ** 31n), 2n ** 31n - 1n]],
  ['bigint', [-(2n ** 63n), 2n ** 63n - 1n]],
]);

const INTEGER = /^[+-]?\d{1,40}$/;
const UUID = /^\{?[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}\}?$/i;

/** Whether a text can be a value of the type; of types that are not known here, Postgres tells. */
const canBe = (text: string, type: string): boolean => {
  const range = INTEGERS.get(type);
  if (range !== undefined) {
    if (!INTEGER.test(text)) return false;
    const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
    return value >= range[0] && value <= range[1];
  }
  return type !== 'uuid' || UUID.test(text);
};

const textOf = (query: Query, slot: Slot): string => String(query.values[slot] ?? '');

/**
 * A key that no row can have names no row, so `/posts/abc` is as absent as `/posts/0`.
 *
 * @param isUnknown tells texts that stand for values which nobody knows yet
 * @throws ASH404
 */
export const refuseImpossibleKey = (
  { item }: Plan,
  { target, query }: Ask,
  isUnknown: (text: string) => boolean = () => false,
): void => {
  if (item === undefined || (target.kind !== 'item' && target.kind !== 'related')) return;
  const impossible = target.key.some((slot, i) => {
    const text = textOf(query, slot);
    return !isUnknown(text) && !canBe(text, item.keyTypes[i] ?? 'text');
  });
  if (impossible) throw new Refusal(problem('ASH404'));
};

/** Whether the request's body says the key again that its path says. */
const repeatsKey = (plan: Plan, { payload }: Ask): boolean =>
  payload?.kind === 'json' && (plan.write?.fixed ?? []).some(({ name }) => payload.keys.includes(name));

/** What is wrong with a write whose conditions do not hold for the row that is there. */
export const changedProblem = ({ verb, conditions }: Ask): Problem => {
  if (conditions?.absent === true)
    return problem('ASH412', {
      message: 'The item exists',
      hint:
        verb === 'replace'
          ? 'It exists already: leave If-None-Match out to replace it.'
          : 'If-None-Match: * asks that there is no such item: leave it out to change the one there is.',
    });
  if (Array.isArray(conditions?.match) && conditions.match.length === 0)
    return problem('ASH412', {
      message: 'A weak tag never matches',
      hint: 'Send the ETag as the server gives it, without W/: a proxy on the way makes it weak where it compresses answers.',
    });
  return problem('ASH412', {
    hint: 'Read the item again, decide by what it is now, and send the ETag of that answer as If-Match.',
  });
};

/** Whether the conditions hold for a row of this version. */
export const conditionsHold = (
  { conditions }: Ask,
  version: string | undefined,
  modified: number | undefined,
): boolean => {
  if (conditions === undefined) return true;
  const { match, absent, unmodifiedSince } = conditions;
  if (absent) return false;
  if (Array.isArray(match) && version !== undefined) return match.includes(version);
  if (match === undefined && unmodifiedSince !== undefined && modified !== undefined)
    return modified <= unmodifiedSince;
  return true;
};

/**
 * Says why nothing was found or changed, by what there is: nothing, another version, or a row that the caller may
 * not change. Returns where that is as it should be: an item without related rows.
 *
 * @param found the outcome of the plan's probe
 * @throws Refusal
 */
export const explainNothing = (plan: Plan, ask: Ask, found: Outcome | undefined): void => {
  const row = found?.rows[0];
  const creates = plan.write?.kind === 'insert' && plan.write.byKey;
  // What it would have created is another item than the path names.
  if (creates && row === undefined && repeatsKey(plan, ask)) throw new Refusal(problem('PGRST115'));
  if (row === undefined && !(creates && ask.conditions?.absent)) throw new Refusal(problem('ASH404'));
  if (!plan.guards.some(({ kind }) => kind === 'item')) return;
  const version = row?.[0]?.toString('latin1');
  const modified = row?.[1] ? Number(row[1].toString('latin1')) : undefined;
  if (!conditionsHold(ask, version, modified)) throw new Refusal(changedProblem(ask));
  throw new Refusal(problem(repeatsKey(plan, ask) ? 'PGRST115' : 'ASH403'));
};
