import type { Answer } from '../engine/index.ts';
import type { EntityTags, Header, HttpResponse } from '../http/index.ts';
import type { Plan } from '../plan/index.ts';
import { type Ask, type Preferences, printApplied } from '../request/index.ts';
import type { AskedPage } from './page.ts';

/** What of a request decides how its answer is headed. */
export type Asked = {
  readonly ask: Ask;
  readonly page: AskedPage;
  /** Path of the resource, with what the API is served below. */
  readonly location: string;
  /** The query string, its parameters sorted. */
  readonly canonicalQuery: string;
  /** Whether the schema was negotiated, so that the answer names it. */
  readonly negotiated: boolean;
  /** The routine returns nothing. */
  readonly isVoid: boolean;
  /** The path below which what is created has an address of its own; undefined: it is told by filters. */
  readonly items: string | undefined;
  /** Whether who asks has a use for the entity tag of many rows, if there can be one. */
  readonly tagged: boolean;
  /** Conditions of a read (RFC 9110, section 13.1). */
  readonly unless: ReadConditions | undefined;
};

/** Under which conditions the answer to a read is wanted. */
export type ReadConditions = {
  readonly match: EntityTags | undefined;
  readonly noneMatch: EntityTags | undefined;
  /** Seconds since 1970. */
  readonly modifiedSince: number | undefined;
  readonly unmodifiedSince: number | undefined;
};

/** Types that are text, and said to be UTF-8. */
const TEXT_TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'application/geo+json',
  'application/openapi+json',
  'application/x-www-form-urlencoded',
  'text/csv',
  'text/plain',
  'text/xml',
]);

export const contentType = (mediaType: string): Header => [
  'Content-Type',
  TEXT_TYPES.has(mediaType) || mediaType.startsWith('application/vnd.pgrst.')
    ? `${mediaType}; charset=utf-8`
    : mediaType,
];

/** The preferences that counted: others are not told as applied (RFC 7240, section 3). */
const appliedPreferences = (plan: Plan, { preferences, verb, query }: Ask): Partial<Preferences> => {
  const { count, tx, handling, timezone, maxAffected, missing, resolution } = preferences;
  const keyed = query.onConflict !== undefined || (plan.write?.conflict?.columns.length ?? 0) > 0;
  return {
    count,
    tx,
    handling,
    timezone,
    resolution: verb === 'create' && keyed ? resolution : undefined,
    return: plan.verb === 'write' ? preferences.return : undefined,
    missing: verb === 'create' || verb === 'update' ? missing : undefined,
    maxAffected: verb === 'update' || verb === 'delete' || plan.verb === 'call' ? maxAffected : undefined,
  };
};

export const preferenceHeaders = (plan: Plan, ask: Ask): readonly Header[] => {
  const applied = printApplied(appliedPreferences(plan, ask));
  return applied === undefined ? [] : [['Preference-Applied', applied]];
};

export const profileHeaders = (asked: Asked): readonly Header[] =>
  asked.negotiated ? [['Content-Profile', asked.ask.schema]] : [];

/** An answer before functions of the database have their say. */
export type Draft = {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: HttpResponse['body'];
};

export const lengthOf = (answer: Answer): readonly Header[] =>
  answer.body.kind === 'whole' ? [['Content-Length', String(answer.body.bytes.length)]] : [];

export const bodyOf = (answer: Answer): HttpResponse['body'] =>
  answer.body.kind === 'whole' ? answer.body.bytes : { pump: answer.body.pump };
