import { type CancelSignal, refuse } from '../base/index.ts';
import type { Ask, MediaType, Payload, Verb } from '../request/index.ts';
import { type CsvRows, isLongCsv, parseCsv, parseLongCsv } from './csv.ts';
import { nestsDeeper } from './json-depth.ts';

/** A body, read: what of it the plan needs to know, and the value that the statement binds. */
export type ReadBody = {
  readonly payload: Payload | undefined;
  readonly value: string | Uint8Array | undefined;
  readonly form: ReadonlyMap<string, readonly string[]> | undefined;
};

/** What a body may be; bytes and levels. */
export type PayloadLimits = {
  /** Of everything but CSV. */
  readonly body: number;
  readonly csv: number;
  /** Levels of arrays and objects in JSON. */
  readonly jsonDepth: number;
  /** Path and query of a step of a batch. */
  readonly url: number;
  /** What the steps of a batch are answered, together. */
  readonly batchAnswer: number;
};

/** How many bytes a body of that type may have. */
export const maxBody = (limits: PayloadLimits, type: MediaType): number =>
  type.kind === 'plain' && type.name === 'text/csv' ? limits.csv : limits.body;

export const NO_BODY: ReadBody = { payload: undefined, value: undefined, form: undefined };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text that Postgres can take: valid UTF-8. */
const decodeText = (bytes: Buffer): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    return refuse('PGRST102', {
      message: 'Empty or invalid json',
      hint: 'The body is not valid UTF-8.',
    });
  }
};

/** The text of a JSON body, which is looked at for its depth before anybody reads it. */
const decodeJson = (bytes: Buffer, limits: PayloadLimits | undefined): string => {
  const text = decodeText(bytes);
  if (limits === undefined || !nestsDeeper(text, limits.jsonDepth)) return text;
  return refuse('PGRST102', {
    message: 'The JSON of the body nests too deep',
    details: `Its arrays and objects nest deeper than ${limits.jsonDepth} levels.`,
  });
};

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sortedKeys = (value: object): string[] => Object.keys(value).sort();

const sameKeys = (value: unknown, keys: readonly string[]): boolean => {
  if (!isObject(value)) return false;
  const own = Object.keys(value);
  return own.length === keys.length && keys.every((key) => Object.hasOwn(value, key));
};

const jsonBody = (form: 'object' | 'array', keys: readonly string[], value: string): ReadBody => ({
  payload: { kind: 'json', form, keys },
  value,
  form: undefined,
});

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('PGRST102', { message: 'Empty or invalid json' });
  }
};

/** The rows of a JSON body: an object or an array of objects that all have the same keys. */
const readRows = (text: string): ReadBody => {
  const json = parseJson(text);
  if (isObject(json)) return jsonBody('object', sortedKeys(json), text);
  // Anything else that is JSON stands for no rows at all.
  if (!Array.isArray(json) || json.length === 0) return jsonBody('array', [], '[]');
  const [first] = json;
  if (!isObject(first)) return refuse('PGRST102', { message: 'All object keys must match' });
  const keys = sortedKeys(first);
  if (!json.every((row) => sameKeys(row, keys)))
    return refuse('PGRST102', { message: 'All object keys must match' });
  return jsonBody('array', keys, text);
};

/** With `columns=` the keys are given, and Postgres alone reads the body. */
const passRows = (text: string): ReadBody =>
  jsonBody(/^[ \t\r\n]*\{/.test(text) ? 'object' : 'array', [], text);

const readForm = (text: string): ReadonlyMap<string, readonly string[]> => {
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return fields;
};

const sortNames = (fields: ReadonlyMap<string, unknown>): string[] => [...fields.keys()].sort();

/** A form for a table is one row of text. */
const readFormRow = (text: string): ReadBody => {
  const fields = readForm(text);
  // What curl -d sends unless it is told what it is.
  if (fields.size === 1 && /^\s*[{[]/.test(text))
    return refuse('PGRST102', {
      message: 'The body is JSON, but its Content-Type says that it is a form',
      hint: 'Send the header Content-Type: application/json.',
    });
  const row = Object.fromEntries([...fields].map(([name, values]) => [name, values[0] ?? '']));
  return jsonBody('object', sortNames(fields), JSON.stringify(row));
};

const readArguments = (text: string): ReadBody => {
  const form = readForm(text);
  return { payload: { kind: 'form', keys: sortNames(form) }, value: undefined, form };
};

const csvBody = ({ columns, json }: CsvRows): ReadBody => jsonBody('array', [...columns].sort(), json);

/** Reads a body of CSV that is so long that it is done bit by bit; undefined: it is not one. */
export const readLongCsv = (
  type: MediaType,
  bytes: Buffer,
  signal: () => CancelSignal,
): Promise<ReadBody> | undefined =>
  type.kind === 'plain' && type.name === 'text/csv' && isLongCsv(bytes)
    ? parseLongCsv(bytes, signal()).then(csvBody)
    : undefined;

/** Whether a request has a body that means something. */
export const takesBody = (verb: Verb): boolean =>
  verb === 'create' || verb === 'update' || verb === 'replace' || verb === 'call';

const refuseType = (printed: string): never =>
  refuse('PGRST102', { message: `Content-Type not acceptable: ${printed}` });

const raw = (value: string | Uint8Array): ReadBody => ({
  payload: { kind: 'raw' },
  value,
  form: undefined,
});

/**
 * Reads a body by its Content-Type.
 *
 * @param named whether `columns=` says which fields there are
 * @param limits undefined: none
 * @throws PGRST102 for what cannot be read
 */
export const readBody = (
  verb: Ask['verb'],
  type: MediaType,
  printed: string,
  bytes: Buffer,
  named: boolean,
  limits?: PayloadLimits | undefined,
): ReadBody => {
  const routine = verb === 'call';
  if (type.kind !== 'plain') return refuseType(printed);
  switch (type.name) {
    case 'application/json': {
      const text = decodeJson(bytes, limits);
      if (named && verb !== 'replace') return passRows(text);
      return routine && text === '' ? jsonBody('object', [], '{}') : readRows(text);
    }
    case 'text/csv':
      return csvBody(parseCsv(bytes));
    case 'application/x-www-form-urlencoded':
      return routine ? readArguments(decodeText(bytes)) : readFormRow(decodeText(bytes));
    case 'text/plain':
    case 'text/xml':
      return routine ? raw(decodeText(bytes)) : refuseType(printed);
    case 'application/octet-stream':
      return routine ? raw(bytes) : refuseType(printed);
    default:
      return refuseType(printed);
  }
};

/** The types that a change of an item can have (RFC 5789, section 3.1). */
export const PATCH_TYPES = 'application/json, application/merge-patch+json, application/json-patch+json';

/** A merge patch that only says what columns are is a body like any other; one that reaches into them is not. */
const readMergePatch = (text: string): ReadBody => {
  const patch = parseJson(text);
  if (!isObject(patch))
    return refuse('ASH102', { details: 'A merge patch of a row is a JSON object (RFC 7396).' });
  return Object.values(patch).some(isObject)
    ? { payload: { kind: 'patch', form: 'merge' }, value: text, form: undefined }
    : jsonBody('object', sortedKeys(patch), text);
};

/**
 * Reads the change of an item.
 *
 * @throws ASH415 for a type that changes cannot have
 */
export const readPatch = (
  type: MediaType,
  printed: string,
  bytes: Buffer,
  named: boolean,
  limits?: PayloadLimits | undefined,
): ReadBody => {
  const name = type.kind === 'plain' ? type.name.toLowerCase() : '';
  switch (name) {
    case 'application/merge-patch+json':
      return readMergePatch(decodeJson(bytes, limits));
    case 'application/json-patch+json':
      return {
        payload: { kind: 'patch', form: 'operations' },
        value: decodeJson(bytes, limits),
        form: undefined,
      };
    case 'application/json':
    case 'application/x-www-form-urlencoded':
      return readBody('update', type, printed, bytes, named, limits);
    default:
      return refuse('ASH415', {
        details: `The body is said to be ${printed}`,
        hint: `Types that can be sent: ${PATCH_TYPES}`,
        headers: [['Accept-Patch', PATCH_TYPES]],
      });
  }
};
