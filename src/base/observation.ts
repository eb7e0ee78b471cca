import type { Json } from './json.ts';

/** How much an observation matters to a person who reads the log. */
export type ObservationLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * What a room reports about itself. The room declares the name and the fields; sinks choose what to
 * do with it. Fields never hold a secret or a value of a row.
 */
export type Observation = {
  readonly level: ObservationLevel;
  /** Dotted, room first: `db.connection-lost`. */
  readonly name: string;
  readonly message: string;
  readonly fields?: { readonly [key: string]: Json };
};

/** Where observations go. */
export type Observe = (observation: Observation) => void;

/** A sink for those who do not care, such as most tests. */
export const ignoreObservations: Observe = () => {};

/** What the adviser or a check found, with its remedy. */
export type Finding = {
  /** Stable id, used to waive it and to find its docs page. */
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  /** What it is about: `public.posts`, `public.posts.title`, … */
  readonly subject: string;
  readonly message: string;
  /** Statements that would mend it, where there are some. */
  readonly remedy?: string;
};
