import type { Param as Bound } from '../db/index.ts';
import type { Param } from '../plan/index.ts';
import { type Ask, type Query, readLimit } from '../request/index.ts';
import { printArray, printList } from './array-literal.ts';
import type { Circumstances } from './circumstances.ts';

const slotText = (query: Query, slot: number): string => {
  const value = query.values[slot];
  return typeof value === 'string' ? value : printList(value ?? []);
};

/** `*` stands for any run of characters in a pattern, since `%` would have to be encoded in a URL. */
const slotPattern = (query: Query, slot: number): string => {
  const text = slotText(query, slot);
  return text.includes('*') ? text.replaceAll('*', '%') : text;
};

const bindLimit = (query: Query, slot: number | undefined, max: number | undefined): string | null => {
  const limit = slot === undefined ? undefined : readLimit(slotText(query, slot));
  const least = limit === undefined ? max : max === undefined ? limit : Math.min(limit, max);
  return least === undefined ? null : String(least);
};

/** A bytea in text format ("Binary Data Types": hex). */
const printBytes = (bytes: string | Uint8Array): string =>
  `\\x${(typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).toString('hex')}`;

const bindBody = (body: Circumstances['body'], as: 'json' | 'text' | 'bytes'): Bound => {
  if (body === undefined) return null;
  return as === 'bytes' ? printBytes(body) : body;
};

const argumentValues = (ask: Ask, circumstances: Circumstances, name: string): readonly string[] => {
  if (circumstances.form !== undefined) return circumstances.form.get(name) ?? [];
  return ask.query.undecided
    .filter((parameter) => parameter.name === name && parameter.filter === undefined)
    .map((parameter) => slotText(ask.query, parameter.value));
};

/** A variadic parameter takes all values of its name, any other the last. */
const bindArgument = (ask: Ask, circumstances: Circumstances, name: string, variadic: boolean): Bound => {
  const values = argumentValues(ask, circumstances, name);
  return variadic ? printArray(values) : (values.at(-1) ?? null);
};

const bindOne = (param: Param, ask: Ask, circumstances: Circumstances): Bound => {
  switch (param.from) {
    case 'slot':
      return param.as === 'pattern' ? slotPattern(ask.query, param.slot) : slotText(ask.query, param.slot);
    case 'shape':
      return param.text;
    case 'body':
      return bindBody(circumstances.body, param.as);
    case 'page': {
      const { limit, offset } = ask.page;
      return param.part === 'offset' ? String(offset) : limit === undefined ? null : String(limit);
    }
    case 'limit':
      return bindLimit(ask.query, param.slot, param.max);
    case 'offset':
      return String(readLimit(slotText(ask.query, param.slot)) ?? 0);
    case 'condition': {
      const { match, unmodifiedSince } = ask.conditions ?? {};
      if (param.part === 'match') return printArray(Array.isArray(match) ? match : []);
      return unmodifiedSince === undefined ? null : String(unmodifiedSince);
    }
    case 'number':
      return String(param.value);
    case 'argument':
      return bindArgument(ask, circumstances, param.name, param.variadic);
  }
};

/** Takes the values of a statement's parameters from the request. */
export const bindParams = (
  params: readonly Param[],
  ask: Ask,
  circumstances: Circumstances,
): readonly Bound[] => {
  const bound: Bound[] = new Array(params.length);
  for (let i = 0; i < params.length; i++) bound[i] = bindOne(params[i] as Param, ask, circumstances);
  return bound;
};
