import { type Identity, isJsonObject, type Problem, Refusal, refuse } from '../base/index.ts';
import { isPgError, isTooLong, type Statement } from '../db/index.ts';
import {
  type Answer,
  type Circumstances,
  type Engine,
  type EngineTransaction,
  SETTLE,
} from '../engine/index.ts';
import { type HttpRequest, type HttpResponse, withBody } from '../http/index.ts';
import {
  type Claim,
  claimFailure,
  claimStatements,
  findStatements,
  fingerprint,
  isNobody,
  type KeptAnswer,
  type KeptLately,
  keepStatements,
  keyOwner,
  LONGEST_ANSWER,
  parseIdempotencyKey,
  readKept,
} from '../idempotency/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Ask } from '../request/index.ts';

export type OnceOptions = {
  readonly engine: Engine;
  /** Whether callers who show no credentials may send keys; all of them share theirs. */
  readonly anonymous: boolean;
  /** The role of those who show no credentials. */
  readonly anonymousRole: string | undefined;
  /** Bytes that the request's body may have; undefined: as many as any. */
  readonly maxBody: number | undefined;
  /** Callers who have as many keys as they may. */
  readonly full: () => ReadonlySet<string>;
  /** What has been kept since that was found out. */
  readonly lately: KeptLately;
};

/** Does one request, and gives what its answer is made into. */
export type Perform = (
  ask: Ask,
  circumstances: Circumstances,
  respond: (done: { readonly plan: Plan; readonly answer: Answer }) => HttpResponse,
) => Promise<HttpResponse>;

/** Ways to do a request in one transaction with the keeping of its answer. */
export type Keeping = {
  readonly one: Perform;
  /** Does what is several requests. */
  readonly many: (work: (transaction: EngineTransaction) => Promise<HttpResponse>) => Promise<HttpResponse>;
};

/** Does a request in one of these ways. */
export type PerformKept = (request: HttpRequest, keeping: Keeping) => Promise<HttpResponse>;

/** Not kept: the same request may be sent again with the key, to be told less. */
const TOO_LONG = 'ASH203';

const isRefusedAs = (code: string, error: unknown): boolean =>
  error instanceof Refusal && error.problem.code === code;

/** Of errors, those that the same request would meet again: the others are for the client to retry. */
const isLasting = ({ status }: HttpResponse): boolean => status < 500 && status !== 408 && status !== 429;

const claimOf = (request: HttpRequest, identity: Identity, options: OnceOptions, body: Buffer): Claim => {
  const key = parseIdempotencyKey(request.headers['idempotency-key'] ?? '');
  if (isNobody(identity, options.anonymousRole) && !options.anonymous)
    return refuse('ASH202', {
      hint: 'Send a token, or let the server take keys from everybody (anonymousKeys).',
    });
  const owner = keyOwner(identity);
  const full = options.full();
  if (full.has(owner) || options.lately.isFull(owner, full))
    return refuse('ASH204', { headers: [['Retry-After', '3600']] });
  const target = request.query === '' ? request.path : `${request.path}?${request.query}`;
  return {
    owner,
    key,
    fingerprint: fingerprint(request.method, target, request.headers, body),
  };
};

const refuseLong = (): never =>
  refuse(TOO_LONG, {
    details: `Of an answer at most ${LONGEST_ANSWER} bytes are kept.`,
    hint: 'Ask for less of it: Prefer: return=minimal, or fewer columns in select.',
  });

/** The statements that keep an answer, if deferred constraints have nothing against what it is the answer to. */
const keep = (claim: Claim, { status, headers, body }: HttpResponse): readonly Statement[] => {
  if (body !== undefined && !Buffer.isBuffer(body)) throw new TypeError('an answer that is kept is whole');
  if (body !== undefined && body.length > LONGEST_ANSWER) refuseLong();
  return [SETTLE, ...keepStatements(claim, { status, headers, body })];
};

/** The error that an answer of ours tells: who asks for problem details is told it in that form each time. */
const problemIn = ({ status, headers, body }: KeptAnswer): Problem | undefined => {
  const isProblem = headers.some(([name, value]) => /^proxy-status$/i.test(name) && value.includes('error='));
  if (!isProblem || body === undefined || body.length === 0) return undefined;
  let said: unknown;
  try {
    said = JSON.parse(body.toString());
  } catch {
    // A function may have set that header for an answer of its own.
    return undefined;
  }
  if (!isJsonObject(said)) return undefined;
  const { code, message, details = null, hint = null } = said;
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  return { status, code, message, details: details as Problem['details'], hint: hint as Problem['hint'] };
};

/** The answer that was given to the same request before, if any was. */
const replay = async (
  engine: Engine,
  identity: Identity,
  claim: Claim,
): Promise<HttpResponse | undefined> => {
  const kept = await engine.transact({ identity, signal: undefined }, async ({ run }) =>
    readKept((await run(findStatements(claim))).at(-1)),
  );
  if (kept === undefined) return undefined;
  if (kept.fingerprint !== claim.fingerprint)
    return refuse('ASH422', {
      hint: 'Make a new key for each request; the body is the same where its bytes are.',
    });
  const { status, headers, body } = kept;
  const problem = problemIn(kept);
  return { status, headers, body, ...(problem === undefined ? {} : { problem }) };
};

/**
 * Does a request once, however often it is delivered: its first answer is kept in the transaction of what it has
 * done, and given again byte for byte, a refusal like a success.
 *
 * @param explain the answer that tells an error; undefined where the request is not to blame
 * @throws ASH201 to ASH204, ASH409, ASH422
 */
export const performOnce = async (
  request: HttpRequest,
  identity: Identity,
  options: OnceOptions,
  perform: PerformKept,
  explain: (error: unknown) => HttpResponse | undefined,
): Promise<HttpResponse> => {
  const { engine, lately } = options;
  const { signal } = request;
  const body = await request.body(options.maxBody);
  const claim = claimOf(request, identity, options, body);
  /** Whether the database was asked. */
  let used = false;
  /** Whether it was a statement of ours that failed, and not the request. */
  let isOurs = false;

  /** Notes whose a failure is; statements up to that one, and none before the first, are the request's. */
  const blame =
    (last: number) =>
    (error: unknown): never => {
      isOurs = isPgError(error) && (error.statement < 0 || error.statement > last);
      throw error;
    };

  const many: Keeping['many'] = (work) =>
    engine.transact(
      { identity, signal },
      async (transaction) => {
        const response = await work(transaction)
          .finally(() => {
            used = transaction.used;
          })
          .catch(blame(Number.POSITIVE_INFINITY));
        // The first of these is about what the request has done.
        await transaction.run(keep(claim, response), { commit: true }).catch(blame(0));
        lately.add(claim.owner, Buffer.isBuffer(response.body) ? response.body.length : 0);
        return response;
      },
      { preamble: claimStatements(claim), maxBytes: LONGEST_ANSWER },
    );

  const one: Perform = async (ask, circumstances, respond) => {
    const foretold = engine.foretell(ask, circumstances);
    if (foretold === undefined)
      return many(async ({ execute }) => respond(await execute(ask, circumstances)));
    // All of it is one round trip.
    const response = respond(foretold);
    used = true;
    await foretold.run(claimStatements(claim), keep(claim, response)).catch(blame(foretold.statements));
    lately.add(claim.owner, 0);
    return response;
  };

  try {
    try {
      return await perform(withBody(request, body), { one, many });
    } catch (error) {
      if (isOurs || isRefusedAs(TOO_LONG, error)) throw error;
      // Refused before Postgres was asked, which is no answer of the data's: the same key may be used again. It may
      // have been used already, when there was another schema.
      if (!used) {
        const kept = error instanceof Refusal ? await replay(engine, identity, claim) : undefined;
        if (kept === undefined) throw error;
        return kept;
      }
      const refusal = explain(error);
      if (refusal === undefined || !isLasting(refusal)) throw error;
      // All is undone, the claim as well. Whoever has had the key since then has done the same request.
      return await many(async () => refusal);
    }
  } catch (error) {
    if (isTooLong(error)) return refuseLong();
    const failure = claimFailure(error);
    if (failure === undefined) {
      const shown = isOurs ? explain(error) : undefined;
      // The client is not to blame for what our own statements may not do.
      if (shown === undefined || !isLasting(shown)) throw error;
      throw new Error('an idempotency key could not be claimed or kept', { cause: error });
    }
    const kept = failure === 'known' ? await replay(engine, identity, claim) : undefined;
    // It runs, or was swept in between, or its transaction is about to fail: the client may try again.
    return kept ?? refuse('ASH409', { headers: [['Retry-After', '1']] });
  }
};
