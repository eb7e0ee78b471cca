import { type Problem, Refusal } from './problem.ts';

/** What a stage gives: its product, or the problem that stopped it. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

export const succeed = <T>(value: T): Result<T> => ({ ok: true, value });

export const fail = (problem: Problem): Result<never> => ({ ok: false, problem });

/**
 * Runs a stage and turns a `Refusal` thrown anywhere inside it into a value.
 * Any other error is a bug and passes through.
 */
export const attempt = <T>(stage: () => T): Result<T> => {
  try {
    return succeed(stage());
  } catch (error) {
    if (error instanceof Refusal) return fail(error.problem);
    throw error;
  }
};
