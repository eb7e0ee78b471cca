import type { Json } from '../../base/index.ts';

export type Members = { readonly [name: string]: Json | undefined };

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** An object of the members that say something: what is undefined, null or an empty list is left out. */
export const members = (all: Members): { readonly [name: string]: Json } =>
  Object.fromEntries(Object.entries(all).filter((member): member is [string, Json] => !isEmpty(member[1])));

/** An object of these members, undefined if there are none. */
export const someMembers = (
  entries: readonly (readonly [string, Json])[],
): { readonly [name: string]: Json } | undefined =>
  entries.length === 0 ? undefined : Object.fromEntries(entries);

/** A comment as two texts: its first line, and what follows; undefined where there is none. */
export const splitComment = (
  comment: string | null,
): { readonly summary: string | undefined; readonly description: string | undefined } => {
  if (comment === null) return { summary: undefined, description: undefined };
  const end = comment.indexOf('\n');
  if (end < 0) return { summary: comment, description: '' };
  return { summary: comment.slice(0, end), description: comment.slice(end).replace(/^\n+/, '') };
};
