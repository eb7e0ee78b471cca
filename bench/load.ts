import { connect, type Socket } from 'node:net';

/** One request as it goes over the wire, ready made. */
export type WireRequest = Buffer;

/** What a slice of load came to. */
export type LoadResult = {
  readonly requests: number;
  readonly seconds: number;
  /** Responses whose status was not 2xx. */
  readonly failures: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
};

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = Buffer.from('ontent-');

/** Length of the body by its head: Content-Length, whatever the case of its letters. */
const readLength = (head: Buffer): number => {
  let at = head.indexOf(LENGTH);
  while (at >= 0) {
    const line = head.toString('latin1', at, head.indexOf(13, at)).toLowerCase();
    if (line.startsWith('ontent-length:')) return Number(line.slice(14));
    at = head.indexOf(LENGTH, at + 1);
  }
  // 204 and 304 have none.
  return 0;
};

const percentile = (sorted: Float64Array, part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

/**
 * Keeps `connections` requests in flight for a while, each connection one at a time, over HTTP/1.1 with
 * keep-alive. The client is as thin as can be, as it shares the machine with what it measures.
 *
 * @param next the next request; called once for each
 */
export const runLoad = async (
  port: number,
  connections: number,
  seconds: number,
  next: () => WireRequest,
): Promise<LoadResult> => {
  const end = performance.now() + seconds * 1000;
  const started = performance.now();
  const times: number[] = [];
  let failures = 0;

  const drive = (socket: Socket): Promise<void> =>
    new Promise((resolve, reject) => {
      let pending: Buffer | undefined;
      let sent = performance.now();
      const send = (): void => {
        sent = performance.now();
        socket.write(next());
      };
      socket.on('data', (chunk: Buffer) => {
        const data = pending === undefined ? chunk : Buffer.concat([pending, chunk]);
        const head = data.indexOf(HEAD_END);
        if (head < 0 || data.length < head + 4 + readLength(data.subarray(0, head + 4))) {
          pending = data;
          return;
        }
        pending = undefined;
        if (data[9] !== 0x32) failures++;
        const now = performance.now();
        times.push(now - sent);
        if (now < end) send();
        else {
          socket.destroy();
          resolve();
        }
      });
      socket.on('error', reject);
      socket.on('connect', send);
    });

  await Promise.all(
    Array.from({ length: connections }, () => drive(connect({ port, host: '127.0.0.1', noDelay: true }))),
  );
  const sorted = Float64Array.from(times).sort();
  return {
    requests: times.length,
    seconds: (performance.now() - started) / 1000,
    failures,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
};
