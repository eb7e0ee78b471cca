import {
  isJsonObject,
  type Problem,
  parseExactJson,
  printExactJson,
  problem,
  Refusal,
  refuse,
} from '../base/index.ts';
import type { EngineTransaction } from '../engine/index.ts';
import { type HttpRequest, type HttpResponse, jsonResponse, type RequestHeaders } from '../http/index.ts';
import { nestsDeeper } from './json-depth.ts';
import type { PayloadLimits } from './payload.ts';
import {
  FillBudget,
  isJsonType,
  listReferences,
  References,
  readStepBody,
  type StepAnswer,
} from './reference.ts';

/** The path of batches, below the API's. */
const BATCH = '/$batch';

/** Whether a path below the API's is that of batches. */
export const isBatch = (path: string): boolean => path === BATCH || path === '/%24batch';

const MOST_STEPS = 100;
const MOST_BYTES = 1024 * 1024;
/** Bytes of all values that the steps of a batch refer to. */
const MOST_FILLED = 4 * MOST_BYTES;

/** Bytes of the rows that all steps are answered with, unless told otherwise. */
export const MOST_ANSWERED = 10 * MOST_BYTES;

/** What the steps of a batch may be. */
export type StepLimits = Pick<PayloadLimits, 'url' | 'body' | 'jsonDepth'>;

const LIMITS: StepLimits = { url: 48 * 1024, body: MOST_BYTES, jsonDepth: 100 };

/** A request of a batch, as it was sent. */
type Step = {
  readonly method: string;
  readonly path: string;
  readonly headers: { readonly [name: string]: unknown };
  readonly body: unknown;
};

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Headers that are of the whole batch: a step neither has nor inherits them. */
const OF_THE_BATCH: ReadonlySet<string> = new Set([
  'authorization',
  'apikey',
  'cookie',
  'idempotency-key',
  'host',
  'content-length',
  'transfer-encoding',
]);

/** Headers of the batch that say nothing of its steps. */
const NOT_INHERITED: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'content-length',
  'prefer',
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'idempotency-key',
]);

const refuseBatch = (details: string): never => refuse('ASH301', { details });

const readStep = (value: unknown, place: number): Step => {
  if (!isJsonObject(value)) return refuseBatch(`Step ${place} is no object.`);
  const { method, path, headers = {}, body, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined)
    return refuseBatch(`Step ${place} has a member ${JSON.stringify(other)}, which nobody reads.`);
  if (typeof method !== 'string' || !METHODS.has(method))
    return refuseBatch(`The method of step ${place} is none of ${[...METHODS].join(', ')}.`);
  if (typeof path !== 'string' || !path.startsWith('/') || path.startsWith(BATCH))
    return refuseBatch(
      `The path of step ${place} has to begin with / and to lead to a table, a row or a function.`,
    );
  if (!isJsonObject(headers)) return refuseBatch(`The headers of step ${place} are no object.`);
  const foreign = Object.keys(headers).find((name) => OF_THE_BATCH.has(name.toLowerCase()));
  if (foreign !== undefined)
    return refuseBatch(`The header ${foreign} of step ${place} can only be the whole batch's.`);
  return { method, path, headers, body };
};

/**
 * Reads the steps of a batch.
 *
 * @throws ASH301 for what are no steps, ASH302 for too many or too long ones
 */
const readSteps = (bytes: Buffer, { jsonDepth }: StepLimits): readonly Step[] => {
  if (bytes.length > MOST_BYTES)
    return refuse('ASH302', {
      details: `A batch has at most ${MOST_BYTES} bytes, this one ${bytes.length}.`,
    });
  const text = bytes.toString('utf8');
  // Two levels are the batch's: its list, and the step.
  if (nestsDeeper(text, jsonDepth + 2))
    return refuse('PGRST102', {
      message: 'The JSON of the batch nests too deep',
      details: `The arrays and objects of a step nest deeper than ${jsonDepth} levels.`,
    });
  let json: unknown;
  try {
    json = parseExactJson(text);
  } catch {
    return refuse('PGRST102');
  }
  if (!Array.isArray(json))
    return refuseBatch('A batch is a list: [{"method": "POST", "path": "/posts", "body": {…}}, …]');
  if (json.length > MOST_STEPS)
    return refuse('ASH302', { details: `A batch has at most ${MOST_STEPS} steps, this one ${json.length}.` });
  return json.map(readStep);
};

/** Bytes that a header of a step may have, as those of a request by itself. */
const MOST_HEADER = 64 * 1024;

const headersOf = async (
  step: Step,
  batch: RequestHeaders,
  references: References,
  shown: boolean,
): Promise<RequestHeaders> => {
  const inherited = Object.entries(batch).filter(([name]) => !NOT_INHERITED.has(name));
  const own = await Promise.all(
    Object.entries(step.headers).map(async ([name, value]): Promise<readonly [string, string]> => {
      const resolved = await references.inBody(value, MOST_HEADER);
      if (typeof resolved !== 'string' || /[\r\n\0]/.test(resolved))
        return refuseBatch(`The header ${name} is no text.`);
      return [name.toLowerCase(), resolved];
    }),
  );
  const headers: { [name: string]: string | undefined } = Object.fromEntries([
    ...inherited,
    ['accept', 'application/json'],
    ['content-type', 'application/json'],
    ...own,
  ]);
  if (/(?:^|,)\s*tx\s*=/i.test(headers.prefer ?? ''))
    return refuseBatch(
      "The preference tx can only be the whole batch's: its steps are done, or undone, together.",
    );
  // Who refers to what a write has made wants to be told of it.
  if (shown && !/\breturn=/.test(headers.prefer ?? ''))
    headers.prefer = [headers.prefer, 'return=representation']
      .filter((text) => text !== undefined)
      .join(', ');
  return headers;
};

/** JSON as it is; of any other type a text is what is sent, also one that is referred to. */
const bodyOf = async (
  { body }: Step,
  type: string | undefined,
  references: References,
  most: number,
): Promise<Buffer> => {
  if (body === undefined) return Buffer.alloc(0);
  references.requireColumns(body);
  const value = await references.inBody(body, most);
  const isText = typeof value === 'string' && !isJsonType(type);
  const bytes = Buffer.from(isText ? value : (printExactJson(value) ?? ''));
  if (bytes.length > most) return refuse('ASH413', { details: `The limit is ${most} bytes.` });
  return bytes;
};

/** Answers one step: in its turn it executes, and the language of its path has marks in the place of values. */
export type PerformStep = (
  request: HttpRequest,
  execute: EngineTransaction['execute'],
  references: References,
) => Promise<HttpResponse>;

/** Says whose turn it is: steps are sent in their order, however long each takes to be read. */
class Turns {
  #last: Promise<void> = Promise.resolve();
  failed = false;

  /** The turn of the next step: `come` resolves when it is there, `done` ends it. */
  next(): { readonly come: Promise<void>; readonly done: () => void } {
    const come = this.#last;
    let done = (): void => {};
    this.#last = new Promise((resolve) => {
      done = resolve;
    });
    return { come, done };
  }
}

class Skipped extends Error {}

/** Headers of answers that are the whole batch's. */
const HIDDEN: ReadonlySet<string> = new Set([
  'cache-control',
  'content-length',
  'vary',
  'server-timing',
  'access-control-allow-origin',
]);

/** Headers by their names in lower case; what is there several times is one list (RFC 9110, section 5.3). */
const nameHeaders = (headers: HttpResponse['headers']): { readonly [name: string]: string } => {
  const named: { [name: string]: string } = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    // Of cookies no list can be made; each has a line of its own.
    const between = key === 'set-cookie' ? '\n' : ', ';
    named[key] = named[key] === undefined ? value : `${named[key]}${between}${value}`;
  }
  return named;
};

const printAnswer = ({ status, headers, body }: HttpResponse): string => {
  const shown = headers.filter(([name]) => !HIDDEN.has(name.toLowerCase()));
  const named = nameHeaders(shown);
  const bytes = Buffer.isBuffer(body) && body.length > 0 ? body.toString('utf8') : undefined;
  const text =
    bytes === undefined ? 'null' : isJsonType(named['content-type']) ? bytes : JSON.stringify(bytes);
  return `{"status":${status},"headers":${JSON.stringify(named)},"body":${text}}`;
};

/** The answer that tells which step was refused, and why. */
const stepProblem = (place: number, { method, path }: Step, cause: Problem): Problem => ({
  ...problem('ASH304', {
    message: `Step ${place} (${method} ${path.length > 200 ? `${path.slice(0, 200)}…` : path}) was refused: ${cause.message}`,
    details: {
      step: place,
      code: cause.code,
      status: cause.status,
      message: cause.message,
      details: cause.details,
      hint: cause.hint,
    },
    hint: cause.hint ?? 'Nothing of the batch was done.',
  }),
  status: cause.status,
  ...(cause.headers === undefined ? {} : { headers: cause.headers }),
});

/**
 * Does the steps of a batch in one transaction, all or none. They are sent one behind the other without waiting for
 * answers, but for those that a step refers to.
 *
 * @param explain what is wrong with a step; undefined: the step is not to blame
 * @throws ASH301 to ASH304
 */
export const performBatch = async (
  request: HttpRequest,
  prefix: string,
  transaction: EngineTransaction,
  perform: PerformStep,
  explain: (error: unknown) => Problem | undefined,
  limits: StepLimits = LIMITS,
): Promise<HttpResponse> => {
  const bytes = await request.body();
  const steps = readSteps(bytes, limits);
  const budget = new FillBudget(MOST_FILLED);
  const referred = listReferences(bytes.toString('utf8'));
  const turns = new Turns();
  const answers: Promise<StepAnswer>[] = [];
  const responses = steps.map((step, place): Promise<HttpResponse> => {
    const turn = turns.next();
    const references = new References(answers.slice(0, place), budget, transaction.rehearses);
    const execute: EngineTransaction['execute'] = async (ask, circumstances) => {
      await turn.come;
      if (turns.failed) throw new Skipped();
      const executed = transaction.execute(ask, circumstances);
      turn.done();
      return executed;
    };
    const run = async (): Promise<HttpResponse> => {
      try {
        const below = step.path.startsWith(`${prefix}/`) ? step.path.slice(prefix.length) : step.path;
        const target = await references.inPath(below, limits.url);
        const mark = target.indexOf('?');
        const headers = await headersOf(step, request.headers, references, referred.has(place));
        return await perform(
          {
            method: step.method,
            path: `${prefix}${mark < 0 ? target : target.slice(0, mark)}`,
            query: mark < 0 ? '' : target.slice(mark + 1),
            headers,
            // Not before the rest of the step has been read, which may be refused.
            body: (most = limits.body) => bodyOf(step, headers['content-type'], references, most),
            signal: request.signal,
            id: request.id,
          },
          execute,
          references,
        );
      } catch (error) {
        // Conditions are for the rows to say, which a rehearsal has not looked at.
        const undecided =
          transaction.rehearses === true && error instanceof Refusal && error.problem.status === 412;
        if (!undecided) turns.failed = true;
        throw error;
      } finally {
        void turn.come.then(turn.done);
      }
    };
    const response = run();
    response.catch(() => {});
    const answer = response.then(({ status, headers, body }) => {
      const named = nameHeaders(headers);
      let read: unknown;
      return {
        status,
        headers: named,
        // Few answers are referred to; those are read once.
        get body() {
          read ??= readStepBody(named['content-type'], Buffer.isBuffer(body) ? body : undefined);
          return read;
        },
      };
    });
    answer.catch(() => {});
    answers.push(answer);
    return response;
  });
  const settled = await Promise.allSettled(responses);
  for (const [place, result] of settled.entries()) {
    if (result.status === 'fulfilled' || result.reason instanceof Skipped) continue;
    const cause = explain(result.reason);
    if (cause === undefined || (result.reason instanceof Refusal === false && cause.status >= 500))
      throw result.reason;
    throw new Refusal(stepProblem(place, steps[place] as Step, cause));
  }
  const done = settled.map((result) => (result as PromiseFulfilledResult<HttpResponse>).value);
  return jsonResponse(200, `[${done.map(printAnswer).join(',\n')}]`);
};
