import type { Json } from './json.ts';
import { type ErrorCode, errorRegister } from './register.ts';

/**
 * What went wrong, as the client is told: the body is `{code, message, details, hint}`
 * (the shape of Postgres' own errors, and PostgREST's), the rest is the answer around it.
 */
export type Problem = {
  /** A code of the register, or a SQLSTATE of five characters that Postgres gave. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** Reason phrase, where it is not the status' own. */
  readonly statusText?: string;
  readonly message: string;
  readonly details: Json;
  readonly hint: Json;
  readonly headers?: readonly (readonly [name: string, value: string])[];
};

/** What a problem says beyond its code. */
export type ProblemText = {
  readonly message?: string;
  readonly details?: Json;
  readonly hint?: Json;
  readonly headers?: Problem['headers'];
};

/**
 * Makes the problem of a registered code; what is not given comes from the register.
 *
 * @example problem('PGRST205', { message: "Could not find the table 'public.pots' in the schema cache" })
 */
export const problem = (code: ErrorCode, text: ProblemText = {}): Problem => {
  const entry = errorRegister[code];
  return {
    code,
    status: entry.status,
    message: text.message ?? entry.message,
    details: text.details ?? null,
    hint: text.hint ?? null,
    ...(text.headers ? { headers: text.headers } : {}),
  };
};

/**
 * The problem of an error that is ours. Its insides stay in the log, where the id of the request leads to them.
 *
 * @param id undefined: requests have none
 */
export const internalProblem = (id?: string): Problem =>
  problem(
    'PGRSTX00',
    id === undefined ? {} : { hint: `The server's log tells the cause under the request id ${id}.` },
  );

/** Carries a problem up to the door of a stage, where `attempt` turns it into a `Result`. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(reason: Problem) {
    super(reason.message);
    this.name = 'Refusal';
    this.problem = reason;
  }
}

/** Stops the stage with a registered problem. */
export const refuse = (code: ErrorCode, text?: ProblemText): never => {
  throw new Refusal(problem(code, text));
};

/** How much clients are told: `minimal` leaves details and hint out. */
export type Verbosity = 'verbose' | 'minimal';

/** The body of an error's answer: what the client reads. */
export const problemBody = (reason: Problem, verbosity: Verbosity = 'verbose'): string =>
  JSON.stringify(
    verbosity === 'minimal'
      ? { code: reason.code, message: reason.message }
      : { code: reason.code, details: reason.details, hint: reason.hint, message: reason.message },
  );
