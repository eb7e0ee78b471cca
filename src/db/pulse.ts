import type { Observe } from '../base/index.ts';
import type { ConnectOptions } from './connect-options.ts';
import { Connection } from './connection.ts';
import { ConnectionError } from './connection-error.ts';
import { Exchange } from './exchange.ts';
import type { Outcome, Statement } from './statement.ts';

export type PulseOptions = {
  readonly connect: ConnectOptions;
  /** So long an answer may be due before the server is asked about it. */
  readonly silenceMs: number;
  readonly connections: () => readonly Connection[];
  readonly observe: Observe;
};

/** What was found of a connection while it is silent. */
type Suspicion = {
  /** When the answer had been due for so long. */
  readonly since: number;
  /** How often in a row the server did not know of work for it, or could not be reached. */
  misses: number;
  /** Not asked again before (`performance.now()`). */
  askAt: number;
  pauseMs: number;
};

/** What the server says of the sessions that it was asked about. */
type Finding =
  /** Those at work; the others are gone, or wait for us. */
  | { readonly kind: 'known'; readonly working: ReadonlySet<number> }
  /** Nothing comes back, on new connections neither. */
  | { readonly kind: 'unreachable' }
  /** Someone answers, but cannot tell: a pooler, or a server that takes no more connections. */
  | { readonly kind: 'unknown' };

const everyMs = 500;
/** A server that has too much to do may take its time to log us in; that does not make it dead. */
const answerMs = 5_000;
const longestPauseMs = 30_000;
/** One finding may have crossed with the answer. */
const enoughMisses = 2;

/**
 * Finds connections that are dead without having been closed: a cable that was cut, a server that was taken away, a
 * firewall that has forgotten. On such a connection an answer would be waited for as long as the kernel retries, which
 * is a quarter of an hour, or for ever. No answer by itself means little, as a statement may take its time; so the
 * server is asked, on a new connection, whether it is at work for ours. Where it is not, twice, and nothing has come
 * meanwhile, the connection is given up.
 */
export class Pulse {
  readonly #options: PulseOptions;
  readonly #suspicions = new Map<Connection, Suspicion>();
  readonly #timer: NodeJS.Timeout;
  #asking = false;

  constructor(options: PulseOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), Math.min(everyMs, options.silenceMs));
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#asking) return;
    const now = performance.now();
    const due: Connection[] = [];
    const silent = new Set<Connection>();
    for (const connection of this.#options.connections()) {
      const since = connection.silentSince;
      if (since === undefined || now - since < this.#options.silenceMs) continue;
      silent.add(connection);
      if (this.#suspect(connection, since).askAt <= now) due.push(connection);
    }
    for (const connection of this.#suspicions.keys())
      if (!silent.has(connection)) this.#suspicions.delete(connection);
    if (due.length > 0) void this.#ask(due);
  }

  /** What is suspected since then; anew, if it was heard of in between. */
  #suspect(connection: Connection, since: number): Suspicion {
    const known = this.#suspicions.get(connection);
    if (known?.since === since) return known;
    const suspicion = { since, misses: 0, askAt: 0, pauseMs: this.#options.silenceMs };
    this.#suspicions.set(connection, suspicion);
    return suspicion;
  }

  async #ask(due: readonly Connection[]): Promise<void> {
    this.#asking = true;
    try {
      const finding = await findWorking(
        this.#options.connect,
        due.map(({ processId }) => processId),
      );
      for (const connection of due) this.#judge(connection, finding);
    } finally {
      this.#asking = false;
    }
  }

  #judge(connection: Connection, finding: Finding): void {
    const suspicion = this.#suspicions.get(connection);
    if (suspicion === undefined || connection.silentSince !== suspicion.since) return;
    const isAlive =
      finding.kind === 'known' ? finding.working.has(connection.processId) : this.#hasHeard(suspicion.since);
    if (finding.kind === 'unknown' || isAlive) {
      suspicion.misses = 0;
      suspicion.askAt = performance.now() + suspicion.pauseMs;
      suspicion.pauseMs = Math.min(longestPauseMs, 2 * suspicion.pauseMs);
      return;
    }
    if (++suspicion.misses < enoughMisses) return;
    this.#suspicions.delete(connection);
    const seconds = Math.round((performance.now() - suspicion.since) / 100) / 10;
    const why =
      finding.kind === 'known'
        ? 'the server is not at work for it'
        : 'the server does not answer on new connections either';
    const message = `no answer came for ${seconds} s, and ${why}`;
    this.#options.observe({
      level: 'warn',
      name: 'db.connection-dead',
      message: `A connection to the database is given up: ${message}.`,
    });
    connection.destroy(new Error(message));
    this.#dropIdle(suspicion.since);
  }

  /** Whether anything came from the server since then, on any connection. */
  #hasHeard(since: number): boolean {
    return this.#options.connections().some(({ heardAt }) => heardAt > since);
  }

  /** What idles and was not heard of since then has most likely died of the same; nobody shall find that out. */
  #dropIdle(since: number): void {
    for (const connection of [...this.#options.connections()])
      if (connection.load === 0 && !connection.exclusive && connection.heardAt < since)
        connection.destroy(new Error('it was idle when another was found dead'));
  }
}

/** A session that waits for its client (to send, or to take) is not at work; one whose state is not kept may be. */
const workingText = `select pid from pg_stat_activity where pid = any ($1::int[])
  and (state is null or state = 'disabled'
    or (state = 'active' and coalesce(wait_event, '') not in ('ClientRead', 'ClientWrite')))`;

const plain = (text: string, ...params: readonly string[]): Statement => ({ text, key: undefined, params });

const findWorking = async (connect: ConnectOptions, pids: readonly number[]): Promise<Finding> => {
  let connection: Connection | undefined;
  try {
    connection = await Connection.open(
      connect,
      { maxPrepared: 0, connectTimeoutMs: answerMs },
      { onReady: () => {}, onClose: () => {}, onNotice: () => {}, onNotification: () => {} },
    );
    connection.ref(false);
    const [own, working] = await askWithin(connection, answerMs, [
      plain('select pg_backend_pid()'),
      plain(workingText, `{${pids.join(',')}}`),
    ]);
    // Behind a pooler the numbers are not those of the server's processes.
    if (Number(own?.rows[0]?.[0]) !== connection.processId) return { kind: 'unknown' };
    return { kind: 'known', working: new Set(working?.rows.map(([pid]) => Number(pid))) };
  } catch (error) {
    return { kind: isSilence(error) ? 'unreachable' : 'unknown' };
  } finally {
    void connection?.end();
  }
};

const silence = new ConnectionError('lost', 'No answer came.');

const askWithin = (
  connection: Connection,
  timeoutMs: number,
  statements: readonly Statement[],
): Promise<readonly Outcome[]> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(silence);
      connection.destroy();
    }, timeoutMs);
    const settle =
      <T>(tell: (value: T) => void) =>
      (value: T): void => {
        clearTimeout(timer);
        tell(value);
      };
    const known = statements.map(() => undefined);
    connection.assign(new Exchange(statements, known, {}, settle(resolve), settle(reject)));
  });

/** Whether nothing came back, not even a refusal. */
const isSilence = (error: unknown): boolean => {
  if (error === silence) return true;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined) return ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'].includes(code);
  // What pg says when the login takes longer than it may.
  return message === 'timeout expired' || message === 'Connection terminated due to connection timeout';
};
