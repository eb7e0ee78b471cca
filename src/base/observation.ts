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

/** How much a finding matters: an error opens what should be closed, or will fail. */
export type Severity = 'info' | 'warning' | 'error';

/** What the adviser or a check found, with its remedy. */
export type Finding = {
  /** Stable id, used to waive it and to find its docs page. */
  readonly id: string;
  readonly severity: Severity;
  /** What it is about: `public.posts`, `public.posts.title`, … */
  readonly subject: string;
  readonly message: string;
  /** Why it matters, for one who has not met it before. */
  readonly why?: string;
  /** Statements that would mend it, where there are some. */
  readonly remedy?: string;
  /** The section of the documentation, from the package's folder: `docs/reference/findings.md#table-without-row-security`. */
  readonly docs?: string;
  /** The migration that made the subject, and the line in it. */
  readonly place?: { readonly file: string; readonly line: number };
  /** What a read of the table costs by Postgres' estimate, as it is and with the remedy, on a table with so many rows. */
  readonly cost?: { readonly before: number; readonly after: number; readonly rows: number };
  /** The reason that was given for leaving it as it is; such a finding is told, but stops nothing. */
  readonly waived?: string;
};
