import type { Identity } from '../../base/index.ts';
import type { Statement } from '../../db/index.ts';
import { type Engine, type Explanation, NOTHING_TOLD } from '../../engine/index.ts';
import type { Ask } from '../../request/index.ts';
import { isStandIn } from '../../rest/index.ts';

/** What a request, or a step of a batch, would become. */
export type Seen = {
  readonly ask: Ask;
  readonly explanation: Explanation;
  readonly identity: Identity;
};

/** What an engine would do. */
export type OnSeen = {
  readonly request: (seen: Seen) => void;
  /** Statements of our own: before the requests of their transaction, or after them. */
  readonly own?: (statements: readonly Statement[], place: 'before' | 'after') => void;
};

/** An engine that says what it would do, and does nothing: what it answers is not true. */
export const spyOn = (engine: Engine, { request, own }: OnSeen): Engine => {
  const execute: Engine['execute'] = async (ask, circumstances) => {
    const explanation = engine.explain(ask, circumstances, isStandIn);
    request({ ask, explanation, identity: circumstances.identity });
    const { plan } = explanation;
    // What reads a row to patch it writes it then.
    return { plan: plan.locks ? { ...plan, verb: 'write' } : plan, answer: NOTHING_TOLD };
  };
  return {
    ...engine,
    execute,
    foretell: () => undefined,
    transact: (_who, work, { preamble = [] } = {}) => {
      own?.(preamble, 'before');
      return work({
        execute,
        run: async (statements) => {
          own?.(statements, 'after');
          return [];
        },
        used: false,
        rehearses: true,
      });
    },
  };
};
