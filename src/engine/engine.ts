import { type CancelSignal, type Problem, problem, type QualifiedName, Refusal } from '../base/index.ts';
import { type Contract, publish } from '../contract/index.ts';
import {
  isConnectionLost,
  isTooLong,
  type Outcome,
  type Pool,
  type RowTaker,
  type RunOptions,
  type Statement,
  type Transaction,
} from '../db/index.ts';
import { type Guard, type Plan, type PlanSettings, planAsk } from '../plan/index.ts';
import { compile, INSERTED } from '../query/index.ts';
import type { Ask } from '../request/index.ts';
import type { Answer } from './answer.ts';
import type { Circumstances } from './circumstances.ts';
import { framingOf } from './frame.ts';
import { gatheredStatement, isTooMuch, readGathered } from './gather.ts';
import {
  ASK_RESPONSE,
  type Job,
  jobStatements,
  joinKey,
  makeJob,
  probeStatement,
  settingsKey,
  totalStatement,
} from './job.ts';
import { Joins } from './joins.ts';
import { KeyReads } from './key-reads.ts';
import { changedProblem, conditionsHold, explainNothing, refuseImpossibleKey } from './missing.ts';
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
  readVersion,
  requireFraming,
  streamColumns,
  totalColumn,
} from './outcome.ts';
import { applyToRow } from './patch.ts';
import { type CachedPlan, PlanCache, planKey } from './plan-cache.ts';
import type { ModelSource, Publication } from './publication.ts';
import { controlStatement, ReadScope } from './read-scope.ts';
import { chooseSettings, type ShownSettings, searchPathWith, type TransactionSettings } from './settings.ts';
import { Spool } from './spool.ts';
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

/** So often a read is sent whose connection breaks before the answer has begun. */
const READ_TRIES = 3;

/** Whether nothing is changed by running it, or running it twice. */
const isPure = ({ verb, call }: Plan): boolean =>
  verb === 'read' || (verb === 'call' && call?.volatile === false);

/** Deferred constraints have to speak before a rollback takes their chance. */
export const SETTLE = controlStatement('SET CONSTRAINTS ALL IMMEDIATE');
/** Inserted rows are counted for each request by itself. */
const FORGET_INSERTED = controlStatement(`SELECT set_config('${INSERTED}', '', true)`);

const textOf = ({ body }: Answer): string => (body.kind === 'whole' ? body.bytes.toString('utf8') : '');

/** Whether it is to be found out why nothing came: who only reads an item has looked for it already. */
const looksForItem = ({ readOnly, guards }: Plan): boolean =>
  !readOnly || !guards.some(({ kind }) => kind === 'item');

/** An item that is not there was not changed, so there is nothing to undo. */
const mayUndo = ({ kind }: Guard): boolean => kind !== 'item';

const ALL_SETTINGS = chooseSettings(null);

/** The answer to a write that shows nothing of what it did. */
export const NOTHING_TOLD: Answer = {
  body: { kind: 'whole', bytes: Buffer.alloc(0) },
  rows: undefined,
  total: undefined,
  inserted: undefined,
  location: undefined,
  responseHeaders: undefined,
  responseStatus: undefined,
};

/** Whether rows are created of which the answer tells neither what nor how many they are. */
const isForetold = ({ ask, asksResponse, cached: { plan, compiled } }: Job): boolean =>
  ask.verb === 'create' &&
  plan.output.mode === 'none' &&
  plan.explain === undefined &&
  plan.count === undefined &&
  plan.item === undefined &&
  plan.guards.length === 0 &&
  ask.preferences.count === undefined &&
  !compiled.location &&
  !asksResponse;

const refuse = (reason: Problem): never => {
  throw new Refusal(reason);
};

/** One transaction, in which requests are run. */
export type EngineTransaction = {
  readonly execute: Engine['execute'];
  /** Runs statements of our own between them. */
  readonly run: Transaction['run'];
  /** Whether a statement of a request was sent. */
  readonly used: boolean;
  /** Whether nothing is run, and what answers tell is not true. */
  readonly rehearses?: boolean;
};

/** A request of which the answer is known before it is run, if all goes well. */
export type Foretold = {
  readonly plan: Plan;
  readonly answer: Answer;
  /** How many statements it is; errors count from the first of them, so that those before have negative numbers. */
  readonly statements: number;
  /** Runs it in one transaction with statements of our own. */
  readonly run: (before: readonly Statement[], after: readonly Statement[]) => Promise<void>;
};

/** Runs requests on one database. */
export type Engine = {
  /**
   * Runs a request in one transaction.
   *
   * @throws Refusal for what the request or the rows do not allow, PgError and ConnectionError from below
   */
  readonly execute: (ask: Ask, circumstances: Circumstances) => Promise<{ plan: Plan; answer: Answer }>;
  /**
   * Runs several requests of one caller in one transaction. They are sent as they are asked for, none waits for
   * the answer of another unless its caller does. If `work` throws, all is undone.
   *
   * @param options.preamble statements of our own before all requests, sent with the first
   * @param options.maxBytes bytes that all their rows may have together; with more it fails with `too-long`
   */
  readonly transact: <T>(
    who: Pick<Circumstances, 'identity' | 'signal'>,
    work: (transaction: EngineTransaction) => Promise<T>,
    options?: {
      readonly rollback?: boolean;
      readonly preamble?: readonly Statement[];
      readonly maxBytes?: number | undefined;
    },
  ) => Promise<T>;
  /** What is known of an answer that does not depend on what the data are; undefined where it does. */
  readonly foretell: (ask: Ask, circumstances: Circumstances) => Foretold | undefined;
  /**
   * Makes the plan and the statements without running them.
   *
   * @param isUnknown tells texts that stand for values which nobody knows yet
   */
  readonly explain: (
    ask: Ask,
    circumstances: Circumstances,
    isUnknown?: (text: string) => boolean,
  ) => Explanation;
  /** The published API for a role, as it stands now; PGRST002 if the schema was not read yet. */
  readonly contractFor: (role: string) => Contract;
};

/** What becomes of rows that are too many to be kept in memory. */
type SpoolWishes = Pick<RunOptions, 'maxBytes' | 'onOverflow'>;

/** Runs statements where a job is being run: on the pool, or in its own transaction. */
type Run = (statements: readonly Statement[]) => Promise<readonly Outcome[]>;

class PooledEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #transaction: TransactionSettings;
  readonly #cache = new PlanCache();
  readonly #joins = new Joins<Answer>();
  readonly #keyReads: KeyReads;
  #contracts = new Map<string, Contract>();
  #publication: Publication | undefined;
  /** Settings that are made for requests while the latest reading is known to hold. */
  #settled: ShownSettings = ALL_SETTINGS;
  #serial = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#keyReads = new KeyReads(options.pool);
    this.#transaction = {
      searchPath: searchPathWith(options.extraSearchPath),
      appSettings: options.appSettings,
      preRequest: options.preRequest,
    };
  }

  #publish(): Publication {
    const current = this.#options.model.current() ?? refuse(problem('PGRST002'));
    if (current !== this.#publication) {
      this.#publication = current;
      this.#contracts = new Map();
      this.#settled = chooseSettings(current.index.model.settingsRead);
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

  #jobOf(ask: Ask, circumstances: Circumstances, isUnknown?: (text: string) => boolean): Job {
    const { role } = circumstances.identity;
    const cached = this.#planOf(ask, role);
    refuseImpossibleKey(cached.plan, ask, isUnknown);
    const { index } = this.#publish();
    const shown = this.#options.model.isSettled?.() === true ? this.#settled : ALL_SETTINGS;
    return makeJob(this.#transaction, shown, index.roles.get(role), cached, ask, circumstances);
  }

  explain: Engine['explain'] = (ask, circumstances, isUnknown) => {
    const job = this.#jobOf(ask, circumstances, isUnknown);
    return { plan: job.cached.plan, statements: jobStatements(job) };
  };

  execute = async (ask: Ask, circumstances: Circumstances) => {
    if (ask.payload?.kind === 'patch') {
      const rollback = this.#rollsBack(ask);
      return this.transact(circumstances, ({ execute }) => execute(ask, circumstances), { rollback });
    }
    const job = this.#jobOf(ask, circumstances);
    return { plan: job.cached.plan, answer: await this.#run(job) };
  };

  foretell = (ask: Ask, circumstances: Circumstances): Foretold | undefined => {
    if (ask.payload?.kind === 'patch') return undefined;
    const job = this.#jobOf(ask, circumstances);
    const { plan } = job.cached;
    if (!isForetold(job) || this.#rollsBack(ask)) return undefined;
    if (this.#isolation(plan, circumstances.identity.role) !== undefined) return undefined;
    const statements = jobStatements(job);
    const run: Foretold['run'] = async (before, after) => {
      const options = { signal: circumstances.signal, preamble: before.length };
      await this.#options.pool.run([...before, ...statements, ...after], options);
    };
    return { plan, answer: NOTHING_TOLD, statements: statements.length, run };
  };

  transact: Engine['transact'] = (
    who,
    work,
    { rollback = this.#options.rollback, preamble = [], maxBytes } = {},
  ) =>
    this.#inTransaction(
      async (transaction) => {
        // What needs several turns must not have another request's statements in between.
        let busy: Promise<unknown> = Promise.resolve();
        let used = false;
        const reads = new ReadScope(transaction);
        const execute: Engine['execute'] = async (ask, circumstances) => {
          const job = this.#jobOf(ask, circumstances);
          const { locks, count } = job.cached.plan;
          const turn = busy.then(() => {
            used = true;
            return this.#executeIn(reads, job);
          });
          if (locks || count !== undefined) busy = turn.catch(() => {});
          return turn;
        };
        const result = await work({
          execute,
          run: reads.run,
          get used() {
            return used;
          },
        });
        if (rollback) await reads.leave();
        return result;
      },
      {
        isolation: this.#isolation(undefined, who.identity.role),
        rollsBack: rollback,
        signal: who.signal,
        preamble,
        maxBytes,
      },
    );

  /** Runs a request among others of its transaction. */
  async #executeIn(transaction: ReadScope, job: Job) {
    const { ask, circumstances } = job;
    const { plan } = job.cached;
    const answer = await this.#runIn(transaction, job);
    if (!plan.locks) return { plan, answer };
    const { version, modified } = answer;
    if (!conditionsHold(ask, version, modified)) return refuse(changedProblem(ask));
    const form = ask.payload?.kind === 'patch' ? ask.payload.form : 'merge';
    const { body, keys } = applyToRow(textOf(answer), String(circumstances.body ?? ''), form);
    const changed = this.#jobOf(
      { ...ask, payload: { kind: 'json', form: 'object', keys } },
      { ...circumstances, body },
    );
    return { plan: changed.cached.plan, answer: await this.#runIn(transaction, changed) };
  }

  async #runIn(transaction: ReadScope, job: Job): Promise<Answer> {
    const { plan } = job.cached;
    const probe = looksForItem(plan) ? probeStatement(job) : undefined;
    const before = plan.write?.countInserted === true ? [FORGET_INSERTED] : [];
    const statements = jobStatements(job);
    const outcomes = await transaction.send(
      [...before, ...statements, ...(probe === undefined ? [] : [probe])],
      plan.readOnly,
    );
    const own = outcomes.slice(before.length);
    const run: Run = (more) =>
      more.at(-1)?.key === probe?.key && probe !== undefined
        ? Promise.resolve(own.slice(0, statements.length + 1))
        : transaction.send(more, plan.readOnly, false);
    return this.#finish(job, own, run);
  }

  /** Whether the transaction is to be rolled back although nothing went wrong. */
  #rollsBack({ preferences }: Ask): boolean {
    return preferences.tx === 'rollback' || (this.#options.rollback && preferences.tx !== 'commit');
  }

  #isolation(plan: Plan | undefined, role: string): string | undefined {
    const settings = this.#publish().index.roles.get(role)?.settings;
    const ofRole = settings?.find(([name]) => name === 'default_transaction_isolation')?.[1];
    const wanted = plan?.isolation ?? ofRole;
    return wanted === 'repeatable read' || wanted === 'serializable' ? wanted : undefined;
  }

  async #run(job: Job, triesLeft = READ_TRIES - 1): Promise<Answer> {
    const { cached, ask, circumstances } = job;
    const { plan } = cached;
    // What only reads need not be undone.
    const rollsBack = plan.verb !== 'read' && this.#rollsBack(ask);
    const isolation = this.#isolation(plan, circumstances.identity.role);
    const guarded = !plan.readOnly && plan.guards.some(mayUndo);
    try {
      if (guarded || rollsBack || isolation !== undefined)
        return await this.#runInTransaction(job, isolation, rollsBack);
      return await (this.#mayBeLong(job) ? this.#runLong(job) : this.#runShort(job));
    } catch (error) {
      if (isTooLong(error)) {
        cached.largest = Number.POSITIVE_INFINITY;
        return this.#run(job, triesLeft);
      }
      // What may have changed something is never sent twice: whether it was done is unknown.
      if (triesLeft > 0 && isConnectionLost(error) && isPure(plan)) return this.#run(job, triesLeft - 1);
      throw error;
    }
  }

  /** Runs beside others on a shared connection. Fails with `too-long` if it had better be run as a stream. */
  #runShort(job: Job): Promise<Answer> {
    const { signal } = job.circumstances;
    if (!this.#mayJoin(job)) return this.#runAlone(job, signal);
    const settings = settingsKey(job);
    const byKey = this.#keyReads.takes(job, this.#publish().index);
    return this.#joins.run(
      joinKey(job, settings),
      (abandoned) => (byKey ? this.#runByKey(job, settings, abandoned) : this.#runAlone(job, abandoned)),
      signal,
    );
  }

  /** Runs a read by key with others of its shape. */
  async #runByKey(job: Job, settings: string, signal: CancelSignal | undefined): Promise<Answer> {
    const { pool } = this.#options;
    const runAlone = () => pool.run(jobStatements(job), { signal, maxBytes: SHORT });
    const outcomes = await this.#keyReads.run({ job, settings, signal, runAlone, maxBytes: SHORT });
    return this.#finish(job, outcomes, (statements) => pool.run(statements, { signal }));
  }

  #runAlone(job: Job, signal: CancelSignal | undefined): Promise<Answer> {
    const gathered = gatheredStatement(job, this.#publish().index);
    if (gathered !== undefined) return this.#runGathered(job, gathered, signal);
    const { pool } = this.#options;
    const run: Run = (statements) => pool.run(statements, { signal });
    if (this.#mayStream(job.cached.plan)) {
      const maxBytes = isPure(job.cached.plan) ? SHORT : undefined;
      return pool
        .run(jobStatements(job), { signal, maxBytes })
        .then((outcomes) => this.#finish(job, outcomes, run));
    }
    return this.#runSpooled(job, (wishes) => pool.run(jobStatements(job), { signal, ...wishes }), run);
  }

  /** Runs a small page as one value, which fails with `too-long` if it is none after all. */
  async #runGathered(job: Job, main: Statement, signal: CancelSignal | undefined): Promise<Answer> {
    const { pool } = this.#options;
    const statements = jobStatements({ ...job, main });
    let outcomes: readonly Outcome[];
    try {
      outcomes = await pool.run(statements, { signal, maxBytes: SHORT });
    } catch (error) {
      if (!isTooMuch(error)) throw error;
      job.cached.largest = Number.POSITIVE_INFINITY;
      return this.#runLong(job);
    }
    // Awaited here, as to hand a promise on costs three turns of the queue.
    return await this.#finish(job, outcomes, (more) => pool.run(more, { signal }), { gathered: true });
  }

  /** Runs what must be over before its answer begins; many rows wait in a file meanwhile. */
  async #runSpooled(
    job: Job,
    runAll: (wishes: SpoolWishes) => Promise<readonly Outcome[]>,
    run: Run,
  ): Promise<Answer> {
    const { plan, compiled } = job.cached;
    const framing = plan.explain === undefined ? framingOf(plan.output) : undefined;
    if (framing === undefined) return this.#finish(job, await runAll({}), run);
    const spool = new Spool(framing, streamColumns(plan, compiled));
    try {
      const outcomes = await runAll({ maxBytes: SHORT, onOverflow: spool.onOverflow });
      return await this.#finish(job, outcomes, run, { spool });
    } catch (error) {
      await spool.discard(error);
      throw error;
    }
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
  #runInTransaction(job: Job, isolation: string | undefined, rollsBack: boolean): Promise<Answer> {
    return this.#inTransaction(
      (transaction) =>
        this.#runSpooled(
          job,
          (wishes) => transaction.run(jobStatements(job), wishes),
          (statements) => transaction.run(statements),
        ),
      { isolation, rollsBack, signal: job.circumstances.signal },
    );
  }

  async #inTransaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    {
      isolation,
      rollsBack,
      signal,
      preamble = [],
      maxBytes,
    }: {
      readonly isolation: string | undefined;
      readonly rollsBack: boolean;
      readonly signal: CancelSignal | undefined;
      readonly preamble?: readonly Statement[];
      readonly maxBytes?: number | undefined;
    },
  ): Promise<T> {
    const undo = Symbol('rollback');
    let kept: { readonly result: T } | undefined;
    try {
      return await this.#options.pool.transaction(
        async (transaction) => {
          const result = await work(transaction);
          if (!rollsBack) return result;
          await transaction.run([SETTLE]);
          kept = { result };
          throw undo;
        },
        {
          signal,
          preamble,
          maxBytes,
          ...(isolation === undefined ? {} : { mode: `ISOLATION LEVEL ${isolation}` }),
        },
      );
    } catch (error) {
      if (error === undo && kept !== undefined) return kept.result;
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
      streamColumns(plan, compiled),
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
    if (rows === 0) await this.#requireItem(job, run);
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
    signal: CancelSignal | undefined,
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
      { signal, streams: true },
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
  async #finish(
    job: Job,
    given: readonly Outcome[],
    run: Run,
    { spool, gathered = false }: { readonly spool?: Spool; readonly gathered?: boolean } = {},
  ): Promise<Answer> {
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
    const at = totalColumn(compiled);
    const { body, rows, total } = gathered
      ? readGathered(main)
      : spool?.used
        ? { body: await spool.finish(given, job.circumstances.signal), rows: spool.rows, total: spool.total }
        : { ...makeBody(plan, main), total: at === undefined ? undefined : readNumber(main.rows[0]?.[at]) };
    if (total !== undefined) cached.most = Math.max(total, cached.most ?? 0);
    if (rows === 0) await this.#requireItem(job, run);
    checkGuards(plan, ask, rows);
    if (body.kind === 'whole') cached.largest = body.bytes.length;
    return {
      body,
      rows,
      total: plan.count === undefined ? undefined : await this.#total(job, rows, total, estimate, run),
      location: compiled.location ? readLocation(plan, main.rows) : undefined,
      ...(gathered ? {} : readVersion(compiled, main.rows[0])),
      ...head,
    };
  }

  /**
   * Where nothing came or was changed, tells why, if the item that the path begins with is the reason.
   *
   * @throws Refusal
   */
  async #requireItem(job: Job, run: Run): Promise<void> {
    const { plan } = job.cached;
    const probe = probeStatement(job);
    if (probe === undefined || !looksForItem(plan)) return;
    const outcomes = await run([...job.preamble, probe]);
    explainNothing(plan, job.ask, outcomes.at(-1));
  }
}

/** Makes an engine for one database. */
export const createEngine = (options: EngineOptions): Engine => new PooledEngine(options);
