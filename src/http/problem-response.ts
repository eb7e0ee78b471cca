import { type Problem, problemBody, type Verbosity } from '../base/index.ts';
import { type HttpResponse, jsonResponse } from './message.ts';

/**
 * The answer that tells a problem. `Proxy-Status` names the error for those who log along the way
 * (RFC 9209).
 *
 * @param agent who says so, in `Proxy-Status`
 */
export const problemResponse = (
  reason: Problem,
  agent: string,
  verbosity: Verbosity = 'verbose',
): HttpResponse => ({
  ...jsonResponse(reason.status, problemBody(reason, verbosity), [
    ['Proxy-Status', `${agent}; error=${reason.code}`],
    ...(reason.headers ?? []),
  ]),
  statusText: reason.statusText,
});
