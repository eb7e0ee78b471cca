import { literalLimit, type Plan, slotNumber } from '../plan/index.ts';
import type { Compiled } from '../query/index.ts';
import { type Ask, printMediaType } from '../request/index.ts';

/** A plan with its statements, and what running it has taught. */
export type CachedPlan = {
  readonly plan: Plan;
  readonly compiled: Compiled;
  /** Under which its main statement is prepared; others are named after it. */
  readonly key: string;
  /** Bytes of the largest recent answer; undefined before the first. */
  largest: number | undefined;
};

const SEPARATOR = '\u0000';

/** A list that no other list reads like. */
const listKey = (items: readonly string[]): string => `${items.length}\u0001${items.join('\u0001')}`;

const payloadKey = (ask: Ask): string => {
  const { payload } = ask;
  if (payload === undefined) return '';
  switch (payload.kind) {
    case 'json':
      return `${payload.form}${SEPARATOR}${listKey(payload.keys)}`;
    case 'form':
      return `form${SEPARATOR}${listKey(payload.keys)}`;
    case 'raw':
      return 'raw';
  }
};

const preferenceKey = (ask: Ask): string => {
  const { preferences } = ask;
  const { resolution, missing, handling, maxAffected, count, invalid } = preferences;
  return `${preferences.return},${resolution},${missing},${handling},${maxAffected !== undefined},${count},${listKey(invalid)}`;
};

/** Limits are part of the statement, see `literalLimit`; an offset of none is not there at all. */
const pageKey = ({ page, query }: Ask): string => {
  const top = `${literalLimit(page.limit) ?? (page.limit === undefined ? '' : 'n')}${page.offset > 0 ? 'o' : ''}`;
  if (query.limits.length === 0) return top;
  const embedded = query.limits.map(({ path, said }) =>
    path.length === 0 ? '' : String(literalLimit(slotNumber(query.values, said))),
  );
  return `${top},${embedded.join(',')}`;
};

/** Everything of a request that decides its plan; nothing that only is a value in it. */
export const planKey = (ask: Ask, role: string): string =>
  [
    role,
    ask.schema,
    ask.verb,
    ask.headersOnly ? 'h' : '',
    pageKey(ask),
    ask.target.kind,
    ask.target.kind === 'root' ? '' : ask.target.name,
    ask.query.shape,
    preferenceKey(ask),
    listKey(ask.accept.map(printMediaType)),
    printMediaType(ask.contentType),
    payloadKey(ask),
  ].join(SEPARATOR);

/** What a plan takes beside its statements' text, roughly. */
const OVERHEAD = 4096;

const weigh = (key: string, cached: CachedPlan): number =>
  2 * (key.length + cached.compiled.main.text.length) + OVERHEAD;

/**
 * Plans by the shape of their requests, for one reading of the database: a new reading empties it.
 * Bounded by number and by bytes; what has not been used for longest goes first.
 */
export class PlanCache {
  readonly #maxCount: number;
  readonly #maxBytes: number;
  #plans = new Map<string, CachedPlan>();
  #bytes = 0;
  #snapshot = -1;

  constructor(maxCount = 5_000, maxBytes = 32 * 1024 * 1024) {
    this.#maxCount = maxCount;
    this.#maxBytes = maxBytes;
  }

  find(snapshot: number, key: string): CachedPlan | undefined {
    if (snapshot !== this.#snapshot) return undefined;
    const cached = this.#plans.get(key);
    if (cached !== undefined) {
      this.#plans.delete(key);
      this.#plans.set(key, cached);
    }
    return cached;
  }

  keep(snapshot: number, key: string, cached: CachedPlan): void {
    if (snapshot < this.#snapshot) return;
    if (snapshot > this.#snapshot) {
      this.#plans = new Map();
      this.#bytes = 0;
      this.#snapshot = snapshot;
    }
    this.#plans.set(key, cached);
    this.#bytes += weigh(key, cached);
    for (const [oldest, plan] of this.#plans) {
      if (this.#plans.size <= this.#maxCount && this.#bytes <= this.#maxBytes) break;
      this.#plans.delete(oldest);
      this.#bytes -= weigh(oldest, plan);
    }
  }

  get size(): number {
    return this.#plans.size;
  }
}
