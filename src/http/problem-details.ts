import { errorRegister, type Problem } from '../base/index.ts';
import { type HttpRequest, type HttpResponse, jsonResponse } from './message.ts';

const TYPE = 'application/problem+json';

/** Whether a client names the type itself: one that takes anything gets what all get. */
const asksForDetails = (accept: string | undefined): boolean =>
  accept !== undefined &&
  /(?:^|,)\s*application\/problem\+json\s*(?:;(?!\s*q=0(?:\.0*)?\s*(?:,|$))|,|$)/i.test(accept);

/** Where a code is explained: Postgres' own have one section. */
const anchorOf = (code: string): string => (Object.hasOwn(errorRegister, code) ? code : 'postgres');

const titleOf = ({ code, message }: Problem): string =>
  Object.hasOwn(errorRegister, code) ? errorRegister[code as keyof typeof errorRegister].message : message;

/**
 * An error in the form of RFC 9457, for those who ask for it by Accept; any other answer as it is.
 *
 * @param docs the page of errors
 * @example detailProblem(response, request, '/docs/errors')
 * // {"type":"/docs/errors#PGRST205","title":"Could not find the table in the schema cache","status":404,…}
 */
export const detailProblem = (
  response: HttpResponse,
  request: Pick<HttpRequest, 'headers' | 'id'>,
  docs: string,
): HttpResponse => {
  const { problem } = response;
  if (problem === undefined || !asksForDetails(request.headers.accept)) return response;
  const shown = JSON.parse(Buffer.isBuffer(response.body) ? response.body.toString() : '{}') as object;
  const details = {
    type: `${docs}#${anchorOf(problem.code)}`,
    title: titleOf(problem),
    status: response.status,
    detail: problem.message,
    ...(request.id === undefined ? {} : { instance: `urn:ashlar:request:${encodeURIComponent(request.id)}` }),
    ...shown,
  };
  const other = response.headers.filter(([name]) => !/^content-(?:type|length)$/i.test(name));
  return {
    ...jsonResponse(response.status, JSON.stringify(details), other, TYPE),
    ...(response.statusText === undefined ? {} : { statusText: response.statusText }),
    problem,
    ...(response.role === undefined ? {} : { role: response.role }),
  };
};
