import { fail, problem, Refusal, type Result, succeed } from '../base/index.ts';
import { kindOf, type ParameterKind } from './parameter-kind.ts';
import { parseOperation, parseValue } from './parse-filter.ts';
import { parseLogic } from './parse-logic.ts';
import { parseNames } from './parse-name.ts';
import { parseOrder } from './parse-order.ts';
import { parseLogicPath, parseTreePath } from './parse-path.ts';
import { parseSelect } from './parse-select.ts';
import { findMalformed, type Parameter, readParameters } from './query-string.ts';
import { MISMATCH, Scanner, type Subject } from './scanner.ts';
import type { Filter, Logic, OrderTerm, Query, Scoped, SelectNode, Slot, Undecided } from './tree.ts';

/** In which order PostgREST looks for errors. */
const stages: Record<ParameterKind, number> = {
  order: 0,
  logic: 1,
  columns: 2,
  select: 3,
  filter: 4,
  onConflict: 5,
  limit: 6,
  offset: 6,
};

const ALL: readonly SelectNode[] = [
  {
    kind: 'field',
    field: { name: '*', path: [] },
    alias: undefined,
    cast: undefined,
    aggregate: undefined,
    aggregateCast: undefined,
    span: { parameter: 'select', start: 0, end: 0 },
  },
];

/**
 * Reads a query string (without its `?`) into a tree. Strings only: whether a name exists is the
 * planner's question. `routine` says that the target of a GET is a function, whose parameters cannot
 * be told from filters yet; `strict` refuses what is no percent-encoded UTF-8, where PostgREST leaves a percent sign as
 * it is and takes bytes for U+FFFD.
 *
 * Fails with PGRST100, in PostgREST's words. Never throws.
 *
 * @example
 * const query = parseQuery('select=id,author(name)&id=eq.5', { routine: false });
 * // query.value.values: ['5'], query.value.filters[0].said.operation: { kind: 'compare', operator: 'eq', … }
 *
 * Source: https://docs.postgrest.org/en/stable/references/api/tables_views.html
 */
export const parseQuery = (
  queryString: string,
  options: { readonly routine: boolean; readonly strict?: boolean },
): Result<Query> => {
  const parameters = readParameters(queryString);
  const malformed = options.strict && queryString.includes('%') ? findMalformed(queryString) : undefined;
  if (malformed !== undefined)
    return fail(
      problem('PGRST100', {
        message:
          malformed === 'bytes'
            ? 'The query string has bytes that are not UTF-8'
            : 'The query string has a percent sign that does not begin an encoded byte',
        hint: 'Encode each value as UTF-8 and then percent-encode it, as encodeURIComponent does. A percent sign itself is %25.',
      }),
    );
  try {
    return succeed(readQuery(parameters, options.routine, new Scanner(false)));
  } catch (error) {
    if (error !== MISMATCH && !(error instanceof Refusal)) throw error;
  }
  return explainQuery(parameters, options.routine);
};

/** Reads once more what was refused, for the message; of several errors PostgREST's first counts. */
const explainQuery = (parameters: readonly Parameter[], routine: boolean): Result<Query> => {
  const staged = parameters.toSorted((a, b) => stages[kindOf(a.name)] - stages[kindOf(b.name)]);
  const scanner = new Scanner(true);
  try {
    return succeed(readQuery(staged, routine, scanner));
  } catch (error) {
    if (error instanceof Refusal) return fail(error.problem);
    if (error !== MISMATCH) throw error;
    return fail(problem('PGRST100', scanner.explain()));
  }
};

const readQuery = (parameters: readonly Parameter[], routine: boolean, s: Scanner): Query => {
  let select: readonly SelectNode[] | undefined;
  let columns: readonly string[] | undefined;
  let onConflict: readonly string[] | undefined;
  let selectSeen = false;
  let columnsSeen = false;
  let onConflictSeen = false;
  let repeated: string | undefined;
  const filters: Scoped<Filter>[] = [];
  const logic: Scoped<Logic>[] = [];
  const order: Scoped<readonly OrderTerm[]>[] = [];
  const limits: Scoped<Slot>[] = [];
  const offsets: Scoped<Slot>[] = [];
  const undecided: Undecided[] = [];

  for (const { name, value } of parameters) {
    const kind = kindOf(name);
    // Of these three the first counts, even one without a value.
    if (kind === 'select') {
      if (selectSeen) repeated = name;
      if (!selectSeen && value !== undefined)
        select = readWhole(s, name, 'select parameter', value, parseSelect);
      selectSeen = true;
    } else if (kind === 'columns') {
      if (columnsSeen) repeated = name;
      if (!columnsSeen && value !== undefined) {
        columns = [...new Set(readWhole(s, name, 'columns parameter', value, parseNames))];
      }
      columnsSeen = true;
    } else if (kind === 'onConflict') {
      if (onConflictSeen) repeated = name;
      if (!onConflictSeen && value !== undefined) {
        onConflict = readWhole(s, name, 'on_conflict parameter', value, parseNames);
      }
      onConflictSeen = true;
    } else if (value !== undefined) {
      switch (kind) {
        case 'order':
          order.push(readOrder(s, name, value));
          break;
        case 'logic':
          logic.push(readLogic(s, name, value));
          break;
        case 'limit':
          limits.push(readBound(s, name, value));
          break;
        case 'offset':
          offsets.push(readBound(s, name, value));
          break;
        case 'filter':
          if (routine) undecided.push(readUndecided(s, name, value));
          else filters.push(readFilter(s, name, value));
      }
    }
  }
  // What is repeated is not read, but has to be seen by who makes the plan.
  if (repeated !== undefined) s.shape += `&!${repeated}`;
  return {
    select: select ?? ALL,
    filters,
    logic,
    order,
    limits,
    offsets,
    columns,
    onConflict,
    repeated,
    undecided,
    values: s.values,
    shape: s.shape,
  };
};

/** Reads a parameter whose name is known. */
const readWhole = <T>(
  s: Scanner,
  name: string,
  subject: Subject,
  value: string,
  parse: (s: Scanner) => T,
): T => {
  s.begin(name, subject, name);
  s.finish('&=');
  s.begin(name, subject, value);
  const read = parse(s);
  s.finish('&|');
  return read;
};

/** Reads the name of a parameter that may lead into embeds. */
const readPath = (s: Scanner, name: string, mark: '&=' | '&:' = '&='): ReturnType<typeof parseTreePath> => {
  s.begin(name, 'tree path', name);
  const path = parseTreePath(s);
  s.finish(mark);
  return path;
};

const readOrder = (s: Scanner, name: string, value: string): Scoped<readonly OrderTerm[]> => {
  const { path } = readPath(s, name);
  s.begin(name, 'order', value);
  const said = parseOrder(s);
  s.finish('&|');
  return { path, said };
};

const readLogic = (s: Scanner, name: string, value: string): Scoped<Logic> => {
  s.begin(name, 'logic path', name);
  const { path, operator } = parseLogicPath(s);
  s.finish('&=');
  s.begin(name, 'logic tree', value, operator);
  const said = parseLogic(s);
  s.finish('&|');
  return { path, said };
};

const readBound = (s: Scanner, name: string, value: string): Scoped<Slot> => {
  const { path } = readPath(s, name);
  s.begin(name, 'filter', value);
  const said = parseValue(s, 'alone');
  s.finish('&|');
  return { path, said };
};

const readFilter = (s: Scanner, name: string, value: string): Scoped<Filter> => {
  const { path, field } = readPath(s, name);
  s.begin(name, 'filter', value);
  const read = parseOperation(s, 'alone');
  if (read === undefined) throw MISMATCH;
  const said: Filter = { kind: 'filter', field, ...read, span: s.span(0) };
  s.finish('&|');
  return { path, said };
};

const readUndecided = (s: Scanner, name: string, value: string): Undecided => {
  const { path, field } = readPath(s, name, '&:');
  s.begin(name, 'filter', value);
  const read = parseOperation(s, 'alone');
  if (read === undefined) {
    const whole = parseValue(s, 'alone');
    s.finish('&|');
    return { name: field.name, value: whole, filter: undefined };
  }
  const said: Filter = { kind: 'filter', field, ...read, span: s.span(0) };
  s.finish('&|');
  return { name: field.name, value: s.keep(value), filter: { path, said } };
};
