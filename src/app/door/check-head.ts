import type { IncomingMessage } from 'node:http';
import { type Problem, problem } from '../../base/index.ts';
import type { ServerLimits } from './limits.ts';
import { type RequestTarget, readTarget } from './target.ts';

/** Whether a server answers to a name, which is a host with or without a port: `localhost:4000`. */
export type AnswersTo = (authority: string) => boolean;

/** Letters of a host and a port (RFC 3986, section 3.2.2), and no user in front of them. */
const authorityForm = /^[A-Za-z0-9\-._~!$&'()*+,;=%:[\]]*$/;

const HOST_HINT =
  'A request over HTTP/1.1 has exactly one header Host, with the name and port that it is sent to.';

/** What to do about an address that is too long. */
export const SHORTER =
  'Ask for fewer keys at once, or call a function by POST, whose arguments are in the body.';

/** The header `Host`; `many` if there are several. Node keeps the first and is silent about the others. */
const findHost = (raw: readonly string[]): string | 'many' | undefined => {
  let host: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue;
    if (host !== undefined) return 'many';
    host = raw[i + 1] as string;
  }
  return host;
};

/** What a request is about, and why it is not to be served, if so. */
export type Head = RequestTarget & { readonly problem?: Problem };

const refused = (reason: Problem): Head => ({ path: '', query: '', authority: undefined, problem: reason });

/**
 * Checks what the parser lets through: size, number of headers, target and host.
 *
 * Source: RFC 9112, sections 3.2 and 3.2.2; RFC 6585, section 5
 */
export const checkHead = (
  message: IncomingMessage,
  limits: ServerLimits,
  answersTo: AnswersTo | undefined,
): Head => {
  const { method = 'GET', url = '/', rawHeaders } = message;
  if (url.length > limits.target)
    return refused(
      problem('ASH414', {
        details: `It has ${url.length} bytes; the limit is ${limits.target}.`,
        hint: SHORTER,
      }),
    );
  if (rawHeaders.length > 2 * limits.headers)
    return refused(
      problem('ASH431', {
        details: `There are ${rawHeaders.length / 2} headers; the limit is ${limits.headers}.`,
      }),
    );
  const found = findHost(rawHeaders);
  if (found === 'many' && limits.oneHost)
    return refused(problem('ASH400', { message: 'There are several headers Host', hint: HOST_HINT }));
  const host = found === 'many' ? message.headers.host : found;
  if (host === undefined && message.httpVersion === '1.1')
    return refused(problem('ASH400', { message: 'The header Host is missing', hint: HOST_HINT }));
  if (host !== undefined && !authorityForm.test(host))
    return refused(
      problem('ASH400', { message: 'The header Host is not the name of a host', hint: HOST_HINT }),
    );
  const target = readTarget(method, url);
  if (target === undefined)
    return refused(
      problem('ASH400', {
        message: 'The target of the request is neither a path nor an address',
        hint: 'Ask for a path that begins with a slash, or an address that begins with http:// or https:// and has no user in it.',
      }),
    );
  // An address holds in place of the header, which is to be ignored then.
  if (target.authority !== undefined) message.headers.host = target.authority;
  const authority = target.authority ?? host;
  if (answersTo !== undefined && authority !== undefined && !answersTo(authority))
    return refused(
      problem('ASH421', {
        message: `This server does not answer to the name ${authority}`,
        hint: 'Ask it as localhost or by its address, or list the name in allowedHosts (--allowed-hosts).',
      }),
    );
  return target;
};
