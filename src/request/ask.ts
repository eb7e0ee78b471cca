import type { MediaType } from './media-type.ts';
import type { Preferences } from './preferences.ts';
import type { Query, Target } from './tree.ts';

/** What is to be done with the target. PUT is `replace`; a call that may not write is `call-safe`. */
export type Verb = 'read' | 'create' | 'update' | 'replace' | 'delete' | 'call' | 'call-safe';

/**
 * What of a request's body matters to its plan: its form and its keys. The bytes themselves are a
 * value and travel beside the plan.
 */
export type Payload =
  /** JSON (or CSV and forms turned into it); the keys are those of its first object. */
  | {
      readonly kind: 'json';
      readonly form: 'object' | 'array';
      /** Sorted. */
      readonly keys: readonly string[];
    }
  /** A form for a routine: each field an argument. Sorted. */
  | { readonly kind: 'form'; readonly keys: readonly string[] }
  /** A patch that can only be applied to the row as it is: a merge patch (RFC 7396), or operations (RFC 6902). */
  | { readonly kind: 'patch'; readonly form: 'merge' | 'operations' }
  /** Text, XML or bytes for a routine with one unnamed argument. */
  | { readonly kind: 'raw' };

/** Rows from `offset`, at most `limit` of them (undefined: all). */
export type TopPage = { readonly offset: number; readonly limit: number | undefined };

/**
 * Under which conditions an item is to be changed (RFC 9110, section 13.1): they are decided inside of the
 * statement that changes it. Those of a read are decided by who has the answer.
 */
export type Conditions = {
  /** `If-Match`: the versions that may be changed, `any` of an item that is there. */
  readonly match: 'any' | readonly string[] | undefined;
  /** `If-None-Match: *`: there must be no such item yet. */
  readonly absent: boolean;
  /** `If-Unmodified-Since`: the last second in which it may have been changed, since 1970. */
  readonly unmodifiedSince: number | undefined;
};

/** A request as the caller means it, before anything is known of the database. */
export type Ask = {
  readonly verb: Verb;
  /** HEAD: everything but the rows. */
  readonly headersOnly: boolean;
  readonly schema: string;
  readonly target: Target;
  readonly query: Query;
  readonly preferences: Preferences;
  /** Acceptable media types, best first. */
  readonly accept: readonly MediaType[];
  /** The body's media type. */
  readonly contentType: MediaType;
  readonly payload: Payload | undefined;
  /** The page of the target, by `limit`, `offset`, the Range header and the server's maximum. */
  readonly page: TopPage;
  readonly conditions?: Conditions | undefined;
  /** What of it decides its plan, in one text, where that was put together before. */
  readonly shapeKey?: string;
};
