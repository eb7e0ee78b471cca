import type { Oid, Routine } from './model.ts';

/** Oids of `trigger` and `event_trigger` (pg_type.dat). */
const TRIGGERS: ReadonlySet<Oid> = new Set([2279, 3838]);

/** Types of a single unnamed parameter that can take a request's body as it is. */
const BODY_TYPES: ReadonlySet<string> = new Set(['bytea', 'json', 'jsonb', 'text', 'xml']);

/**
 * Whether a client can call the function: its arguments have names, or there is one alone, which takes
 * the body; and it is no trigger.
 */
export const isCallable = (routine: Routine): boolean => {
  if (TRIGGERS.has(routine.returns.typeOid)) return false;
  const unnamed = routine.parameters.filter((parameter) => parameter.name === '');
  if (unnamed.length === 0) return true;
  const first = routine.parameters[0];
  return unnamed.length === 1 && first !== undefined && BODY_TYPES.has(first.type);
};
