import { type CancelSignal, type Problem, problem } from '../../base/index.ts';
import type { Param, Pool } from '../../db/index.ts';
import type { Engine } from '../../engine/index.ts';
import {
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  problemResponse,
  type Route,
} from '../../http/index.ts';
import type { Api } from '../api.ts';
import { agent, restPrefix } from '../project/project-routes.ts';
import { findGuards, type Guards } from './find-guards.ts';
import { type Seen, spyOn } from './spy-on-engine.ts';

/** What is told of a request. */
export type Explained = {
  readonly role: string;
  readonly statements: readonly { readonly text: string; readonly params: readonly (string | null)[] }[];
} & Guards;

export type ExplainRouteOptions = {
  readonly pool: Pool;
  /** The API, but with another engine in it. */
  readonly openApi: (wrapEngine: (engine: Engine) => Engine) => Api;
};

/** The request that is to be explained, as its body describes it. */
type Described = {
  readonly method: string;
  readonly target: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
};

const isText = (value: unknown): value is string => typeof value === 'string';

const readDescribed = (text: string): Described | Problem => {
  const refuse = (details: string): Problem =>
    problem('PGRST102', {
      message: 'This does not describe a request',
      details,
      hint: `Send {"method": "GET", "target": "${restPrefix}/posts?limit=3", "headers": {}, "body": ""}; all but "target" may be left out.`,
    });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return refuse('The body is not JSON.');
  }
  if (typeof given !== 'object' || given === null) return refuse('The body is not an object.');
  const { method = 'GET', target, headers = {}, body = '' } = given as { readonly [name: string]: unknown };
  if (!isText(method) || !isText(target) || !isText(body)) return refuse('A text is missing.');
  if (!target.startsWith(`${restPrefix}/`)) return refuse(`The target does not begin with ${restPrefix}/.`);
  if (typeof headers !== 'object' || headers === null || !Object.values(headers).every(isText))
    return refuse('The headers are not an object of texts.');
  const lower = Object.entries(headers as Described['headers']).map(([name, value]) => [
    name.toLowerCase(),
    value,
  ]);
  return { method, target, headers: Object.fromEntries(lower), body };
};

const toRequest = ({ method, target, headers, body }: Described, signal: CancelSignal): HttpRequest => {
  const mark = target.indexOf('?');
  return {
    method,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers,
    body: async () => Buffer.from(body),
    signal,
  };
};

const printParam = (param: Param): string | null =>
  param === null || typeof param === 'string' ? param : Buffer.from(param).toString();

/**
 * Explains a request without running it: the SQL that it becomes, and the policies that stand between it and the
 * rows. Who asks is told by the described request's own token, so nobody learns of more than they may do. For
 * development only.
 */
export const makeExplainRoute = ({ pool, openApi }: ExplainRouteOptions): Route => ({
  prefix: '/dev/explain',
  sameOrigin: true,
  handle: async (request): Promise<HttpResponse> => {
    if (request.path !== '/dev/explain') return problemResponse(problem('PGRST125'), agent);
    if (request.method !== 'POST')
      return problemResponse(problem('PGRST117', { headers: [['Allow', 'POST']] }), agent);
    const described = readDescribed((await request.body()).toString());
    if ('code' in described) return problemResponse(described, agent);
    let seen: Seen | undefined;
    const api = openApi((engine) =>
      spyOn(engine, {
        request: (one) => {
          seen ??= one;
        },
      }),
    );
    const answer = await api.route.handle(toRequest(described, request.signal));
    if (seen === undefined)
      return answer.status >= 400
        ? answer
        : problemResponse(
            problem('PGRST125', { message: 'This request reaches no table or function' }),
            agent,
          );
    const { explanation, identity } = seen;
    const explained: Explained = {
      role: identity.role,
      statements: explanation.statements.map(({ text, params }) => ({
        text,
        params: params.map(printParam),
      })),
      ...(await findGuards(pool, explanation.plan, identity.role)),
    };
    return jsonResponse(200, JSON.stringify(explained), [['Cache-Control', 'no-store']]);
  },
});
