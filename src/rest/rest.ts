import {
  type Identity,
  internalProblem,
  type Json,
  type Problem,
  Refusal,
  refuse,
  type Verbosity,
} from '../base/index.ts';
import { type Contract, findResource } from '../contract/index.ts';
import { isPgError, isTooLong } from '../db/index.ts';
import {
  type Circumstances,
  discardAnswer,
  type Engine,
  type EngineTransaction,
  problemOf,
} from '../engine/index.ts';
import {
  type Header,
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  parseCookies,
  problemResponse,
  type RequestHeaders,
  withBody,
} from '../http/index.ts';
import { KeptLately } from '../idempotency/index.ts';
import { findCallable, type Plan, type PlanSettings, refuseUnknownResource } from '../plan/index.ts';
import {
  type Ask,
  type MediaType,
  parseAccept,
  parseMediaType,
  parsePreferences,
  parseQuery,
  printMediaType,
} from '../request/index.ts';
import { isBatch, MOST_ANSWERED, performBatch } from './batch.ts';
import { sayCaching, sayNobody } from './caching.ts';
import { canonicalQuery } from './canonical-query.ts';
import { judgeWriteOfMany, readConditions, writeConditions } from './conditions.ts';
import type { Asked, ReadConditions } from './draft.ts';
import { batchInfo, itemInfo, relatedInfo, relationInfo, rootInfo, routineInfo } from './info.ts';
import { printItemKey } from './item-key.ts';
import { type AskedRead, KnownReads } from './known-reads.ts';
import { type Perform, type PerformKept, performOnce } from './once.ts';
import { readPage } from './page.ts';
import {
  maxBody,
  NO_BODY,
  type PayloadLimits,
  type ReadBody,
  readBody,
  readLongCsv,
  readPatch,
  takesBody,
} from './payload.ts';
import { fillPlace, fillQuery, type References } from './reference.ts';
import { type Action, type Place, parseAction, parsePath, parseProfile, placeTarget } from './resource.ts';
import { respond } from './respond.ts';
import { startTiming, type Timing } from './timing.ts';

export type RestOptions = {
  readonly engine: Engine;
  /** Who asks; throws a Refusal for credentials that are not good. */
  readonly identify: (headers: RequestHeaders) => Identity | Promise<Identity>;
  /** Path that the API is served below, without a slash at its end. */
  readonly prefix: string;
  readonly schemas: readonly string[];
  /** The role of those who show no credentials: what is forbidden to it is 401. */
  readonly anonymousRole: string | undefined;
  readonly plan: PlanSettings;
  readonly maxRows: number | undefined;
  /** Whether `Prefer: tx=` is heeded. */
  readonly txOverride: boolean;
  /** The root's description of the API; undefined: it has none. */
  readonly describe:
    | ((contract: Contract, schema: string, identity: Identity) => Promise<Json> | Json)
    | undefined;
  /** A function that answers at the root instead (`db-root-spec`). */
  readonly rootRoutine: string | undefined;
  /** Whether it has what PostgREST has not: addresses of rows, with conditions. Default: false. */
  readonly native?: boolean;
  /** What bodies may be; undefined: what the server takes. */
  readonly limits?: PayloadLimits | undefined;
  /** Whether transactions roll back unless a request says otherwise. Default: false. */
  readonly rollback?: boolean;
  /** Whether those who show no credentials may send idempotency keys. Default: false. */
  readonly anonymousKeys?: boolean;
  /** Callers who have as many idempotency keys as they may. */
  readonly fullOwners?: () => ReadonlySet<string>;
  readonly serverTiming: boolean;
  /** How much clients are told of errors. Default: verbose. */
  readonly verbosity?: Verbosity;
  /** The server's name in `Proxy-Status` and, with its version, `Warning`. */
  readonly agent: string;
  readonly version: string;
  /** Told of what the database has refused; what it gives is answered instead. */
  readonly onForbidden?: (reason: Problem, request: HttpRequest, role: string) => Problem;
  /** Told of errors that are ours, and not shown to the client. */
  readonly onInternalError: (error: unknown, id: string | undefined) => void;
};

/** What the head of a request asks: all but its body. */
type AskedHead = AskedRead & { readonly unless: ReadConditions | undefined };

export type Rest = { readonly handle: (request: HttpRequest) => Promise<HttpResponse> };

/** Too many columns, too deep an expression: more than Postgres can do, of what the client has asked for. */
const TOO_MUCH: ReadonlySet<string> = new Set(['54001', '54011']);

const NOBODY: ReadonlySet<string> = new Set();

const VARY: Header = ['Vary', 'Accept, Prefer, Range'];

/** What came as a character for each byte is UTF-8; `JSON.stringify` leaves such characters as they are. */
const decodeFields = (json: string): string =>
  /[\x80-\xff]/.test(json) ? Buffer.from(json, 'latin1').toString('utf8') : json;

/** Headers without cookies, as `request.headers` shows them. */
const printHeaders = (headers: RequestHeaders): string => {
  if (headers.cookie === undefined) return decodeFields(JSON.stringify(headers));
  const { cookie: _, ...others } = headers;
  return decodeFields(JSON.stringify(others));
};

const printCookies = (header: string | undefined): string =>
  header === undefined ? '{}' : decodeFields(JSON.stringify(Object.fromEntries(parseCookies(header))));

/** A segment of a path (RFC 3986, section 3.3): what would end it is encoded, too. */
const encodeSegment = (text: string): string =>
  encodeURI(text).replace(/[/?#]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** The path of what is asked, in one way. */
const printPlace = (place: Place): string => {
  switch (place.kind) {
    case 'root':
      return '/';
    case 'collection':
    case 'routine':
      return `/${encodeSegment(place.name)}`;
    case 'item':
      return `/${encodeSegment(place.name)}/${printItemKey(place.key)}`;
    case 'related': {
      const hint = place.hint === undefined ? '' : `!${encodeSegment(place.hint)}`;
      return `/${encodeSegment(place.name)}/${printItemKey(place.key)}/${encodeSegment(place.relation)}${hint}`;
    }
  }
};

/** The types of which a description of the API is an instance. */
const DESCRIPTION_TYPES: ReadonlySet<string> = new Set([
  'application/openapi+json',
  'application/json',
  '*/*',
]);

class PostgrestDialect implements Rest {
  readonly #options: RestOptions;
  readonly #keptLately = new KeptLately();
  readonly #knownReads = new KnownReads();

  constructor(options: RestOptions) {
    this.#options = options;
  }

  handle = async (request: HttpRequest): Promise<HttpResponse> => {
    let asking: Identity | undefined;
    try {
      const timing = startTiming(this.#options.serverTiming);
      const known = this.#options.identify(request.headers);
      const identity = known instanceof Promise ? await known : known;
      asking = identity;
      timing.mark('jwt');
      return finish(await this.#answer(request, identity, timing), timing, identity.role);
    } catch (error) {
      const refused = this.#refuse(error, asking?.role, request);
      if (asking !== undefined) return { ...this.#sayCaching(refused, asking), role: asking.role };
      return this.#options.native === true ? sayNobody(refused) : refused;
    }
  };

  #sayCaching(response: HttpResponse, identity: Identity, plan?: Plan): HttpResponse {
    if (this.#options.native !== true) return response;
    return sayCaching(response, plan, identity, this.#options.anonymousRole);
  }

  #refuse(error: unknown, role: string | undefined, request: HttpRequest): HttpResponse {
    const { signal, id } = request;
    let reason = this.#problem(error, role);
    if (reason?.code === '42501' && role !== undefined)
      reason = this.#options.onForbidden?.(reason, request, role) ?? reason;
    if (reason === undefined) {
      // What is given up because the client has left is nobody's error, and nobody hears the answer.
      if (error !== signal.reason) this.#options.onInternalError(error, id);
      reason = internalProblem(id);
    }
    return problemResponse(reason, this.#options.agent, this.#options.verbosity);
  }

  #answer(request: HttpRequest, identity: Identity, timing: Timing): HttpResponse | Promise<HttpResponse> {
    const { schemas, prefix } = this.#options;
    const path = request.path.slice(prefix.length);
    const native = this.#options.native === true;
    if (native && isBatch(path))
      return this.#batch(request, identity).then((response) => this.#sayCaching(response, identity));
    const contract = this.#options.engine.contractFor(identity.role);
    const target = this.#target(parsePath(path, native));
    const profile = parseProfile(request.method, request.headers, schemas);
    const action = parseAction(target, request.method);
    if (action.verb === 'describe')
      return this.#describe(request, contract, profile, identity, action).then((response) =>
        this.#sayCaching(response, identity),
      );
    if (action.verb === 'info')
      return this.#sayCaching(this.#info(request, contract, target, profile.schema), identity);
    const run = (asked: HttpRequest, perform: Perform): Promise<HttpResponse> =>
      this.#run(
        asked,
        identity,
        target,
        { ...action, verb: action.verb as Ask['verb'] },
        profile,
        timing,
        perform,
      );
    if (native && this.#isKeyed(request, this.#options.txOverride))
      return this.#once(
        request,
        identity,
        (asked, { one }) => run(asked, one),
        this.#maxBody(request.headers),
      ).then((response) => this.#sayCaching(response, identity));
    return run(request, performBy(this.#options.engine.execute));
  }

  /**
   * Whether a request is to be done once, however often it is delivered.
   *
   * @param mayTry whether `Prefer: tx=rollback` counts
   */
  #isKeyed({ method, headers }: HttpRequest, mayTry: boolean): boolean {
    if (headers['idempotency-key'] === undefined || (method !== 'POST' && method !== 'PATCH')) return false;
    // What leaves nothing can be done as often as one likes.
    return this.#options.rollback !== true && !(mayTry && this.#isTrial(headers));
  }

  #maxBody(headers: RequestHeaders): number | undefined {
    const { limits } = this.#options;
    return limits && maxBody(limits, typeOf(headers));
  }

  #isTrial({ prefer }: RequestHeaders): boolean {
    return parsePreferences(prefer, { allowTxOverride: true }).tx === 'rollback';
  }

  #once(
    request: HttpRequest,
    identity: Identity,
    perform: PerformKept,
    most?: number,
  ): Promise<HttpResponse> {
    const { engine, agent, verbosity, anonymousRole } = this.#options;
    const { anonymousKeys = false, fullOwners = () => NOBODY } = this.#options;
    return performOnce(
      request,
      identity,
      {
        engine,
        anonymous: anonymousKeys,
        anonymousRole,
        maxBody: most,
        full: fullOwners,
        lately: this.#keptLately,
      },
      perform,
      (error) => {
        const reason = this.#explain(error, identity);
        return reason && problemResponse(reason, agent, verbosity);
      },
    );
  }

  #explain = (error: unknown, identity: Identity): Problem | undefined => this.#problem(error, identity.role);

  #problem(error: unknown, role: string | undefined): Problem | undefined {
    const reason = problemOf(error, role === undefined || role === this.#options.anonymousRole);
    if (this.#options.native !== true || reason === undefined || !TOO_MUCH.has(reason.code)) return reason;
    return { ...reason, status: 400, hint: 'Ask for fewer columns, or for less deep a path into JSON.' };
  }

  /** Several requests in one transaction. */
  async #batch(request: HttpRequest, identity: Identity): Promise<HttpResponse> {
    const { engine, prefix } = this.#options;
    if (request.method === 'OPTIONS') return batchInfo();
    if (request.method !== 'POST')
      return refuse('PGRST117', {
        message: `Unsupported HTTP method: ${request.method}`,
        headers: [['Allow', 'OPTIONS,POST']],
      });
    judgeWriteOfMany(readConditions(request.headers));
    const perform = (asked: HttpRequest, transaction: EngineTransaction): Promise<HttpResponse> =>
      performBatch(
        asked,
        prefix,
        transaction,
        (step, execute, references) => this.#step(step, identity, execute, references),
        // No step is to blame for what comes before the first of them: a key that is in use.
        (error) => (isPgError(error) && error.statement < 0 ? undefined : this.#explain(error, identity)),
        this.#options.limits,
      );
    if (this.#isKeyed(request, true))
      return this.#once(request, identity, (asked, { many }) =>
        many((transaction) => perform(asked, transaction)),
      );
    const rollback = this.#options.rollback === true || this.#isTrial(request.headers);
    const bytes = withBody(request, await request.body());
    const maxBytes = this.#options.limits?.batchAnswer ?? MOST_ANSWERED;
    try {
      return await engine.transact(
        { identity, signal: request.signal },
        (transaction) => perform(bytes, transaction),
        { rollback, maxBytes },
      );
    } catch (error) {
      if (!isTooLong(error)) throw error;
      return refuse('ASH305', { details: `The answers of its steps may have ${maxBytes} bytes together.` });
    }
  }

  /** Whoever asks by If-None-Match, and caches, which ask so later, want to know the answer again. */
  #tags(plan: Plan, unless: ReadConditions | undefined): boolean {
    if (this.#options.native !== true || plan.verb !== 'read') return false;
    return unless?.noneMatch !== undefined || plan.cache !== undefined;
  }

  #step(
    request: HttpRequest,
    identity: Identity,
    execute: Engine['execute'],
    references: References,
  ): Promise<HttpResponse> {
    const { prefix, schemas } = this.#options;
    const target = fillPlace(parsePath(request.path.slice(prefix.length), true), references);
    const action = parseAction(target, request.method);
    if (target.kind === 'root' || action.verb === 'describe' || action.verb === 'info')
      return refuse('ASH301', { details: 'A step reads or writes a table or a row, or calls a function.' });
    const profile = parseProfile(request.method, request.headers, schemas);
    // Before its body is read: values are not filled in for a table that is not there.
    if (target.kind !== 'routine') {
      const contract = this.#options.engine.contractFor(identity.role);
      const name = { schema: profile.schema, name: target.name };
      if (findResource(contract, name) === undefined) return refuseUnknownResource(contract, name);
    }
    const asked = { ...action, verb: action.verb };
    const perform = performBy(execute);
    return this.#run(request, identity, target, asked, profile, startTiming(false), perform, references);
  }

  #target(target: Place): Place {
    const { rootRoutine, describe } = this.#options;
    if (target.kind !== 'root') return target;
    if (describe === undefined && rootRoutine === undefined) return refuse('PGRST126');
    return rootRoutine === undefined ? target : { kind: 'routine', name: rootRoutine };
  }

  async #describe(
    request: HttpRequest,
    contract: Contract,
    { schema, negotiated }: { readonly schema: string; readonly negotiated: boolean },
    identity: Identity,
    action: Action,
  ): Promise<HttpResponse> {
    const accept = parseAccept(request.headers.accept);
    if (!accept.some((type) => DESCRIPTION_TYPES.has(printMediaType(type))))
      return refuse('PGRST107', {
        message: `None of these media types are available: ${accept.map(printMediaType).join(', ')}`,
      });
    const description = await this.#options.describe?.(contract, schema, identity);
    const response = jsonResponse(
      200,
      JSON.stringify(description),
      negotiated ? [['Content-Profile', schema]] : [],
      'application/openapi+json; charset=utf-8',
    );
    if (!action.headersOnly) return response;
    return {
      ...response,
      headers: response.headers.filter(([name]) => name !== 'Content-Length'),
      body: undefined,
    };
  }

  #info(request: HttpRequest, contract: Contract, target: Place, schema: string): HttpResponse {
    if (target.kind === 'root') return rootInfo();
    if (target.kind !== 'routine') {
      const name = { schema, name: target.name };
      const relation = findResource(contract, name) ?? refuseUnknownResource(contract, name);
      if (target.kind === 'related') return relatedInfo();
      return target.kind === 'item' ? itemInfo(relation) : relationInfo(relation);
    }
    const { ask } = this.#ask(request, target, { verb: 'call-safe', headersOnly: true }, schema);
    const found = findCallable(contract, this.#options.plan, ask);
    if (!found.ok) throw new Refusal(found.problem);
    return routineInfo(found.value);
  }

  /** Everything of a request but its body. */
  #ask(
    request: HttpRequest,
    place: Place,
    action: { readonly verb: Ask['verb']; readonly headersOnly: boolean },
    schema: string,
    references?: References,
  ): AskedHead {
    const { headers } = request;
    const native = this.#options.native === true;
    const parse = (query: string): AskedRead =>
      this.#parse(query, request, place, action, schema, references);
    // The values of a key are in the path, and what refers to an answer has no value yet.
    const asked =
      action.verb === 'read' && place.kind === 'collection' && references === undefined
        ? this.#knownReads.read(readHead(request, schema), request.query, parse)
        : parse(request.query);
    const heeded = place.kind === 'item' || (native && action.verb === 'read');
    const unless = heeded ? readConditions(headers) : undefined;
    if (native && !heeded && action.verb !== 'call-safe') judgeWriteOfMany(readConditions(headers));
    if (place.kind !== 'item' || action.verb === 'read') return { ...asked, unless };
    return { ...asked, ask: { ...asked.ask, conditions: writeConditions(unless) }, unless };
  }

  /** What a request asks by its query string and the headers that `readHead` has. */
  #parse(
    queryString: string,
    { method, headers }: HttpRequest,
    place: Place,
    action: { readonly verb: Ask['verb']; readonly headersOnly: boolean },
    schema: string,
    references: References | undefined,
  ): AskedRead {
    const parsed = parseQuery(queryString, {
      routine: action.verb === 'call-safe',
      strict: this.#options.native === true,
    });
    if (!parsed.ok) throw new Refusal(parsed.problem);
    const query = references === undefined ? parsed.value : fillQuery(parsed.value, references);
    const page = readPage(query, method === 'GET' ? headers.range : undefined, this.#options.maxRows);
    if (action.verb === 'replace' && (page.asked.offset !== 0 || page.asked.limit !== undefined))
      refuse('PGRST114');
    const { target, query: placed } = placeTarget(place, query);
    const ask: Ask = {
      verb: action.verb,
      headersOnly: action.headersOnly,
      schema,
      target,
      query: placed,
      preferences: parsePreferences(headers.prefer, { allowTxOverride: this.#options.txOverride }),
      accept: parseAccept(headers.accept),
      contentType: typeOf(headers),
      payload: undefined,
      page: page.served,
    };
    return { ask, page };
  }

  async #readBody(request: HttpRequest, target: Place, asked: Ask): Promise<ReadBody> {
    const { limits } = this.#options;
    const { verb, contentType, query } = asked;
    const printed = printMediaType(contentType);
    const named = query.columns !== undefined;
    const bytes = await request.body(limits && maxBody(limits, contentType));
    if (target.kind === 'item' && verb === 'update')
      return readPatch(contentType, printed, bytes, named, limits);
    return (
      readLongCsv(contentType, bytes, () => request.signal) ??
      readBody(verb, contentType, printed, bytes, named, limits)
    );
  }

  #run(
    request: HttpRequest,
    identity: Identity,
    target: Place,
    action: { readonly verb: Ask['verb']; readonly headersOnly: boolean },
    profile: { readonly schema: string; readonly negotiated: boolean },
    timing: Timing,
    perform: Perform,
    references?: References,
  ): Promise<HttpResponse> {
    const read = this.#ask(request, target, action, profile.schema, references);
    const run = (body: ReadBody): Promise<HttpResponse> =>
      this.#perform(request, identity, target, profile, timing, perform, references, read, body);
    // Most requests are reads, which wait for nothing here.
    return takesBody(read.ask.verb) ? this.#readBody(request, target, read.ask).then(run) : run(NO_BODY);
  }

  #perform(
    request: HttpRequest,
    identity: Identity,
    target: Place,
    profile: { readonly schema: string; readonly negotiated: boolean },
    timing: Timing,
    perform: Perform,
    references: References | undefined,
    read: AskedHead,
    body: ReadBody,
  ): Promise<HttpResponse> {
    const { prefix } = this.#options;
    const { ask: asked, page, unless } = read;
    const ask = body.payload === undefined ? asked : { ...asked, payload: body.payload };
    const { headers } = request;
    timing.mark('parse');
    const circumstances: Circumstances = {
      identity,
      method: request.method,
      path: references?.isIn(request.path) ? `${prefix}${printPlace(target)}` : request.path,
      headers: () => printHeaders(headers),
      cookies: () => printCookies(headers.cookie),
      body: body.value,
      form: body.form,
      signal: request.signal,
    };
    return perform(ask, circumstances, ({ plan, answer }) => {
      timing.mark('transaction');
      // The query has marks in the place of values.
      const refers = references?.isIn(request.query) === true;
      const about: Asked = {
        ask,
        page,
        location: `${prefix}${printPlace(target)}`,
        canonicalQuery:
          plan.verb === 'read' && !refers ? (read.canonicalQuery ?? canonicalQuery(request.query)) : '',
        negotiated: profile.negotiated,
        isVoid: plan.call?.isVoid === true,
        items:
          target.kind === 'related' && plan.write !== undefined
            ? `${prefix}/${encodeSegment(plan.write.relation.name)}`
            : undefined,
        tagged: this.#tags(plan, unless),
        unless,
      };
      try {
        const response = respond(about, plan, answer, `${this.#options.agent}v${this.#options.version}`);
        return this.#sayCaching(response, identity, plan);
      } catch (error) {
        discardAnswer(answer);
        throw error;
      }
    });
  }
}

/** Of a header that is not there; none has it in it. */
const ABSENT = '\u0000';

/** All that a read of a table depends on beside its query string and its conditions. */
const readHead = ({ method, path, headers }: HttpRequest, schema: string): string => {
  const { accept = ABSENT, prefer = ABSENT, range = ABSENT, 'content-type': type = ABSENT } = headers;
  return `${method} ${path}\n${schema}\n${accept}\n${prefer}\n${range}\n${type}`;
};

/** What a body is, as its sender says. */
const typeOf = ({ 'content-type': type = 'application/json' }: RequestHeaders): MediaType =>
  parseMediaType(type);

const performBy =
  (execute: Engine['execute']): Perform =>
  async (ask, circumstances, respond) =>
    respond(await execute(ask, circumstances));

const isVary = ([name]: Header): boolean => name.length === VARY[0].length && name.toLowerCase() === 'vary';

const finish = (response: HttpResponse, timing: Timing, role: string): HttpResponse => {
  timing.mark('response');
  const timed = timing.header();
  const more = timed === undefined ? [] : [timed];
  if (!response.headers.some(isVary)) more.push(VARY);
  return { ...response, headers: response.headers.concat(more), role };
};

/** Makes the API's handler. */
export const createRest = (options: RestOptions): Rest => new PostgrestDialect(options);
