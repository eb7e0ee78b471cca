import type { FindingId } from './finding-register.ts';

/**
 * What a comment on an object says about findings: `@open: reason` that it is meant to be open, and
 * `@waive some-finding: reason` that this one is to be left as it is. Each stands on a line of its own. Without a
 * reason it says nothing.
 */
export type Waivers = {
  readonly reasonFor: (id: FindingId) => string | undefined;
  /** Whether something is waived without the reason that it takes. */
  readonly lacksReason: (id: FindingId) => boolean;
};

/** What `@open` speaks of: that everybody who is granted the object has all of it. */
const OPENNESS: ReadonlySet<FindingId> = new Set<FindingId>([
  'table-without-row-security',
  'policies-switched-off',
  'view-without-invoker',
  'auth-users-exposed',
  'materialized-view-open',
  'foreign-table-open',
  'personal-data-readable',
  'owned-rows-readable',
  'anyone-writes',
  'open-to-anon',
]);

const OPEN = /^\s*@open\b:?[ \t]*(.*)$/gm;
const WAIVE = /^\s*@waive[ \t]+([a-z-]+):?[ \t]*(.*)$/gm;

export const readWaivers = (comment: string | null): Waivers => {
  const said = new Map<string, string>();
  for (const [, reason = ''] of (comment ?? '').matchAll(OPEN))
    for (const id of OPENNESS) said.set(id, reason.trim());
  for (const [, id = '', reason = ''] of (comment ?? '').matchAll(WAIVE)) said.set(id, reason.trim());
  return {
    reasonFor: (id) => said.get(id) || undefined,
    lacksReason: (id) => said.get(id) === '',
  };
};
