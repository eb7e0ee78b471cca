import { type Problem, problem, type QualifiedName, Refusal } from '../base/index.ts';
import { type Contract, publish } from '../contract/index.ts';
import { isTooLong, type Outcome, type Pool, type RowTaker, type Statement } from '../db/index.ts';
import { type Plan, type PlanSettings, planAsk } from '../plan/index.ts';
import { compile } from '../query/index.ts';
import type { Ask } from '../request/index.ts';
import type { Answer } from './answer.ts';
import type { Circumstances } from './circumstances.ts';
import { framingOf } from './frame.ts';
import { ASK_RESPONSE, type Job, jobStatements, joinKey, makeJob, totalStatement } from './job.ts';
import { Joins } from './joins.ts';
import {
  checkGuards,
  explainBody,
  makeBody,
  NO_SETTINGS,
  type ResponseSettings,
  readEstimate,
  readLocation,
  readNumber,
  readOutcomes,
  readResponse,
  requireFraming,
  totalColumn,
} from './outcome.ts';
import { type CachedPlan, PlanCache, planKey } from './plan-cache.ts';
import type { ModelSource, Publication } from './publication.ts';
import type { TransactionSettings } from './settings.ts';
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

/** What was taken for small and has more bytes of rows is run anew, as a stream. */
const SHORT = 1024 * 1024;

/** Whether nothing is changed by running it, or running it twice. */
const isPure = ({ verb, call }: Plan): boolean =>
  verb === 'read' || (verb === 'call' && call?.volatile === false);

const refuse = (reason: Problem): never => {
  throw new Refusal(reason);
};

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

/** Runs statements where a job is being run: on the pool, or in its own transaction. */
type Run = (statements: readonly Statement[]) => Promise<readonly Outcome[]>;

class PooledEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #transaction: TransactionSettings;
  readonly #cache = new PlanCache();
  readonly #joins = new Joins<Answer>();
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

  #jobOf(ask: Ask, circumstances: Circumstances): Job {
    const { role } = circumstances.identity;
    const cached = this.#planOf(ask, role);
    return makeJob(this.#transaction, this.#publish().index.roles.get(role), cached, ask, circumstances);
  }

  explain = (ask: Ask, circumstances: Circumstances): Explanation => {
    const job = this.#jobOf(ask, circumstances);
    return { plan: job.cached.plan, statements: jobStatements(job) };
  };

  execute = async (ask: Ask, circumstances: Circumstances) => {
    const job = this.#jobOf(ask, circumstances);
    return { plan: job.cached.plan, answer: await this.#run(job) };
  };

  /** Whether the transaction is to be rolled back although nothing went wrong. */
  #rollsBack({ preferences }: Ask): boolean {
    return preferences.tx === 'rollback' || (this.#options.rollback && preferences.tx !== 'commit');
  }

  #isolation(plan: Plan, role: string): string | undefined {
    const settings = this.#publish().index.roles.get(role)?.settings;
    const ofRole = settings?.find(([name]) => name === 'default_transaction_isolation')?.[1];
    const wanted = plan.isolation ?? ofRole;
    return wanted === 'repeatable read' || wanted === 'serializable' ? wanted : undefined;
  }

  async #run(job: Job): Promise<Answer> {
    const { cached, ask, circumstances } = job;
    const { plan } = cached;
    // What only reads need not be undone.
    const rollsBack = plan.verb !== 'read' && this.#rollsBack(ask);
    const isolation = this.#isolation(plan, circumstances.identity.role);
    const guarded = !plan.readOnly && plan.guards.length > 0;
    if (guarded || rollsBack || isolation !== undefined)
      return this.#runInTransaction(job, isolation, rollsBack);
    if (this.#mayBeLong(job)) return this.#runLong(job);
    try {
      return await this.#runShort(job);
    } catch (error) {
      if (!isTooLong(error)) throw error;
      cached.largest = Number.POSITIVE_INFINITY;
      return this.#runLong(job);
    }
  }

  /** Runs beside others on a shared connection. Fails with `too-long` if it had better be run as a stream. */
  #runShort(job: Job): Promise<Answer> {
    const { signal } = job.circumstances;
    if (!this.#mayJoin(job)) return this.#runAlone(job, signal);
    return this.#joins.run(joinKey(job), (abandoned) => this.#runAlone(job, abandoned), signal);
  }

  async #runAlone(job: Job, signal: AbortSignal | undefined): Promise<Answer> {
    const maxBytes = isPure(job.cached.plan) && this.#mayStream(job.cached.plan) ? SHORT : undefined;
    const run: Run = (statements) => this.#options.pool.run(statements, { signal, maxBytes });
    return this.#finish(job, await run(jobStatements(job)), run);
  }

  /**
   * Whether a read may be joined with others that are the same to the letter. A pre-request function
   * may count its calls, and a volatile routine is called to do something.
   */
  #mayJoin({ cached: { plan } }: Job): boolean {
    return this.#transaction.preRequest === undefined && plan.explain === undefined && isPure(plan);
  }

  /**
   * A transaction of its own: to look at the rows before it is committed, to roll it back, or for
   * another isolation level.
   */
  async #runInTransaction(job: Job, isolation: string | undefined, rollsBack: boolean): Promise<Answer> {
    // Deferred constraints have to speak before the rollback takes their chance.
    const settle: Statement = { text: 'SET CONSTRAINTS ALL IMMEDIATE', key: undefined, params: [] };
    const undo = Symbol('rollback');
    let kept: Answer | undefined;
    try {
      return await this.#options.pool.transaction(
        async (transaction) => {
          const outcomes = await transaction.run(jobStatements(job));
          const answer = await this.#finish(job, outcomes, transaction.run);
          if (!rollsBack) return answer;
          await transaction.run([settle]);
          kept = answer;
          throw undo;
        },
        {
          signal: job.circumstances.signal,
          ...(isolation === undefined ? {} : { mode: `ISOLATION LEVEL ${isolation}` }),
        },
      );
    } catch (error) {
      if (error === undo && kept !== undefined) return kept;
      throw error;
    }
  }

  /** Whether the rows may be sent while they come. */
  #mayStream(plan: Plan): boolean {
    if (framingOf(plan.output) === undefined || plan.explain !== undefined || plan.guards.length > 0)
      return false;
    // A function may say how it is to be answered, which is only known when it is done.
    return plan.verb !== 'write' && !(plan.verb === 'call' && plan.asksResponse);
  }

  /** Whether a page could be more than fits beside other requests on a shared connection. */
  #mayBeLong({ cached: { plan, largest }, ask: { page } }: Job): boolean {
    if (!this.#mayStream(plan)) return false;
    if (largest !== undefined) return largest > SMALL;
    return page.limit === undefined || page.limit > SMALL_PAGE;
  }

  async #runLong(job: Job): Promise<Answer> {
    const { cached, circumstances } = job;
    const { plan, compiled } = cached;
    const { pool } = this.#options;
    const { signal } = circumstances;
    const before = [...job.preamble, ...(job.estimate === undefined ? [] : [job.estimate])];
    let response = NO_SETTINGS;
    const streamed = await streamRows(
      plan.asksResponse
        ? (taker) =>
            this.#streamAsking(before, job.main, taker, signal, (heard) => {
              response = heard;
            })
        : (taker) => pool.stream([...before, job.main], taker, { signal }),
      requireFraming(plan),
      { total: totalColumn(compiled), header: plan.output.mode === 'csv' ? 1 : undefined },
    );
    const head = {
      inserted: undefined,
      location: undefined,
      responseHeaders: response.headers,
      responseStatus: response.status,
    };
    if (streamed.kind === 'streamed') {
      cached.largest = Number.POSITIVE_INFINITY;
      const body = { kind: 'streamed', pump: streamed.pump } as const;
      return { body, rows: undefined, total: streamed.total, ...head };
    }
    const { bytes, rows } = streamed;
    cached.largest = bytes.length;
    const estimate = job.estimate === undefined ? undefined : streamed.outcomes[before.length - 1];
    const run: Run = (statements) => pool.run(statements, { signal });
    const total = await this.#total(job, rows, streamed.total, estimate, run);
    return { body: { kind: 'whole', bytes }, rows, total, ...head };
  }

  /**
   * Streams, and asks what the answer is to be headed with: before the rows, as then the head has to
   * be sent, and once more after them, in case it can still wait.
   */
  #streamAsking(
    before: readonly Statement[],
    main: Statement,
    taker: RowTaker,
    signal: AbortSignal | undefined,
    hear: (response: ResponseSettings) => void,
  ): Promise<readonly Outcome[]> {
    return this.#options.pool.transaction(
      async (transaction) => {
        const outcomes = await transaction.run([...before, ASK_RESPONSE]);
        hear(readResponse(outcomes.at(-1)));
        const [rows] = await transaction.run([main], { taker });
        hear(readResponse((await transaction.run([ASK_RESPONSE]))[0]));
        return rows === undefined ? outcomes : [...outcomes.slice(0, -1), rows];
      },
      { signal },
    );
  }

  /** The total of rows: as the rows tell it, counted by itself, or estimated. */
  async #total(
    job: Job,
    rows: number,
    told: number | undefined,
    estimated: Outcome | undefined,
    run: Run,
  ): Promise<number | undefined> {
    const { count, countLimit } = job.cached.plan;
    if (count === undefined) return undefined;
    const estimate = readEstimate(estimated);
    if (count === 'planned') return estimate;
    const total = told ?? (await this.#countApart(job, rows, run));
    if (count === 'exact' || total === undefined || estimate === undefined) return total;
    return countLimit === undefined || total > countLimit ? Math.max(total, estimate) : total;
  }

  /** The total where no row could tell it. */
  async #countApart(job: Job, rows: number, run: Run): Promise<number | undefined> {
    const { plan } = job.cached;
    const { limit, offset } = job.ask.page;
    if (!plan.paged || plan.verb === 'write') return rows;
    if (rows === 0 && offset === 0 && limit !== 0) return 0;
    const statement = totalStatement(job);
    if (statement === undefined) return undefined;
    const outcomes = await run([...job.preamble, statement]);
    return readNumber(outcomes.at(-1)?.rows[0]?.[0]);
  }

  /** Makes the answer of what the statements gave; refuses where a guard says so. */
  async #finish(job: Job, given: readonly Outcome[], run: Run): Promise<Answer> {
    const { cached, ask } = job;
    const { plan, compiled } = cached;
    const { main, estimate, response } = readOutcomes(job, given);
    const head = {
      responseHeaders: response.headers,
      responseStatus: response.status,
      inserted: plan.write?.countInserted === true ? (response.inserted ?? 0) : undefined,
    };
    if (plan.explain !== undefined)
      return {
        body: explainBody(main.rows),
        rows: undefined,
        total: undefined,
        location: undefined,
        ...head,
      };
    const { body, rows } = makeBody(plan, main);
    checkGuards(plan, ask, rows);
    if (body.kind === 'whole') cached.largest = body.bytes.length;
    const at = totalColumn(compiled);
    const told = at === undefined ? undefined : readNumber(main.rows[0]?.[at]);
    return {
      body,
      rows,
      total: await this.#total(job, rows, told, estimate, run),
      location: compiled.location ? readLocation(plan, main.rows) : undefined,
      ...head,
    };
  }
}

/** Makes an engine for one database. */
export const createEngine = (options: EngineOptions): Engine => new PooledEngine(options);
