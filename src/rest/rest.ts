import {
  type Identity,
  type Json,
  type Problem,
  problem,
  Refusal,
  refuse,
  type Verbosity,
} from '../base/index.ts';
import { type Contract, findResource } from '../contract/index.ts';
import { type Circumstances, discardAnswer, type Engine, problemOf } from '../engine/index.ts';
import {
  type Header,
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  parseCookies,
  problemResponse,
  type RequestHeaders,
} from '../http/index.ts';
import { findCallable, type PlanSettings, refuseUnknownResource } from '../plan/index.ts';
import {
  type Ask,
  parseAccept,
  parseMediaType,
  parsePreferences,
  parseQuery,
  printMediaType,
  readParameters,
  type Target,
} from '../request/index.ts';
import { relationInfo, rootInfo, routineInfo } from './info.ts';
import { readPage } from './page.ts';
import { NO_BODY, readBody, takesBody } from './payload.ts';
import { type Action, parseAction, parsePath, parseProfile } from './resource.ts';
import { type Asked, respond } from './respond.ts';
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
  readonly serverTiming: boolean;
  /** How much clients are told of errors. Default: verbose. */
  readonly verbosity?: Verbosity;
  /** The server's name in `Proxy-Status` and, with its version, `Warning`. */
  readonly agent: string;
  readonly version: string;
  /** Told of errors that are ours, and not shown to the client. */
  readonly onInternalError: (error: unknown) => void;
};

export type Rest = { readonly handle: (request: HttpRequest) => Promise<HttpResponse> };

const VARY: Header = ['Vary', 'Accept, Prefer, Range'];

/** What came as a character for each byte is UTF-8; `JSON.stringify` leaves such characters as they are. */
const decodeFields = (json: string): string =>
  /[\x80-\xff]/.test(json) ? Buffer.from(json, 'latin1').toString('utf8') : json;

/** Headers without cookies, as `request.headers` shows them. */
const printHeaders = (headers: RequestHeaders): string => {
  const { cookie: _, ...others } = headers;
  return decodeFields(JSON.stringify(others));
};

const printCookies = (header: string | undefined): string =>
  header === undefined ? '{}' : decodeFields(JSON.stringify(Object.fromEntries(parseCookies(header))));

const encodeParameter = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The query string with its parameters sorted by name, each encoded in one way. */
const canonicalQuery = (query: string): string =>
  query === ''
    ? ''
    : readParameters(query)
        .map(({ name, value }) => [name, value ?? ''] as const)
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
        .map(([name, value]) => `${encodeParameter(name)}=${encodeParameter(value)}`)
        .join('&');

/** The types of which a description of the API is an instance. */
const DESCRIPTION_TYPES: ReadonlySet<string> = new Set([
  'application/openapi+json',
  'application/json',
  '*/*',
]);

class PostgrestDialect implements Rest {
  readonly #options: RestOptions;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  handle = async (request: HttpRequest): Promise<HttpResponse> => {
    let anonymous = true;
    try {
      const timing = startTiming(this.#options.serverTiming);
      const known = this.#options.identify(request.headers);
      const identity = known instanceof Promise ? await known : known;
      anonymous = identity.role === this.#options.anonymousRole;
      timing.mark('jwt');
      return finish(await this.#answer(request, identity, timing), timing);
    } catch (error) {
      return this.#refuse(error, anonymous, request.signal);
    }
  };

  #refuse(error: unknown, anonymous: boolean, signal: AbortSignal): HttpResponse {
    let reason: Problem | undefined = problemOf(error, anonymous);
    if (reason === undefined) {
      // What is given up because the client has left is nobody's error, and nobody hears the answer.
      if (error !== signal.reason) this.#options.onInternalError(error);
      reason = problem('PGRSTX00');
    }
    return problemResponse(reason, this.#options.agent, this.#options.verbosity);
  }

  async #answer(request: HttpRequest, identity: Identity, timing: Timing): Promise<HttpResponse> {
    const { schemas, prefix } = this.#options;
    const path = request.path.slice(prefix.length);
    const contract = this.#options.engine.contractFor(identity.role);
    const target = this.#target(parsePath(path));
    const profile = parseProfile(request.method, request.headers, schemas);
    const action = parseAction(target, request.method);
    if (action.verb === 'describe') return this.#describe(request, contract, profile, identity, action);
    if (action.verb === 'info') return this.#info(request, contract, target, profile.schema);
    return this.#run(request, identity, target, { ...action, verb: action.verb }, profile, timing);
  }

  #target(target: Target): Target {
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

  #info(request: HttpRequest, contract: Contract, target: Target, schema: string): HttpResponse {
    if (target.kind === 'root') return rootInfo();
    if (target.kind === 'collection') {
      const name = { schema, name: target.name };
      return relationInfo(findResource(contract, name) ?? refuseUnknownResource(contract, name));
    }
    const { ask } = this.#ask(request, target, { verb: 'call-safe', headersOnly: true }, schema);
    const found = findCallable(contract, this.#options.plan, ask);
    if (!found.ok) throw new Refusal(found.problem);
    return routineInfo(found.value);
  }

  /** Everything of a request but its body. */
  #ask(
    request: HttpRequest,
    target: Target,
    action: { readonly verb: Ask['verb']; readonly headersOnly: boolean },
    schema: string,
  ) {
    const { headers } = request;
    const query = parseQuery(request.query, { routine: action.verb === 'call-safe' });
    if (!query.ok) throw new Refusal(query.problem);
    const page = readPage(
      query.value,
      request.method === 'GET' ? headers.range : undefined,
      this.#options.maxRows,
    );
    if (action.verb === 'replace' && (page.asked.offset !== 0 || page.asked.limit !== undefined))
      refuse('PGRST114');
    const type = headers['content-type'];
    const ask: Ask = {
      verb: action.verb,
      headersOnly: action.headersOnly,
      schema,
      target,
      query: query.value,
      preferences: parsePreferences(headers.prefer, { allowTxOverride: this.#options.txOverride }),
      accept: parseAccept(headers.accept),
      contentType: parseMediaType(type === undefined ? 'application/json' : type),
      payload: undefined,
      page: page.served,
    };
    return { ask, page };
  }

  async #run(
    request: HttpRequest,
    identity: Identity,
    target: Target,
    action: { readonly verb: Ask['verb']; readonly headersOnly: boolean },
    profile: { readonly schema: string; readonly negotiated: boolean },
    timing: Timing,
  ): Promise<HttpResponse> {
    const { engine, prefix } = this.#options;
    const { ask: asked, page } = this.#ask(request, target, action, profile.schema);
    const printed = printMediaType(asked.contentType);
    const body = takesBody(asked.verb)
      ? readBody(
          asked.verb,
          asked.contentType,
          printed,
          await request.body(),
          asked.query.columns !== undefined,
        )
      : NO_BODY;
    const ask = body.payload === undefined ? asked : { ...asked, payload: body.payload };
    const { headers } = request;
    timing.mark('parse');
    const circumstances: Circumstances = {
      identity,
      method: request.method,
      path: request.path,
      headers: printHeaders(headers),
      cookies: printCookies(headers.cookie),
      body: body.value,
      form: body.form,
      signal: request.signal,
    };
    const { plan, answer } = await engine.execute(ask, circumstances);
    timing.mark('transaction');
    const name = target.kind === 'root' ? '' : target.name;
    const about: Asked = {
      ask,
      page,
      location: `${prefix}/${encodeURI(name)}`,
      canonicalQuery: plan.verb === 'read' ? canonicalQuery(request.query) : '',
      negotiated: profile.negotiated,
      isVoid: plan.call?.isVoid === true,
    };
    try {
      return respond(about, plan, answer, `${this.#options.agent}v${this.#options.version}`);
    } catch (error) {
      discardAnswer(answer);
      throw error;
    }
  }
}

const finish = (response: HttpResponse, timing: Timing): HttpResponse => {
  timing.mark('response');
  const timed = timing.header();
  const varies = response.headers.some(([name]) => name.toLowerCase() === 'vary');
  return {
    ...response,
    headers: [...response.headers, ...(timed === undefined ? [] : [timed]), ...(varies ? [] : [VARY])],
  };
};

/** Makes the API's handler. */
export const createRest = (options: RestOptions): Rest => new PostgrestDialect(options);
