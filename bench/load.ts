import { connect, type Socket } from 'node:net';

/** One request as it goes over the wire, ready made. */
export type WireRequest = Buffer;

/** What a slice of load came to. */
export type LoadResult = {
  readonly requests: number;
  readonly seconds: number;
  /** Responses whose status was not 2xx. */
  readonly failures: number;
  /** The first of them, to show. */
  readonly failure: string | undefined;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
};

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = Buffer.from('ontent-');
const CHUNKED = Buffer.from('ransfer-');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');

/** Length of the body by its head: Content-Length, whatever the case of its letters; undefined: it is chunked. */
const readLength = (head: Buffer): number | undefined => {
  let at = head.indexOf(LENGTH);
  while (at >= 0) {
    const line = head.toString('latin1', at, head.indexOf(13, at)).toLowerCase();
    if (line.startsWith('ontent-length:')) return Number(line.slice(14));
    at = head.indexOf(LENGTH, at + 1);
  }
  // 204 and 304 have none.
  return head.includes(CHUNKED) ? undefined : 0;
};

/** Whether all of an answer is there. */
const isWhole = (data: Buffer): boolean => {
  const head = data.indexOf(HEAD_END);
  if (head < 0) return false;
  const length = readLength(data.subarray(0, head + 4));
  if (length !== undefined) return data.length >= head + 4 + length;
  return data.subarray(data.length - LAST_CHUNK.length).equals(LAST_CHUNK);
};

const percentile = (sorted: Float64Array, part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

export type Load = {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Requests begun each second, whatever becomes of them; undefined: as many as go. */
  readonly rate?: number | undefined;
  /** The next request; called once for each. */
  readonly next: () => WireRequest;
};

/**
 * Asks for a while over HTTP/1.1 with keep-alive, one request at a time on each connection. The client is as thin
 * as can be, as it shares the machine with what it measures. With a rate, a request that finds no connection free
 * waits, and the waiting is part of its time.
 */
export const runLoad = async ({ port, connections, seconds, rate, next }: Load): Promise<LoadResult> => {
  const times: number[] = [];
  let failures = 0;
  let failure: string | undefined;
  let end = Number.POSITIVE_INFINITY;
  /** Since when the requests wait that found no connection free. */
  const waiting: number[] = [];
  const free: ((since: number) => void)[] = [];

  const drive = (socket: Socket, ready: () => void): Promise<void> =>
    new Promise((resolve, reject) => {
      let pending: Buffer | undefined;
      let sent = 0;
      const send = (since: number): void => {
        sent = since;
        socket.write(next());
      };
      const goOn = (now: number): void => {
        if (now >= end) {
          socket.destroy();
          resolve();
        } else if (rate === undefined) send(now);
        else if (waiting.length > 0) send(waiting.shift() as number);
        else free.push(send);
      };
      socket.on('data', (chunk: Buffer) => {
        const data = pending === undefined ? chunk : Buffer.concat([pending, chunk]);
        if (!isWhole(data)) {
          pending = data;
          return;
        }
        pending = undefined;
        if (data[9] !== 0x32) {
          failures++;
          failure ??= data.toString('utf8', 0, 600);
        }
        const now = performance.now();
        times.push(now - sent);
        goOn(now);
      });
      socket.on('error', reject);
      socket.on('close', resolve);
      socket.on('connect', () => {
        ready();
        if (rate === undefined) send(performance.now());
        else free.push(send);
      });
    });

  const sockets: Socket[] = [];
  let started = performance.now();
  await new Promise<void>((resolve, reject) => {
    let connected = 0;
    const drives = Array.from({ length: connections }, () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      sockets.push(socket);
      return drive(socket, () => {
        if (++connected < connections) return;
        started = performance.now();
        end = started + seconds * 1000;
        if (rate !== undefined) keepRate(rate, started, end, waiting, free);
        // Connections that are free at the end are told of it by nobody else.
        if (rate !== undefined)
          setTimeout(
            () => {
              for (const one of sockets) one.destroy();
            },
            seconds * 1000 + 500,
          );
      });
    });
    Promise.all(drives).then(() => resolve(), reject);
  });
  const sorted = Float64Array.from(times).sort();
  return {
    requests: times.length,
    seconds: rate === undefined ? (performance.now() - started) / 1000 : seconds,
    failures,
    failure,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
  };
};

/** Begins requests at a rate, each when it is due as far as the clock's ticks allow. */
const keepRate = (
  rate: number,
  started: number,
  end: number,
  waiting: number[],
  free: ((since: number) => void)[],
): void => {
  let begun = 0;
  const tick = (): void => {
    const now = performance.now();
    if (now >= end) return;
    for (const due = ((now - started) / 1000) * rate; begun < due; begun++) {
      const send = free.shift();
      if (send === undefined) waiting.push(now);
      else send(now);
    }
    setTimeout(tick, 1);
  };
  tick();
};
