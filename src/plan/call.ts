import type { QualifiedName } from '../base/index.ts';
import { findCallables } from '../contract/index.ts';
import type { Parameter, Routine } from '../model/index.ts';
import type { Ask } from '../request/index.ts';
import type { CallParameter, CallPlan, Predicate, ReadPlan } from './plan.ts';
import type { Planner } from './planner.ts';
import { refuseAmbiguousRoutine, refuseNoRoutine } from './refusals.ts';
import { neededColumns } from './write.ts';

/** Types of a body that goes whole to a single unnamed parameter, by the parameter's type. */
const BODY_TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['application/json', ['json', 'jsonb']],
  ['text/plain', ['text']],
  ['text/xml', ['xml']],
  ['application/octet-stream', ['bytea']],
]);

const contentTypeName = (ask: Ask): string => (ask.contentType.kind === 'plain' ? ask.contentType.name : '');

const takesBody = (routine: Routine, ask: Ask): boolean => {
  const [parameter, ...others] = routine.parameters;
  return (
    ask.verb === 'call' &&
    parameter !== undefined &&
    others.length === 0 &&
    parameter.name === '' &&
    (BODY_TYPES.get(contentTypeName(ask)) ?? []).includes(parameter.type)
  );
};

/** Whether a body of this type can only be meant for a single unnamed parameter. */
const bodyIsWhole = (ask: Ask): boolean =>
  ask.verb === 'call' &&
  ['text/plain', 'text/xml', 'application/octet-stream'].includes(contentTypeName(ask));

/** All required parameters are given, and nothing that it does not take. */
const takesArguments = (routine: Routine, ask: Ask, given: ReadonlySet<string>): boolean => {
  if (routine.parameters.length === 0) return given.size === 0 && !bodyIsWhole(ask);
  const names = new Set(routine.parameters.map(({ name }) => name));
  return (
    routine.parameters.every(({ name, required }) => !required || given.has(name)) &&
    [...given].every((name) => names.has(name))
  );
};

/** The names of the arguments that a request gives, sorted. */
export const argumentNames = (ask: Ask): readonly string[] => {
  if (ask.verb === 'call-safe')
    return [
      ...new Set(ask.query.undecided.filter(({ filter }) => filter === undefined).map(({ name }) => name)),
    ].sort();
  if (ask.payload?.kind === 'form') return ask.payload.keys;
  if (ask.query.columns !== undefined) return [...new Set(ask.query.columns)].sort();
  return ask.payload?.kind === 'json' ? ask.payload.keys : [];
};

/**
 * The function that a request means: of those with the name, the one that takes the arguments;
 * failing that, the one that takes the whole body.
 *
 * @throws PGRST202 if there is none, PGRST203 if there are several
 */
export const chooseRoutine = (planner: Planner, ask: Ask, name: QualifiedName): Routine => {
  const overloads = findCallables(planner.contract, name);
  const given = argumentNames(ask);
  const set = new Set(given);
  const named = overloads.filter((routine) => takesArguments(routine, ask, set));
  const [first] = named;
  if (first !== undefined) return named.length === 1 ? first : refuseAmbiguousRoutine(named);
  const whole = overloads.filter((routine) => takesBody(routine, ask));
  const [fallback] = whole;
  if (fallback === undefined) return refuseNoRoutine(planner.contract, ask, name, given, overloads);
  return whole.length === 1 ? fallback : refuseAmbiguousRoutine(whole);
};

const callParameter = ({ name, inputType, variadic }: Parameter): CallParameter => ({
  name,
  type: inputType,
  variadic,
});

const planArguments = (ask: Ask, routine: Routine): CallPlan['arguments'] => {
  const [only] = routine.parameters;
  if (routine.parameters.length === 1 && only?.name === '') return { kind: 'body', type: only.type };
  const given = new Set(argumentNames(ask));
  const parameters = routine.parameters.filter(({ name }) => given.has(name)).map(callParameter);
  if (parameters.length === 0) return { kind: 'none' };
  if (ask.verb === 'call' && ask.payload?.kind === 'json')
    return { kind: 'json', payload: ask.payload.form, parameters };
  return { kind: 'direct', parameters };
};

/** The columns that filters anywhere in the plan look at: they have to come out of the function too. */
const filteredColumns = (read: ReadPlan): readonly string[] => {
  const names: string[] = [];
  const visit = (predicate: Predicate): void => {
    if (predicate.kind === 'filter') names.push(predicate.column.name);
    else if (predicate.kind === 'logic') predicate.terms.forEach(visit);
  };
  read.where.forEach(visit);
  return names;
};

/** The call of a routine, and what of its rows is needed. */
export const planCall = (ask: Ask, routine: Routine, read: ReadPlan): CallPlan => {
  const needed = neededColumns(read, []);
  return {
    routine: { schema: routine.schema, name: routine.name },
    arguments: planArguments(ask, routine),
    scalar: routine.returns.kind !== 'composite',
    isVoid: routine.returns.kind === 'void',
    volatile: routine.volatility === 'volatile',
    returning: needed.includes('*') ? [] : [...new Set([...needed, ...filteredColumns(read)])],
  };
};
