import { problem } from '../../base/index.ts';
import type { Engine } from '../../engine/index.ts';
import {
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  problemResponse,
  type Route,
} from '../../http/index.ts';
import { docsResponse } from '../docs/docs-page.ts';

/** What the server calls itself. */
export const agent = 'ashlar';

/** The path that the REST API is served below. */
export const restPrefix = '/rest/v1';

/** The roles whose API the documentation shows; the last may do most. */
export const documentedRoles = ['anon', 'authenticated', 'service_role'] as const;

export type DevRoutesOptions = {
  readonly title: string;
  readonly engine: Engine;
  readonly anonKey: string;
  readonly schema: string;
  /** Where the server answers; known when it listens. */
  readonly url: () => string;
  /** Whether requests can be answered. */
  readonly ready: () => boolean;
};

const notFound = (): HttpResponse =>
  problemResponse(
    problem('PGRST125', {
      message: 'There is nothing at this path',
      hint: `The REST API is at ${restPrefix}/, its documentation at /docs.`,
    }),
    agent,
  );

const isRead = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';

/** The answer to HEAD is that to GET without the body. */
const answer = (request: HttpRequest, response: HttpResponse): HttpResponse =>
  request.method === 'HEAD' ? { ...response, body: undefined } : response;

/** What a development server has beside the API: the documentation, its own health, and the way to both. */
export const makeDevRoutes = (options: DevRoutesOptions): readonly Route[] => {
  const docs: Route = {
    prefix: '/docs',
    sameOrigin: true,
    handle: async (request) => {
      if (!isRead(request) || (request.path !== '/docs' && request.path !== '/docs/')) return notFound();
      if (!options.ready()) return problemResponse(problem('PGRST002'), agent);
      const [first, ...others] = documentedRoles.map(options.engine.contractFor);
      if (first === undefined) return notFound();
      const { title, anonKey, schema } = options;
      const rest = `${options.url()}${restPrefix}`;
      return answer(request, docsResponse({ title, rest, anonKey, schema, contracts: [first, ...others] }));
    },
  };
  const health: Route = {
    prefix: '/health',
    handle: async (request) => {
      const noStore = [['Cache-Control', 'no-store']] as const;
      if (!isRead(request)) return notFound();
      if (request.path === '/health/live')
        return answer(request, jsonResponse(200, '{"status":"live"}', noStore));
      if (request.path !== '/health/ready') return notFound();
      return answer(
        request,
        options.ready()
          ? jsonResponse(200, '{"status":"ready"}', noStore)
          : jsonResponse(503, '{"status":"starting"}', noStore),
      );
    },
  };
  const root: Route = {
    prefix: '',
    sameOrigin: true,
    handle: async (request) =>
      isRead(request) && request.path === '/'
        ? {
            status: 307,
            headers: [
              ['Location', '/docs'],
              ['Content-Length', '0'],
            ],
            body: undefined,
          }
        : notFound(),
  };
  return [docs, health, root];
};
