import {
  isJsonObject,
  type JsonObject,
  parseExactJson,
  printExactJson,
  problem,
  Refusal,
} from '../base/index.ts';
import { applyOperations, setMember } from './json-patch.ts';

/** What a patch may put into a row beyond its size and the row's: as much as a body has. */
const MOST_ADDED = 1024 * 1024;

/** RFC 7396, section 2. */
const merge = (target: unknown, patch: unknown): unknown => {
  if (!isJsonObject(patch)) return patch;
  const merged: JsonObject = {};
  if (isJsonObject(target)) for (const [key, value] of Object.entries(target)) setMember(merged, key, value);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else setMember(merged, key, merge(Object.hasOwn(merged, key) ? merged[key] : undefined, value));
  }
  return merged;
};

const refusePatch = (details: string): never => {
  throw new Refusal(problem('ASH102', { details }));
};

const read = (text: string): unknown => {
  try {
    return parseExactJson(text);
  } catch {
    throw new Refusal(problem('PGRST102'));
  }
};

/** What a patch makes of a row: the columns that it changes, as the body of an update. */
export type Patched = { readonly body: string; readonly keys: readonly string[] };

/**
 * Applies a patch to a row as the caller sees it. A column that the patch removes becomes null.
 *
 * @param row JSON of the row
 * @param patch JSON of the patch: a merge patch (RFC 7396), or a list of operations (RFC 6902)
 * @throws ASH102 for what is no such patch or does not fit the row, ASH103 where one of its tests fails, ASH104 for
 * one that does too much
 */
export const applyToRow = (row: string, patch: string, form: 'merge' | 'operations'): Patched => {
  const before = read(row) as JsonObject;
  const said = read(patch);
  if (form === 'merge' && !isJsonObject(said))
    return refusePatch('A merge patch of a row is a JSON object (RFC 7396).');
  const after =
    form === 'merge'
      ? merge(before, said)
      : applyOperations(read(row), said, row.length + patch.length + MOST_ADDED);
  if (!isJsonObject(after)) return refusePatch('What the patch makes of the row is no JSON object.');
  const changed: JsonObject = {};
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) setMember(changed, key, null);
  for (const [key, value] of Object.entries(after))
    if (!Object.hasOwn(before, key) || printExactJson(before[key]) !== printExactJson(value))
      setMember(changed, key, value);
  // What was null already and is removed, or said to be null, is no change.
  for (const key of Object.keys(changed))
    if (changed[key] === null && before[key] === null) delete changed[key];
  return { body: printExactJson(changed) ?? '{}', keys: Object.keys(changed).sort() };
};
