import { Cancel, type CancelSignal } from '../base/index.ts';
import { isConnectionLost, type Outcome, type Pool, type Row, type Statement } from '../db/index.ts';
import { findColumn, findRelation, type ModelIndex } from '../model/index.ts';
import { keyFilterOf, manyKeysSql } from '../query/index.ts';
import { printArray } from './array-literal.ts';
import type { Job } from './job.ts';
import type { CachedPlan } from './plan-cache.ts';

/** Types of keys: what the text of one stands for is the same in an array as by itself. */
const KEY_TYPES: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'uuid', 'text']);

/** Keys that one statement looks for at most. */
const MOST = 64;

/** The statement that reads rows of a plan by many keys; undefined where the plan is no read by a unique key. */
const manyKeys = (cached: CachedPlan, index: ModelIndex): string | undefined => {
  const filter = keyFilterOf(cached.plan);
  const relation = filter && findRelation(index, filter.relation);
  if (filter === undefined || relation === undefined) return undefined;
  const type = findColumn(index, relation, filter.column)?.type ?? '';
  const unique = relation.uniqueKeys.some((key) => key.length === 1 && key[0] === filter.column);
  return unique && KEY_TYPES.has(type) ? manyKeysSql(cached.plan, filter, type) : undefined;
};

/** A read by key, on its way. */
export type KeyRead = {
  readonly job: Job;
  /** The same for jobs of its plan under the same settings. */
  readonly settings: string;
  /** Aborts when nobody waits for it any more. */
  readonly signal: CancelSignal | undefined;
  /** Runs it by itself: where nothing of its kind is under way, and each of a batch that failed. */
  readonly runAlone: () => Promise<readonly Outcome[]>;
  /** Of the rows of all that travel together. */
  readonly maxBytes: number;
};

/** Reads that wait to be sent as one. */
type Batch = {
  readonly keys: string[];
  readonly outcomes: Promise<readonly Outcome[]>;
  readonly abandoned: Cancel;
  /** How many of its callers are still there. */
  waiting: number;
};

/** What is known of the reads of one shape under the same settings. */
type Group = { underWay: number; unsent: Batch | undefined };

/** What a caller gets of a batch: its row as the plan's own statement would give it. */
const pick = (outcomes: readonly Outcome[], at: number, place: number): readonly Outcome[] => {
  const main = outcomes[at] as Outcome;
  const rows: Row[] = main.rows.flatMap(([told, ...row]) =>
    Number(told?.toString('latin1')) === place + 1 ? [row] : [],
  );
  return outcomes.map((outcome, i) =>
    i === at ? { ...main, rows, command: `SELECT ${rows.length}` } : outcome,
  );
};

/**
 * Joins reads by key: of one shape and the same settings, and so of the same caller, those that have not been sent yet
 * become one statement. It is sent when it would have been anyway, and what has been sent is joined by nobody, so no
 * read misses a write that was acknowledged before it came.
 */
export class KeyReads {
  readonly #pool: Pool;
  readonly #groups = new Map<string, Group>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Whether a job may be joined with others of its shape. */
  takes({ cached, main, asksResponse }: Job, index: ModelIndex): boolean {
    cached.manyKeys ??= manyKeys(cached, index) ?? 'never';
    const [key] = main.params;
    if (cached.manyKeys === 'never' || asksResponse || main.params.length !== 1) return false;
    return typeof key === 'string' && !key.includes('\0');
  }

  /** Runs a job that is taken. */
  async run(read: KeyRead): Promise<readonly Outcome[]> {
    const name = read.settings;
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { underWay: 0, unsent: undefined };
      this.#groups.set(name, group);
    }
    const mine = group;
    try {
      return await (mine.underWay++ === 0 ? read.runAlone() : this.#join(read, mine));
    } finally {
      if (--mine.underWay === 0) this.#groups.delete(name);
    }
  }

  async #join({ job, signal, runAlone, maxBytes }: KeyRead, group: Group): Promise<readonly Outcome[]> {
    if (group.unsent === undefined || group.unsent.keys.length >= MOST)
      group.unsent = this.#begin(job, group, maxBytes);
    const batch = group.unsent;
    const place = batch.keys.push(job.main.params[0] as string) - 1;
    batch.waiting++;
    const leave = (): void => {
      if (--batch.waiting === 0) batch.abandoned.abort(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      const outcomes = await batch.outcomes;
      return batch.keys.length === 1 ? outcomes : pick(outcomes, job.preamble.length, place);
    } catch (error) {
      // Of several, another's key may have been the reason.
      if (batch.keys.length === 1 || signal?.aborted || isConnectionLost(error)) throw error;
      return await runAlone();
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  #begin(job: Job, group: Group, maxBytes: number): Batch {
    const { cached, main, preamble } = job;
    const keys: string[] = [];
    const abandoned = new Cancel();
    const close = (): void => {
      if (group.unsent === batch) group.unsent = undefined;
    };
    const amend = (): readonly Statement[] | undefined => {
      close();
      if (keys.length === 1) return undefined;
      const text = cached.manyKeys as string;
      return [...preamble, { text, key: `${cached.key}:keys`, params: [printArray(keys)] }];
    };
    const outcomes = this.#pool.run([...preamble, main], { signal: abandoned, maxBytes, amend });
    outcomes.then(close, close);
    const batch: Batch = { keys, outcomes, abandoned, waiting: 0 };
    return batch;
  }
}
