import { isPgError, type PgError, type Session, type SessionRow } from '../db/index.ts';
import { quoteIdent, quoteLiteral } from '../sql/index.ts';

/** Somebody in whose name something is tried. */
export type Caller = {
  /** What a person calls them: `alice`. */
  readonly name: string;
  readonly role: string;
  readonly claims: { readonly [name: string]: unknown };
};

/** What came of a trial: its rows, or why Postgres refused it. */
export type Tried =
  | { readonly ok: true; readonly rows: readonly SessionRow[] }
  | { readonly ok: false; readonly error: PgError };

/**
 * A transaction in which things are tried and undone. Each trial is a savepoint that is rolled back, so that
 * nothing of one is seen by the next; closing it rolls everything back.
 */
export class Stage {
  readonly #session: Session;
  readonly #searchPath: string;
  /** What ends the step before; it goes with the next, so that a step is one round trip. */
  #ending = '';

  constructor(session: Session, searchPath: readonly string[]) {
    this.#session = session;
    this.#searchPath = searchPath.map(quoteIdent).join(', ');
  }

  /** Begins the transaction. */
  async open(): Promise<void> {
    // Constraints are checked at once, so that a refusal is seen where it happens.
    await this.#session.query(
      `begin; set local statement_timeout = '20s'; set local lock_timeout = '5s'; set local search_path = ''; savepoint stage`,
    );
  }

  async close(): Promise<void> {
    await this.#session.query('rollback');
  }

  /**
   * Runs SQL in the name of the session's own login, to stay until the stage is closed. Defaults and triggers
   * find there what they find when a request comes.
   */
  run(text: string): Promise<Tried> {
    return this.#step(
      'step',
      [`set local search_path = ${this.#searchPath}`, text],
      `set local search_path = ''; release savepoint step`,
    );
  }

  /** Asks in the name of the session's own login. */
  async query(text: string): Promise<readonly SessionRow[]> {
    const ending = this.#ending;
    this.#ending = '';
    return this.#session.query(`${ending}${text}`);
  }

  /**
   * Tries SQL as somebody, and undoes it.
   *
   * @param before run first, in the name of the session's own login
   * @param after run last, in the name of the session's own login; its rows are what is given
   */
  async try(
    caller: Caller,
    text: string,
    { before = '', after = '' }: { readonly before?: string; readonly after?: string } = {},
  ): Promise<Tried> {
    const steps = [
      ...(before === '' ? [] : [before]),
      this.#settings(caller),
      text,
      ...(after === '' ? [] : ["set local search_path = ''; reset role", after]),
    ];
    return this.#step('trial', steps, 'rollback to savepoint trial; release savepoint trial');
  }

  /** Runs statements behind a savepoint. What fails is undone; what does not ends as it is told to. */
  async #step(savepoint: string, steps: readonly string[], ending: string): Promise<Tried> {
    const text = `${this.#ending}savepoint ${savepoint};\n${steps.join(';\n')}`;
    try {
      const rows = await this.#session.query(text);
      this.#ending = `${ending};\n`;
      return { ok: true, rows };
    } catch (error) {
      if (!isPgError(error)) throw error;
      this.#ending = `rollback to savepoint ${savepoint}; release savepoint ${savepoint};\n`;
      return { ok: false, error };
    }
  }

  /** What a request of this caller would set. */
  #settings({ role, claims }: Caller): string {
    const subject = typeof claims.sub === 'string' ? claims.sub : '';
    const settings: readonly (readonly [name: string, value: string])[] = [
      ['search_path', this.#searchPath],
      ['request.jwt.claims', JSON.stringify({ ...claims, role })],
      ['request.jwt.claim.sub', subject],
      ['request.method', 'GET'],
      ['request.path', '/'],
      ['request.headers', '{}'],
      ['request.cookies', '{}'],
      ['role', role],
    ];
    return `select ${settings.map(([name, value]) => `set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, true)`).join(', ')}`;
  }
}
