import type { Dialect } from './contender.ts';
import type { WireRequest } from './load.ts';
import type { Asking, Workload } from './workloads.ts';

/** A request's bytes. */
export const printRequest = ({ path, body, headers = '' }: Asking, token: string | undefined): WireRequest =>
  Buffer.from(
    [
      `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
      'Accept: application/json',
      ...(body === undefined
        ? []
        : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
      `${headers}\r\n${body ?? ''}`,
    ].join('\r\n'),
  );

/**
 * A workload's requests in the words of a dialect: 10,000 rows by 1,000 users, in an order without pattern.
 * Undefined: the dialect does not take part.
 */
export const makeRequests = (
  { ask, signedIn, hot, different = 10_000 }: Workload,
  dialect: Dialect,
  tokens: readonly string[],
): readonly WireRequest[] | undefined => {
  const asking = ask[dialect];
  if (asking === undefined) return undefined;
  return Array.from({ length: hot === true ? 1 : different }, (_, i) => {
    const id = 1 + (((hot === true ? 4711 : i) * 7919) % 99_000);
    // Rows that nobody but their owner sees are asked for by their owner; nobody asks for the others.
    const seen = signedIn || id % 10 !== 0 ? id : id + 1;
    const user = seen % 10 === 0 ? seen % 1000 : (i * 31) % 1000;
    return printRequest(asking(seen, user), signedIn ? tokens[user] : undefined);
  });
};

/** Asks for them in turn, from anywhere. */
export const inTurn = (requests: readonly WireRequest[]): (() => WireRequest) => {
  let at = Math.floor(Math.random() * requests.length);
  return () => requests[at++ % requests.length] as WireRequest;
};
