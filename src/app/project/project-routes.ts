import { problem } from '../../base/index.ts';
import type { Engine } from '../../engine/index.ts';
import { type HttpRequest, type HttpResponse, problemResponse, type Route } from '../../http/index.ts';
import type { Site } from '../../site/index.ts';
import { docsResponse } from '../docs/docs-page.ts';
import { errorsResponse } from '../docs/errors-page.ts';
import { makeHealthRoute, type Readiness } from './health.ts';

/** What the server calls itself. */
export const agent = 'ashlar';

/** The path that the REST API is served below. */
export const restPrefix = '/rest/v1';

/** The page of errors, which every server has: answers lead there. */
export const errorsPath = '/docs/errors';

/** The documentation of an API: of which roles, and with which key for those who try it. */
export type DocsOptions = {
  /** The last may do most. */
  readonly roles: readonly [string, ...string[]];
  /** Undefined: the server cannot make one. */
  readonly anonKey: string | undefined;
};

export type ProjectRoutesOptions = {
  readonly title: string;
  readonly engine: Engine;
  readonly schema: string;
  /** Where the server answers; known when it listens. */
  readonly url: () => string;
  readonly readiness: () => Promise<Readiness>;
  /** Undefined: there is no documentation. */
  readonly docs: DocsOptions | undefined;
  /** The project's own pages. */
  readonly site: Site;
};

const isRead = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';

const toDocs: HttpResponse = {
  status: 307,
  headers: [
    ['Location', '/docs'],
    ['Content-Length', '0'],
  ],
  body: undefined,
};

/** What a project's server has beside the API: its health, its documentation, and its own pages. */
export const makeProjectRoutes = (options: ProjectRoutesOptions): readonly Route[] => {
  const { title, schema, docs, engine } = options;
  const notFound = (): HttpResponse =>
    problemResponse(
      problem('PGRST125', {
        message: 'There is nothing at this path',
        hint: `The REST API is at ${restPrefix}/${docs === undefined ? '' : ', its documentation at /docs'}.`,
      }),
      agent,
    );
  const health = makeHealthRoute(options.readiness, notFound);
  const home = (request: HttpRequest): HttpResponse =>
    docs !== undefined && isRead(request) && request.path === '/' ? toDocs : notFound();
  const root: Route = {
    prefix: '',
    sameOrigin: true,
    handle: async (request) => (await options.site.answer(request)) ?? home(request),
  };
  const errors: Route = {
    prefix: errorsPath,
    sameOrigin: true,
    handle: async (request) => {
      if (!isRead(request) || request.path !== errorsPath) return notFound();
      const response = errorsResponse();
      return request.method === 'HEAD' ? { ...response, body: undefined } : response;
    },
  };
  if (docs === undefined) return [errors, health, root];

  const page: Route = {
    prefix: '/docs',
    sameOrigin: true,
    handle: async (request) => {
      if (!isRead(request) || (request.path !== '/docs' && request.path !== '/docs/')) return notFound();
      const [first, ...others] = docs.roles;
      const response = docsResponse({
        title,
        rest: `${options.url()}${restPrefix}`,
        anonKey: docs.anonKey ?? '…',
        schema,
        contracts: [engine.contractFor(first), ...others.map(engine.contractFor)],
      });
      return request.method === 'HEAD' ? { ...response, body: undefined } : response;
    },
  };
  return [errors, page, health, root];
};
