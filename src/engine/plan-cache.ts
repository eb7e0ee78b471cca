import { literalLimit, type Plan, slotNumber } from '../plan/index.ts';
import type { Compiled, PlanStatement } from '../query/index.ts';
import { type Ask, printMediaType } from '../request/index.ts';

/** A plan with its statements, and what running it has taught. */
export type CachedPlan = {
  readonly plan: Plan;
  readonly compiled: Compiled;
  /** Under which its main statement is prepared; others are named after it. */
  readonly key: string;
  /** Bytes of the largest recent answer; undefined before the first. */
  largest: number | undefined;
  /** The main statement's text with its rows gathered into one, once it was wanted. */
  gathered?: string | 'never';
  /** The highest total that was told. */
  most?: number;
  /** The statement that looks at the rows once to show a page and count them. */
  counted?: PlanStatement | 'never';
  /** The text that reads by many keys at once. */
  manyKeys?: string | 'never';
  /** When it was used last, by the cache's clock. */
  usedAt?: number;
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
    case 'patch':
      return 'patch';
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

const targetKey = ({ target }: Ask): string => {
  switch (target.kind) {
    case 'root':
      return 'root';
    case 'collection':
    case 'routine':
      return `${target.kind}${SEPARATOR}${target.name}`;
    case 'item':
      return `item${target.key.length}${SEPARATOR}${target.name}`;
    case 'related':
      return `related${target.key.length}${SEPARATOR}${listKey([target.name, target.relation, target.hint ?? ''])}`;
  }
};

const conditionKey = ({ conditions }: Ask): string => {
  if (conditions === undefined) return '';
  const { match, absent, unmodifiedSince } = conditions;
  return `${match === undefined ? '' : match === 'any' ? 'a' : 'm'}${absent ? 'n' : ''}${unmodifiedSince === undefined ? '' : 'u'}`;
};

/** Everything of a request that decides its plan, but for the role; nothing that only is a value in it. */
export const shapeKey = (ask: Ask): string =>
  [
    ask.schema,
    ask.verb,
    ask.headersOnly ? 'h' : '',
    pageKey(ask),
    targetKey(ask),
    conditionKey(ask),
    ask.query.shape,
    preferenceKey(ask),
    listKey(ask.accept.map(printMediaType)),
    printMediaType(ask.contentType),
    payloadKey(ask),
  ].join(SEPARATOR);

export const planKey = (ask: Ask, role: string): string =>
  `${role}${SEPARATOR}${ask.shapeKey ?? shapeKey(ask)}`;

/** What a plan takes beside its statements' text, roughly. */
const OVERHEAD = 4096;

const weigh = (key: string, cached: CachedPlan): number =>
  2 * (key.length + cached.compiled.main.text.length) + OVERHEAD;

/** So much of a full cache goes at once, so that to look for it costs next to nothing each. */
const SHARE = 8;

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
  #clock = 0;

  constructor(maxCount = 12_000, maxBytes = 64 * 1024 * 1024) {
    this.#maxCount = maxCount;
    this.#maxBytes = maxBytes;
  }

  find(snapshot: number, key: string): CachedPlan | undefined {
    if (snapshot !== this.#snapshot) return undefined;
    const cached = this.#plans.get(key);
    if (cached !== undefined) cached.usedAt = ++this.#clock;
    return cached;
  }

  keep(snapshot: number, key: string, cached: CachedPlan): void {
    if (snapshot < this.#snapshot) return;
    if (snapshot > this.#snapshot) {
      this.#plans = new Map();
      this.#bytes = 0;
      this.#snapshot = snapshot;
    }
    cached.usedAt = ++this.#clock;
    this.#plans.set(key, cached);
    this.#bytes += weigh(key, cached);
    if (this.#isFull()) this.#makeRoom();
  }

  #isFull(): boolean {
    return this.#plans.size > this.#maxCount || this.#bytes > this.#maxBytes;
  }

  #makeRoom(): void {
    const byUse = [...this.#plans].sort(([, a], [, b]) => (a.usedAt ?? 0) - (b.usedAt ?? 0));
    const least = Math.ceil(byUse.length / SHARE);
    for (const [i, [key, cached]] of byUse.entries()) {
      if (i >= least && !this.#isFull()) return;
      // The one that was just kept stays, whatever its weight.
      if (i === byUse.length - 1) return;
      this.#plans.delete(key);
      this.#bytes -= weigh(key, cached);
    }
  }

  get size(): number {
    return this.#plans.size;
  }
}
