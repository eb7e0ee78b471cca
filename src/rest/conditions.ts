import { refuse } from '../base/index.ts';
import { type EntityTags, parseEntityTags, parseHttpDate, type RequestHeaders } from '../http/index.ts';
import type { Conditions } from '../request/index.ts';
import type { ReadConditions } from './draft.ts';

const NAMES = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'] as const;

const dateOf = (value: string | undefined): number | undefined =>
  value === undefined ? undefined : parseHttpDate(value);

const tagsOf = (value: string | undefined): EntityTags | undefined =>
  value === undefined ? undefined : parseEntityTags(value);

/** The conditions that a request's headers make; undefined: none. */
export const readConditions = (headers: RequestHeaders): ReadConditions | undefined => {
  if (NAMES.every((name) => headers[name] === undefined)) return undefined;
  return {
    match: tagsOf(headers['if-match']),
    noneMatch: tagsOf(headers['if-none-match']),
    modifiedSince: dateOf(headers['if-modified-since']),
    unmodifiedSince: dateOf(headers['if-unmodified-since']),
  };
};

/**
 * The version that an entity tag of ours names: what stands before the dot is the row's, what stands behind it only
 * tells one form of it from others.
 */
const versionIn = (text: string): string => text.split('.', 1)[0] as string;

/** The same conditions as a write has them: weak tags never match (RFC 9110, section 13.1.1). */
export const writeConditions = (conditions: ReadConditions | undefined): Conditions | undefined => {
  if (conditions === undefined) return undefined;
  const { match, noneMatch, unmodifiedSince } = conditions;
  return {
    match:
      match === undefined || match === 'any'
        ? match
        : match.filter(({ weak }) => !weak).map(({ text }) => versionIn(text)),
    absent: noneMatch === 'any',
    unmodifiedSince,
  };
};

/**
 * Holds a write of what is no item against its conditions. A collection is always there, as are functions and batches,
 * and has no strong tag that one could name: it would have to tell of each row that the write is about (RFC 9110,
 * section 13.1.1).
 *
 * @throws ASH412
 */
export const judgeWriteOfMany = (conditions: ReadConditions | undefined): void => {
  if (conditions === undefined) return;
  const { match, noneMatch } = conditions;
  if (noneMatch === 'any')
    refuse('ASH412', {
      message: 'What is at this address exists',
      hint: 'Send If-None-Match: * with PUT to the address of the row that is to be created, as in /posts/42.',
    });
  if (match !== undefined && match !== 'any')
    refuse('ASH412', {
      message: 'Only an item has a tag that If-Match could name',
      hint: 'Send it to the address of the row, as in /posts/42, with the ETag that a GET of that address gives.',
    });
};

/** What the conditions of a read make of its answer. */
export type Verdict = 'wanted' | 'not modified' | 'failed';

/**
 * Holds the answer to a read against its conditions, in the order of RFC 9110, section 13.2.2.
 *
 * @param tag the answer's entity tag
 * @param modified when what it is about was changed, in seconds since 1970
 */
export const judgeRead = (
  conditions: ReadConditions,
  tag: string | undefined,
  modified: number | undefined,
): Verdict => {
  const { match, noneMatch, modifiedSince, unmodifiedSince } = conditions;
  if (match !== undefined && match !== 'any') {
    const version = tag === undefined ? undefined : versionIn(tag);
    if (!match.some(({ weak, text }) => !weak && versionIn(text) === version)) return 'failed';
  } else if (match === undefined && unmodifiedSince !== undefined && modified !== undefined) {
    if (modified > unmodifiedSince) return 'failed';
  }
  if (noneMatch !== undefined) {
    const known = noneMatch === 'any' || noneMatch.some(({ text }) => text === tag);
    return known ? 'not modified' : 'wanted';
  }
  return modifiedSince !== undefined && modified !== undefined && modified <= modifiedSince
    ? 'not modified'
    : 'wanted';
};
