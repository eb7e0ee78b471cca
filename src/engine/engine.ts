import { type Problem, problem, type QualifiedName, Refusal } from '../base/index.ts';
import { type Contract, publish } from '../contract/index.ts';
import {
  countAffected,
  type OnRows,
  type Outcome,
  type Pool,
  type Row,
  type Statement,
} from '../db/index.ts';
import type { ModelIndex } from '../model/index.ts';
import { type Plan, type PlanSettings, planAsk } from '../plan/index.ts';
import { compile, type PlanStatement, RESPONSE_SETTINGS } from '../query/index.ts';
import type { Ask } from '../request/index.ts';
import type { Answer, AnswerBody } from './answer.ts';
import { bindParams } from './bind.ts';
import type { Circumstances } from './circumstances.ts';
import { addRows, emptyCsv, Frame, framingOf } from './frame.ts';
import { type CachedPlan, PlanCache, planKey } from './plan-cache.ts';
import type { ModelSource, Publication } from './publication.ts';
import { preRequestStatement, settingsStatement, type TransactionSettings } from './settings.ts';
import { streamRows } from './stream.ts';

export type EngineOptions = {
  readonly pool: Pool;
  readonly model: ModelSource;
  /** Served schemas, the default first. */
  readonly schemas: readonly string[];
  readonly extraSearchPath: readonly string[];
  readonly plan: PlanSettings;
  readonly appSettings: readonly (readonly [name: string, value: string])[];
  readonly preRequest: QualifiedName | undefined;
  /** Whether transactions roll back unless the request says otherwise (`db-tx-end`). */
  readonly rollback: boolean;
};

/** What becomes of a request, before it is run. */
export type Explanation = {
  readonly plan: Plan;
  readonly statements: readonly Statement[];
};

/** Answers of at most this many bytes travel beside others; larger ones have a connection of their own. */
const SMALL = 64 * 1024;

/** Pages of at most this many rows are taken for small before anything is known of them. */
const SMALL_PAGE = 200;

/** What functions of the database set for the answer's head. */
type Response = { headers?: string | undefined; status?: string | undefined };

const ASK_RESPONSE: Statement = { text: RESPONSE_SETTINGS.text, key: 'response-settings', params: [] };

const refuse = (reason: Problem): never => {
  throw new Refusal(reason);
};

const readNumber = (value: Buffer | null | undefined): number | undefined =>
  value ? Number(value.toString('latin1')) : undefined;

const readText = (value: Buffer | null | undefined): string | undefined => value?.toString('utf8');

const NOTHING = Buffer.alloc(0);
const NULL_JSON = Buffer.from('null');

/** A bytea in text format, as bytes again. */
const decodeBytes = (value: Buffer): Buffer => Buffer.from(value.toString('latin1', 2), 'hex');

/** Postgres' type oid of bytea (pg_type.dat). */
const BYTEA = 17;

/** Runs requests on one database. */
export type Engine = {
  /**
   * Runs a request in one transaction.
   *
   * @throws Refusal for what the request or the rows do not allow, PgError and ConnectionError from below
   */
  readonly execute: (ask: Ask, circumstances: Circumstances) => Promise<{ plan: Plan; answer: Answer }>;
  /** Makes the plan and the statements without running them. */
  readonly explain: (ask: Ask, circumstances: Circumstances) => Explanation;
  /** The published API for a role, as it stands now; PGRST002 if the schema was not read yet. */
  readonly contractFor: (role: string) => Contract;
};

class PooledEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #transaction: TransactionSettings;
  readonly #cache = new PlanCache();
  #contracts = new Map<string, Contract>();
  #publication: Publication | undefined;
  #serial = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#transaction = {
      extraSearchPath: options.extraSearchPath,
      appSettings: options.appSettings,
      preRequest: options.preRequest,
    };
  }

  #publish(): Publication {
    const current = this.#options.model.current() ?? refuse(problem('PGRST002'));
    if (current !== this.#publication) {
      this.#publication = current;
      this.#contracts = new Map();
    }
    return current;
  }

  contractFor = (role: string): Contract => {
    const { index, snapshot } = this.#publish();
    let contract = this.#contracts.get(role);
    if (contract === undefined) {
      const { schemas, extraSearchPath } = this.#options;
      contract = publish(index, snapshot, { role, schemas, extraSearchPath });
      this.#contracts.set(role, contract);
    }
    return contract;
  };

  #planOf(ask: Ask, role: string): CachedPlan {
    const { snapshot } = this.#publish();
    const key = planKey(ask, role);
    const found = this.#cache.find(snapshot, key);
    if (found !== undefined) return found;
    const planned = planAsk(this.contractFor(role), this.#options.plan, ask);
    if (!planned.ok) return refuse(planned.problem);
    const made: CachedPlan = {
      plan: planned.value,
      compiled: compile(planned.value),
      key: `plan:${++this.#serial}`,
      largest: undefined,
    };
    this.#cache.keep(snapshot, key, made);
    return made;
  }

  #index(): ModelIndex {
    return this.#publish().index;
  }

  explain = (ask: Ask, circumstances: Circumstances): Explanation => {
    const cached = this.#planOf(ask, circumstances.identity.role);
    return { plan: cached.plan, statements: this.#statements(cached, ask, circumstances).all };
  };

  #bound(
    cached: CachedPlan,
    part: string,
    statement: PlanStatement,
    ask: Ask,
    circumstances: Circumstances,
  ): Statement {
    return {
      text: statement.text,
      key: `${cached.key}${part}`,
      params: bindParams(statement.params, ask, circumstances),
      describe: part === '' && cached.plan.output.mode === 'handler',
    };
  }

  /** All statements of a request in their order, and where the interesting ones stand. */
  #statements(cached: CachedPlan, ask: Ask, circumstances: Circumstances) {
    const { plan, compiled } = cached;
    const { role } = circumstances.identity;
    const before: Statement[] = [
      settingsStatement(this.#transaction, plan, ask, circumstances, this.#index().roles.get(role)),
    ];
    const { preRequest } = this.#transaction;
    if (preRequest !== undefined) before.push(preRequestStatement(preRequest, role));
    const estimate =
      compiled.estimate && this.#bound(cached, ':estimate', compiled.estimate, ask, circumstances);
    if (estimate) before.push(estimate);
    const main = this.#bound(cached, '', compiled.main, ask, circumstances);
    const asks = plan.asksResponse || plan.write?.countInserted === true;
    const after = asks ? [ASK_RESPONSE] : [];
    return {
      all: [...before, main, ...after],
      before,
      main,
      at: { estimate: before.length - 1, main: before.length, after: before.length + 1 },
    };
  }

  /** Whether the transaction is to be rolled back although nothing went wrong. */
  #rollsBack(ask: Ask): boolean {
    const { tx } = ask.preferences;
    return tx === 'rollback' || (this.#options.rollback && tx !== 'commit');
  }

  #isolation(plan: Plan, role: string): string | undefined {
    const settings = this.#index().roles.get(role)?.settings;
    const ofRole = settings?.find(([name]) => name === 'default_transaction_isolation')?.[1];
    const wanted = plan.isolation ?? ofRole;
    return wanted === 'repeatable read' || wanted === 'serializable' ? wanted : undefined;
  }

  execute = async (ask: Ask, circumstances: Circumstances) => {
    const cached = this.#planOf(ask, circumstances.identity.role);
    const answer = await this.#run(cached, ask, circumstances);
    return { plan: cached.plan, answer };
  };

  async #run(cached: CachedPlan, ask: Ask, circumstances: Circumstances): Promise<Answer> {
    const { plan } = cached;
    const rollsBack = this.#rollsBack(ask);
    const isolation = this.#isolation(plan, circumstances.identity.role);
    const guarded = !plan.readOnly && plan.guards.length > 0;
    if (guarded || rollsBack || isolation !== undefined)
      return this.#runInTransaction(cached, ask, circumstances, isolation, rollsBack);
    const { all, at } = this.#statements(cached, ask, circumstances);
    const options = { signal: circumstances.signal };
    if (this.#mayBeLong(cached, circumstances)) return this.#runLong(cached, ask, circumstances);
    const outcomes = await this.#options.pool.run(all, options);
    return this.#finish(cached, ask, circumstances, outcomes, at);
  }

  /**
   * A transaction of its own: to look at the rows before it is committed, to roll it back, or for
   * another isolation level.
   */
  #runInTransaction(
    cached: CachedPlan,
    ask: Ask,
    circumstances: Circumstances,
    isolation: string | undefined,
    rollsBack: boolean,
  ): Promise<Answer> {
    const { pool } = this.#options;
    const { all, at } = this.#statements(cached, ask, circumstances);
    // Deferred constraints have to speak before the rollback takes their chance.
    const settle: Statement = { text: 'SET CONSTRAINTS ALL IMMEDIATE', key: undefined, params: [] };
    const undo = Symbol('rollback');
    let kept: Answer | undefined;
    return pool
      .transaction(
        async (transaction) => {
          const outcomes = await transaction.run(all);
          const answer = await this.#finish(cached, ask, circumstances, outcomes, at);
          if (!rollsBack) return answer;
          await transaction.run([settle]);
          kept = answer;
          throw undo;
        },
        {
          signal: circumstances.signal,
          ...(isolation === undefined ? {} : { mode: `ISOLATION LEVEL ${isolation}` }),
        },
      )
      .catch((error) => {
        if (error === undo && kept !== undefined) return kept;
        throw error;
      });
  }

  /** Whether a page could be more than fits beside other requests on a shared connection. */
  #mayBeLong({ plan, largest }: CachedPlan, { page }: Circumstances): boolean {
    if (framingOf(plan.output) === undefined || plan.explain !== undefined || plan.guards.length > 0)
      return false;
    // A function may say how it is to be answered, which is only known when it is done.
    if (plan.verb === 'write' || (plan.verb === 'call' && plan.asksResponse)) return false;
    if (largest !== undefined) return largest > SMALL;
    return page.limit === undefined || page.limit > SMALL_PAGE;
  }

  async #runLong(cached: CachedPlan, ask: Ask, circumstances: Circumstances): Promise<Answer> {
    const { plan, compiled } = cached;
    const framing = framingOf(plan.output);
    if (framing === undefined) throw new TypeError(`output ${plan.output.mode} has no rows`);
    const { before, main } = this.#statements(cached, ask, circumstances);
    const frame = new Frame(framing);
    const csv = plan.output.mode === 'csv';
    const totalAt = compiled.third === 'total' ? 2 : compiled.second === 'total' ? 1 : undefined;
    const response: Response = {};
    const streamed = await streamRows(
      plan.asksResponse
        ? (onRows) => this.#streamAsking(before, main, onRows, circumstances, response)
        : (onRows) => this.#options.pool.stream([...before, main], onRows, { signal: circumstances.signal }),
      frame,
      csv,
      totalAt,
    );
    if (streamed.kind === 'streamed') {
      cached.largest = Number.POSITIVE_INFINITY;
      return {
        body: { kind: 'streamed', pump: streamed.pump },
        rows: undefined,
        total: streamed.total,
        inserted: undefined,
        location: undefined,
        responseHeaders: response.headers,
        responseStatus: response.status,
      };
    }
    const bytes = csv && frame.rows === 0 ? emptyCsv : frame.take();
    cached.largest = bytes.length;
    return {
      body: { kind: 'whole', bytes },
      rows: frame.rows,
      total: await this.#total(
        cached,
        ask,
        circumstances,
        frame.rows,
        streamed.total,
        streamed.outcomes,
        before.length - 1,
      ),
      inserted: undefined,
      location: undefined,
      responseHeaders: response.headers,
      responseStatus: response.status,
    };
  }

  /**
   * Streams, and asks what the answer is to be headed with: before the rows, as then the head has to
   * be sent, and once more after them, in case it can still wait.
   */
  #streamAsking(
    before: readonly Statement[],
    main: Statement,
    onRows: OnRows,
    circumstances: Circumstances,
    response: Response,
  ): Promise<readonly Outcome[]> {
    const hear = (outcome: Outcome | undefined): void => {
      response.headers = readText(outcome?.rows[0]?.[0]);
      response.status = readText(outcome?.rows[0]?.[1]);
    };
    return this.#options.pool.transaction(
      async (transaction) => {
        const outcomes = await transaction.run([...before, ASK_RESPONSE]);
        hear(outcomes.at(-1));
        const [rows] = await transaction.run([main], { onRows });
        hear((await transaction.run([ASK_RESPONSE]))[0]);
        return rows === undefined ? outcomes : [...outcomes.slice(0, -1), rows];
      },
      { signal: circumstances.signal },
    );
  }

  /** The total of rows: as the rows tell it, counted, or estimated. */
  async #total(
    cached: CachedPlan,
    ask: Ask,
    circumstances: Circumstances,
    rows: number,
    counted: number | undefined,
    outcomes: readonly Outcome[],
    estimateAt: number,
  ): Promise<number | undefined> {
    const { plan, compiled } = cached;
    if (plan.count === undefined) return undefined;
    const estimate = compiled.estimate && readEstimate(outcomes[estimateAt]?.rows[0]?.[0]);
    if (plan.count === 'planned') return estimate;
    let total = counted;
    if (total === undefined) {
      const { limit, offset } = circumstances.page;
      if (!plan.paged || plan.verb === 'write') total = rows;
      else if (rows === 0 && offset === 0 && limit !== 0) total = 0;
      else if (compiled.total !== undefined) {
        const count = this.#bound(cached, ':total', compiled.total, ask, circumstances);
        const { before } = this.#statements(cached, ask, circumstances);
        const outcome = (
          await this.#options.pool.run([...before, count], { signal: circumstances.signal })
        ).at(-1);
        total = readNumber(outcome?.rows[0]?.[0]);
      }
    }
    if (plan.count === 'exact' || total === undefined || estimate === undefined) return total;
    return plan.countLimit === undefined || total > plan.countLimit ? Math.max(total, estimate) : total;
  }

  /** Makes the answer of what the statements gave; refuses where a guard says so. */
  async #finish(
    cached: CachedPlan,
    ask: Ask,
    circumstances: Circumstances,
    outcomes: readonly Outcome[],
    at: { readonly estimate: number; readonly main: number; readonly after: number },
  ): Promise<Answer> {
    const { plan, compiled } = cached;
    const main = outcomes[at.main];
    if (main === undefined) throw new TypeError('the main statement has no outcome');
    const response = outcomes[at.after]?.rows[0];
    const settings = {
      responseHeaders: readText(response?.[0]),
      responseStatus: readText(response?.[1]),
      inserted: plan.write?.countInserted === true ? (readNumber(response?.[2]) ?? 0) : undefined,
    };
    if (plan.explain !== undefined)
      return {
        body: explainBody(main.rows),
        rows: undefined,
        total: undefined,
        location: undefined,
        ...settings,
      };
    const made = makeBody(cached, main);
    checkGuards(plan, ask, made.rows);
    if (made.body.kind === 'whole') cached.largest = made.body.bytes.length;
    return {
      body: made.body,
      rows: made.rows,
      total: await this.#total(cached, ask, circumstances, made.rows, made.total, outcomes, at.estimate),
      location: compiled.location ? readLocation(plan, main.rows) : undefined,
      ...settings,
    };
  }
}

/** The number of rows that Postgres' planner expects (`EXPLAIN (FORMAT JSON)`). */
const readEstimate = (value: Buffer | null | undefined): number | undefined => {
  if (!value) return undefined;
  const plans = JSON.parse(value.toString('utf8')) as readonly {
    readonly Plan?: { readonly 'Plan Rows'?: number };
  }[];
  return plans[0]?.Plan?.['Plan Rows'];
};

/** EXPLAIN gives a row for each line of text, and one for JSON. */
const explainBody = (rows: readonly Row[]): AnswerBody => ({
  kind: 'whole',
  bytes: Buffer.concat(rows.flatMap((row) => [row[0] ?? NOTHING, Buffer.from('\n')])),
});

const whole = (bytes: Buffer): AnswerBody => ({ kind: 'whole', bytes });

type Made = { readonly body: AnswerBody; readonly rows: number; readonly total: number | undefined };

/** The body, the number of rows in it, and the total if they tell it. */
const makeBody = ({ plan, compiled }: CachedPlan, main: Outcome): Made => {
  const { rows } = main;
  const first = rows[0];
  const totalAt = compiled.third === 'total' ? 2 : compiled.second === 'total' ? 1 : undefined;
  const total = totalAt === undefined ? undefined : readNumber(first?.[totalAt]);
  switch (plan.output.mode) {
    case 'none':
      if (plan.verb !== 'write') return { body: whole(NOTHING), rows: readNumber(first?.[1]) ?? 0, total };
      return {
        body: whole(NOTHING),
        rows: plan.location === undefined ? countAffected(main.command) : rows.length,
        total,
      };
    case 'value':
      return {
        body: whole(Buffer.from(first?.[0] ?? NULL_JSON)),
        rows: plan.singleRow ? 1 : rows.length,
        total,
      };
    case 'handler': {
      const value = first?.[0] ?? NOTHING;
      const isBytes = main.columns?.[0]?.type === BYTEA && value.length > 0;
      return {
        body: whole(isBytes ? decodeBytes(value) : Buffer.from(value)),
        rows: readNumber(first?.[1]) ?? 0,
        total,
      };
    }
    default: {
      const framing = framingOf(plan.output);
      if (framing === undefined) throw new TypeError(`output ${plan.output.mode} has no rows`);
      const frame = new Frame(framing);
      const csv = plan.output.mode === 'csv';
      addRows(frame, rows, csv);
      frame.close();
      return { body: whole(csv && rows.length === 0 ? emptyCsv : frame.take()), rows: rows.length, total };
    }
  }
};

const checkGuards = (plan: Plan, ask: Ask, rows: number): void => {
  for (const guard of plan.guards) {
    switch (guard.kind) {
      case 'single':
        if (rows !== 1) refuse(problem('PGRST116', { details: `The result contains ${rows} rows` }));
        break;
      case 'max-affected':
        if (rows > (ask.preferences.maxAffected ?? rows))
          refuse(problem('PGRST124', { details: `The query affects ${rows} rows` }));
        break;
      case 'put-key':
        if (rows !== 1) refuse(problem('PGRST115'));
    }
  }
};

/** Where to find the row that was inserted; only if it was one. */
const readLocation = (plan: Plan, rows: readonly Row[]): Answer['location'] => {
  const [row] = rows;
  if (row === undefined || rows.length !== 1 || plan.location === undefined) return undefined;
  return [...plan.location].sort().map((column, i) => [column, readText(row[i]) ?? null] as const);
};

/** Makes an engine for one database. */
export const createEngine = (options: EngineOptions): Engine => new PooledEngine(options);
