import { type HttpRequest, type HttpResponse, jsonResponse, type Route } from '../../http/index.ts';

/** Whether requests can be answered, and if not, what is in the way. */
export type Readiness = {
  readonly schema: 'read' | 'unread';
  readonly database: 'reachable' | 'unreachable';
  /** The server stops, and wants no more requests. */
  readonly stopping: boolean;
};

const noStore = [['Cache-Control', 'no-store']] as const;

/** The answer to HEAD is that to GET without the body. */
const answer = ({ method }: HttpRequest, response: HttpResponse): HttpResponse =>
  method === 'HEAD' ? { ...response, body: undefined } : response;

const readyResponse = ({ schema, database, stopping }: Readiness): HttpResponse => {
  const ready = schema === 'read' && database === 'reachable' && !stopping;
  const status = stopping ? 'stopping' : ready ? 'ready' : 'unready';
  return jsonResponse(
    ready ? 200 : 503,
    JSON.stringify({ status, schema, database }),
    ready ? noStore : [...noStore, ['Retry-After', '1']],
  );
};

/**
 * What those ask who watch over the server: `/health/live` (it runs; else restart it) and `/health/ready` (it can
 * answer; else send requests elsewhere), 200 or 503, with the reason as JSON.
 *
 * @param otherwise answers everything else below `/health`
 */
export const makeHealthRoute = (
  readiness: () => Promise<Readiness>,
  otherwise: () => HttpResponse,
): Route => ({
  prefix: '/health',
  vital: true,
  handle: async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return otherwise();
    switch (request.path) {
      case '/health/live':
        return answer(request, jsonResponse(200, '{"status":"live"}', noStore));
      case '/health/ready':
        return answer(request, readyResponse(await readiness()));
      default:
        return otherwise();
    }
  },
});
