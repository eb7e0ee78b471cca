import { endOfIdentifier } from './character.ts';
import { encodeComponent } from './query-string.ts';
import type {
  Condition,
  Field,
  JsonStep,
  Operation,
  OrderTerm,
  Query,
  SelectEmbed,
  SelectField,
  SelectNode,
  Slot,
  Value,
} from './tree.ts';

/** A parameter, and the first slot in it, by which the parameters are put in order. */
type Printed = { readonly name: string; readonly value: string; readonly slot: Slot | undefined };

/**
 * Writes a tree as a query string (percent-encoded, without `?`). For each tree there is one, which
 * `parseQuery` reads into the same tree, spans apart, with the same literals in the same slots.
 *
 * @example printQuery(query) // 'select=id,author:users(name)&id=in.(1,2)&limit=10'
 */
export const printQuery = (query: Query): string => {
  const values = query.values;
  const unslotted: Printed[] = [];
  const say = (name: string, value: string): void => {
    unslotted.push({ name, value, slot: undefined });
  };
  if (!isDefaultSelect(query.select)) say('select', query.select.map(printSelectNode).join(','));
  if (query.columns !== undefined) say('columns', query.columns.map(printName).join(','));
  if (query.onConflict !== undefined) say('on_conflict', query.onConflict.map(printName).join(','));
  for (const { path, said } of query.order) say(printPath(path, 'order'), said.map(printOrderTerm).join(','));

  const filters = query.filters.map(({ path, said }) => ({
    name: printPath(path, printParameterField(said.field)),
    value: printOperation(said.negated, said.operation, values, String),
    slot: findSlot(said),
  }));
  const logic = query.logic.map(({ path, said }) => ({
    name: printPath(path, said.negated ? `not.${said.operator}` : said.operator),
    value: `(${said.terms.map((term) => printCondition(term, values)).join(',')})`,
    slot: findSlot(said),
  }));
  const bounds = (name: 'limit' | 'offset'): readonly Printed[] =>
    query[`${name}s`].map(({ path, said }) => ({
      name: printPath(path, name),
      value: printValue(values, said),
      slot: said,
    }));
  const undecided = query.undecided.map(({ name, value, filter }) => ({
    name: printPath(filter?.path ?? [], printParameterField(filter?.said.field ?? { name, path: [] })),
    value: printValue(values, value),
    slot: value,
  }));
  const slotted = [filters, logic, bounds('limit'), bounds('offset'), undecided].flatMap(fillSlots);
  return [...unslotted, ...slotted.sort((a, b) => a.slot - b.slot)]
    .map(({ name, value }) => `${encodeComponent(name)}=${encodeComponent(value)}`)
    .join('&');
};

/** Keeps what has no slot (`id=is.null`) behind what stood before it. */
const fillSlots = (printed: readonly Printed[]): readonly (Printed & { readonly slot: Slot })[] => {
  let last = -1;
  return printed.map((one) => {
    last = one.slot ?? last;
    return { ...one, slot: last };
  });
};

const findSlot = (condition: Condition): Slot | undefined => {
  if (condition.kind === 'logic') {
    for (const term of condition.terms) {
      const slot = findSlot(term);
      if (slot !== undefined) return slot;
    }
    return undefined;
  }
  const { operation } = condition;
  if (operation.kind === 'is') return undefined;
  return operation.kind === 'in' ? operation.values : operation.value;
};

/** As the last part of a parameter's name these mean something else than a column. */
const reserved = new Set(['select', 'columns', 'on_conflict', 'order', 'limit', 'offset', 'and', 'or']);

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

/** Whether a name reads as itself without quotes: no reserved character, no space at an edge. */
const isBare = (name: string): boolean =>
  name.split('-').every((run) => run !== '' && run === run.trim() && endOfIdentifier(run, 0) === run.length);

const printName = (name: string): string => (isBare(name) ? name : quote(name));

/** A type or a language has no quotes; one of spaces alone has been trimmed to nothing. */
const printIdentifier = (name: string): string => (name === '' ? ' ' : name);

const printJsonStep = ({ arrow, operand }: JsonStep): string => {
  if (operand.kind === 'index') return `${arrow}${operand.index}`;
  return `${arrow}${isBare(operand.key) && !/^\d+$/.test(operand.key) ? operand.key : quote(operand.key)}`;
};

const printField = ({ name, path }: Field): string => printName(name) + path.map(printJsonStep).join('');

const printParameterField = (field: Field): string =>
  reserved.has(field.name) && field.path.length === 0 ? quote(field.name) : printField(field);

const printPath = (path: readonly string[], last: string): string => [...path.map(printName), last].join('.');

const isDefaultSelect = (select: readonly SelectNode[]): boolean => {
  const [only] = select;
  return select.length === 1 && only?.kind === 'field' && printSelectNode(only) === '*';
};

const printSelectNode = (node: SelectNode): string =>
  node.kind === 'field' ? printSelectField(node) : printEmbed(node);

const printSelectField = ({ field, alias, cast, aggregate, aggregateCast }: SelectField): string => {
  const label = alias === undefined ? '' : `${printName(alias)}:`;
  const all = field.name === '*' && field.path.length === 0 && cast === undefined;
  const typed = aggregateCast === undefined ? '' : `::${printIdentifier(aggregateCast)}`;
  if (all && aggregate === 'count') return `${label}count()${typed}`;
  if (all && alias === undefined && aggregate === undefined) return '*';
  const inner = cast === undefined ? '' : `::${printIdentifier(cast)}`;
  return label + printField(field) + inner + (aggregate === undefined ? '' : `.${aggregate}()`) + typed;
};

/** A hint that began like a join would be read as one. */
const printHint = (hint: string): string => (/^(?:left|inner)/.test(hint) ? quote(hint) : printName(hint));

const printEmbed = ({ relation, alias, hint, join, spread, select }: SelectEmbed): string => {
  const label = spread ? '...' : alias === undefined ? '' : `${printName(alias)}:`;
  const hinted = hint === undefined ? '' : `!${printHint(hint)}`;
  const joined = join === undefined ? '' : `!${join}`;
  return `${label}${printName(relation)}${hinted}${joined}(${select.map(printSelectNode).join(',')})`;
};

const printOrderTerm = ({ relation, field, direction, nulls }: OrderTerm): string => {
  const term = relation === undefined ? printField(field) : `${printName(relation)}(${printField(field)})`;
  return [term, direction, nulls && `nulls${nulls}`].filter((part) => part !== undefined).join('.');
};

const printCondition = (condition: Condition, values: readonly Value[]): string => {
  if (condition.kind === 'filter') {
    const { field, negated, operation } = condition;
    return `${printField(field)}.${printOperation(negated, operation, values, printLogicValue)}`;
  }
  const terms = condition.terms.map((term) => printCondition(term, values)).join(',');
  return `${condition.negated ? 'not.' : ''}${condition.operator}(${terms})`;
};

const printOperation = (
  negated: boolean,
  operation: Operation,
  values: readonly Value[],
  print: (value: string) => string,
): string => `${negated ? 'not.' : ''}${printOperator(operation, values, print)}`;

const printOperator = (
  operation: Operation,
  values: readonly Value[],
  print: (value: string) => string,
): string => {
  switch (operation.kind) {
    case 'compare': {
      const quantifier = operation.quantifier === undefined ? '' : `(${operation.quantifier})`;
      return `${operation.operator}${quantifier}.${print(printValue(values, operation.value))}`;
    }
    case 'simple':
      return `${operation.operator}.${print(printValue(values, operation.value))}`;
    case 'isdistinct':
      return `isdistinct.${print(printValue(values, operation.value))}`;
    case 'search': {
      const language = operation.language === undefined ? '' : `(${printIdentifier(operation.language)})`;
      return `${operation.operator}${language}.${print(printValue(values, operation.value))}`;
    }
    case 'is':
      return `is.${operation.value}`;
    case 'in': {
      const items = values[operation.values] ?? [];
      return `in.(${(typeof items === 'string' ? [items] : items).map(printItem).join(',')})`;
    }
  }
};

const printValue = (values: readonly Value[], slot: Slot): string => String(values[slot] ?? '');

/** An element of a list; space in front of the first would be taken for layout. */
const printItem = (item: string): string => (/^["\t ]|[,)]/.test(item) ? quote(item) : item);

/** A value among others: an array may stand as it is, since its braces keep its commas. */
const printLogicValue = (value: string): string => {
  if (/^\{[^{}]*\}$/.test(value)) return value;
  return /^["{]|[,)]/.test(value) ? quote(value) : value;
};
