import { type Problem, problemBody, type Verbosity } from '../base/index.ts';
import { type Header, type HttpResponse, jsonResponse } from './message.ts';

/** What clients are asked to wait, in seconds, when the service is down for a moment. */
const RETRY_AFTER: Header = ['Retry-After', '1'];

const namesRetry = ([name]: Header): boolean => /^retry-after$/i.test(name);

/**
 * The answer that tells a problem. `Proxy-Status` names the error for those who log along the way
 * (RFC 9209). With 503 it says when to come again (RFC 9110, section 10.2.3).
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
    ...(reason.status === 503 && !reason.headers?.some(namesRetry) ? [RETRY_AFTER] : []),
  ]),
  statusText: reason.statusText,
  problem: reason,
});
